"""What drivers want: refused with every reason, obeyed at once."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from charging.adapters.vehicles.simulated_car import SimulatedCar
from charging.core.states import State
from charging.models import Activity, Location, Plan, Policy, Vehicle
from charging.models.activities import Actor
from charging.operations import drivers, policies, ready_by_tonight, telemetry, vehicles
from charging.operations.gateways import load_simulated_car
from charging.operations.issues import Refused
from charging.operations.policies import KEEP
from charging.operations.simulation import plug_in, put, unplug
from tests.operations.night import FAMILY_CAR, Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    return make_night()


def codes_of(night: Night, **values: object) -> list[str]:
    wanted: dict[str, object] = {"is_enabled": True, "deadline": time(7, 0), "minimum_charge_limit": 0}
    with pytest.raises(Refused) as refusal:
        policies.set_policy(vehicle=night.vehicle, now=night.now, **(wanted | values))  # type: ignore[arg-type]
    return sorted(issue.code for issue in refusal.value.issues)


@pytest.mark.parametrize("minimum", [-1, 101, math.nan, math.inf, -math.inf, True])
def test_a_minimum_outside_0_to_100_is_refused_and_nothing_is_stored(night: Night, minimum: float) -> None:
    assert "MINIMUM_INVALID" in codes_of(night, minimum_charge_limit=minimum, is_enabled=False)
    assert not Policy.objects.exists()


def test_a_minimum_above_the_cars_limit_is_refused_when_enabling_only(night: Night) -> None:
    assert codes_of(night, minimum_charge_limit=90) == ["MINIMUM_ABOVE_CHARGE_LIMIT"]

    policies.set_policy(
        vehicle=night.vehicle, is_enabled=False, deadline=time(7, 0), minimum_charge_limit=90, now=night.now
    )

    assert Policy.objects.get().minimum_charge_limit == 90


def test_enabling_needs_a_deadline_given_now_or_stored(night: Night) -> None:
    assert codes_of(night, deadline=None) == ["DEADLINE_MISSING"]
    assert codes_of(night, deadline=KEEP) == ["DEADLINE_MISSING"]

    policies.set_policy(vehicle=night.vehicle, is_enabled=False, deadline=time(6, 30), now=night.now)
    stored = policies.set_policy(vehicle=night.vehicle, is_enabled=True, now=night.now)

    assert stored.deadline == time(6, 30)
    assert stored.is_enabled


def test_every_broken_rule_is_named_not_just_the_first(night: Night) -> None:
    Vehicle.objects.update(is_capable=False, vendor="MERCEDES")
    night.vehicle.refresh_from_db()

    codes = codes_of(night, deadline=None, minimum_charge_limit=10)

    assert codes == ["CONTROL_NOT_AVAILABLE", "DEADLINE_MISSING", "MINIMUM_BELOW_VENDOR_FLOOR"]


def test_with_places_but_no_prices_enabling_is_refused(night: Night) -> None:
    night.add_place(latitude=40.4168, longitude=-3.7038)

    assert codes_of(night) == ["NO_PRICES"]


def test_a_car_that_another_user_has_enabled_is_refused(night: Night) -> None:
    Vehicle.objects.update(vin="WVWZZZE1ZMP000001")
    other = make_night_of_another_driver(night)
    Vehicle.objects.filter(pk=other.pk).update(vin="WVWZZZE1ZMP000001")
    other.refresh_from_db()
    policies.set_policy(vehicle=other, is_enabled=True, deadline=time(7, 0), now=night.now)
    night.vehicle.refresh_from_db()

    assert codes_of(night) == ["ENABLED_BY_ANOTHER_USER"]


def make_night_of_another_driver(night: Night) -> Vehicle:
    bob = drivers.create_driver(client=night.driver.client, external_id="bob", now=night.now)
    return vehicles.add_simulated_car(driver=bob, details=FAMILY_CAR, now=night.now)


def test_the_same_policy_again_changes_no_version(night: Night) -> None:
    night.turn_on()
    first = Policy.objects.get().version

    night.turn_on()
    assert Policy.objects.get().version == first
    night.turn_on(deadline=time(6, 0))

    assert Policy.objects.get().version == first + 1


def test_a_new_deadline_during_a_plan_ends_it_and_leads_to_a_new_one(night: Night) -> None:
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    before = Plan.objects.get()

    night.turn_on(deadline=time(6, 0))
    seen = night.let_pass(timedelta(minutes=10))

    before.refresh_from_db()
    after = Plan.objects.exclude(pk=before.pk).get()
    assert before.final_state == State.DEADLINE_CHANGED
    assert seen[-1] == State.STOPPED
    assert after.deadline_at == before.deadline_at - timedelta(hours=1)


def test_ready_by_tonight_counts_once(night: Night) -> None:
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))

    ready_by_tonight.set_ready_by_tonight(vehicle=night.vehicle, deadline=time(5, 0), now=night.now)
    night.let_pass(timedelta(minutes=10))

    assert Plan.objects.get(ended_at=None).deadline_at == datetime(2026, 1, 14, 4, 0, tzinfo=UTC)
    seen = night.let_pass(timedelta(hours=12))
    assert State.FINISHED in seen
    unplug(vehicle=night.vehicle, now=night.now)
    put(vehicle=night.vehicle, memory=emptied(night), now=night.now, trigger="test")
    plug_in(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=30))
    assert Plan.objects.get(ended_at=None).deadline_at == datetime(2026, 1, 15, 6, 0, tzinfo=UTC)


def emptied(night: Night) -> SimulatedCar:
    return replace(load_simulated_car(night.vehicle), soc_percent=40.0, at=night.now)


def test_taking_back_ready_by_tonight_returns_to_the_daily_deadline(night: Night) -> None:
    night.add_place()
    night.turn_on()
    ready_by_tonight.set_ready_by_tonight(vehicle=night.vehicle, deadline=time(5, 0), now=night.now)

    ready_by_tonight.set_ready_by_tonight(vehicle=night.vehicle, deadline=None, now=night.now)
    night.let_pass(timedelta(minutes=30))

    assert Plan.objects.get(ended_at=None).deadline_at == datetime(2026, 1, 14, 6, 0, tzinfo=UTC)


def test_a_pause_ends_at_its_instant(night: Night) -> None:
    night.add_place()
    night.turn_on()

    policies.pause(vehicle=night.vehicle, now=night.now, until_at=night.now + timedelta(hours=1))
    night.let_pass(timedelta(minutes=50))
    assert night.vehicle.state == State.DISABLED
    night.let_pass(timedelta(minutes=45))

    assert night.vehicle.state != State.DISABLED
    assert Activity.objects.filter(code="pause_over").count() == 1


def test_a_pause_until_the_next_plug_in_ends_there_and_not_before(night: Night) -> None:
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=5))
    policies.pause(vehicle=night.vehicle, now=night.now, until_plug_in=True)
    night.let_pass(timedelta(hours=2))
    assert night.vehicle.state == State.DISABLED

    unplug(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(minutes=20))
    plug_in(vehicle=night.vehicle, now=night.now)
    night.vehicle.refresh_from_db()

    assert night.vehicle.state != State.DISABLED


def test_a_pause_without_an_end_lasts_until_it_is_turned_on(night: Night) -> None:
    night.turn_on()
    policies.pause(vehicle=night.vehicle, now=night.now)
    night.let_pass(timedelta(hours=3), step=timedelta(minutes=10))
    assert night.vehicle.state == State.DISABLED

    night.turn_on()

    assert night.vehicle.state == State.CONSIDERING


def test_changes_stand_in_the_timeline_as_the_drivers_own(night: Night) -> None:
    night.turn_on()
    night.turn_on(deadline=time(6, 0), minimum=20)
    policies.set_policy(vehicle=night.vehicle, is_enabled=False, minimum_charge_limit=20, now=night.now)

    lines = Activity.objects.filter(actor="driver_here").order_by("pk").values_list("code", flat=True)

    assert list(lines) == ["turned_on", "deadline_changed", "minimum_changed", "turned_off"]


def test_enabling_without_a_place_is_allowed_and_its_price_check_waits(night: Night) -> None:
    night.turn_on()

    assert night.vehicle.state == State.CONSIDERING
    assert telemetry.poll(vehicle=night.vehicle, now=night.now + timedelta(minutes=1))
    assert not Location.objects.exists()


@pytest.mark.parametrize("until_plug_in", [False, True], ids=["until a time", "until the next plug-in"])
def test_turning_off_what_is_paused_keeps_it_off(night: Night, until_plug_in: bool) -> None:
    night.add_place()
    night.turn_on()
    until_at = None if until_plug_in else night.now + timedelta(minutes=30)
    policies.pause(vehicle=night.vehicle, now=night.now, until_at=until_at, until_plug_in=until_plug_in)

    policies.set_policy(vehicle=night.vehicle, is_enabled=False, now=night.now)
    unplug(vehicle=night.vehicle, now=night.now + timedelta(minutes=1))
    plug_in(vehicle=night.vehicle, now=night.now + timedelta(minutes=2))
    night.let_pass(timedelta(hours=1), step=timedelta(minutes=5))

    assert night.vehicle.state == State.DISABLED


def test_the_timeline_names_who_changed_the_policy(night: Night) -> None:
    night.turn_on()

    policies.set_policy(
        vehicle=night.vehicle,
        is_enabled=True,
        deadline=time(6, 0),
        minimum_charge_limit=40,
        now=night.now,
        actor=Actor.SUPPORT,
    )
    policies.pause(vehicle=night.vehicle, now=night.now, actor=Actor.SUPPORT)

    lines = Activity.objects.order_by("pk").values_list("code", "actor")
    assert list(lines) == [
        ("turned_on", "driver_here"),
        ("deadline_changed", "support"),
        ("minimum_changed", "support"),
        ("paused_by_driver", "support"),
    ]
