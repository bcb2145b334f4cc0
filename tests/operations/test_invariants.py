"""Stories of a night, each watched minute by minute against what must always hold (RELIABILITY 13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from charging.core.states import State
from charging.models import Activity, Location, StateEvent, VehicleView
from charging.operations import drivers, locations, overrides, policies, sending, simulation, sweep, telemetry, vehicles
from charging.operations.gateways import gateway_of
from charging.operations.simulation import plug_in, unplug
from charging.operations.vehicles import CarDetails
from tests.operations.invariants import Watch
from tests.operations.night import FAMILY_CAR, KRISTIANSAND, Night, make_night
from tests.operations.test_evaluation import DeafGateway

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def start(details: CarDetails = FAMILY_CAR, minimum: float = 0) -> tuple[Night, Watch]:
    """An enabled car at Home, looked at for the first half hour."""
    night = make_night(details=details)
    night.add_place()
    night.turn_on(minimum=minimum)
    watch = Watch(night.vehicle.pk)
    live(night, watch, HOUR / 2)
    return night, watch


def live(night: Night, watch: Watch, duration: timedelta, *others: Watch) -> None:
    night.let_pass(duration, look=lambda now: look_at_all(now, watch, *others))


def live_until_full(night: Night, watch: Watch) -> None:
    night.let_finish(look=watch.look)


def look_at_all(now: datetime, *watches: Watch) -> None:
    for watch in watches:
        watch.look(now)


def path(night: Night) -> list[str]:
    return list(StateEvent.objects.filter(vehicle=night.vehicle).order_by("seq").values_list("to_state", flat=True))


def assert_ready(night: Night, watch: Watch) -> None:
    assert watch.breaches == []
    assert night.soc_percent == pytest.approx(80.0)
    assert path(night)[-1] in {State.FINISHED, State.FULLY_CHARGED}


def test_a_clean_night() -> None:
    night, watch = start()

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert State.STOPPED in path(night)


def test_charge_now_and_back_to_smart() -> None:
    night, watch = start()
    overrides.charge_now(vehicle=night.vehicle, now=night.now)
    live(night, watch, HOUR)
    assert night.is_charging
    overrides.end_override(vehicle=night.vehicle, now=night.now)

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert State.STOPPED in path(night)[path(night).index(State.OVERRIDDEN) :]


def test_unplugged_and_plugged_in_again() -> None:
    night, watch = start()
    unplug(vehicle=night.vehicle, now=night.now)
    live(night, watch, HOUR / 2)
    plug_in(vehicle=night.vehicle, now=night.now)

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert night.vehicle.plans.count() == 2


def test_a_minimum_of_40_percent_comes_first() -> None:
    night, watch = start(replace(FAMILY_CAR, soc_percent=20.0), minimum=40)
    assert night.is_charging

    live_until_full(night, watch)

    assert_ready(night, watch)


def test_the_battery_falls_below_the_minimum_while_the_car_waits() -> None:
    night, watch = start(minimum=20)
    simulation.set_battery(vehicle=night.vehicle, soc_percent=5.0, now=night.now)
    live(night, watch, HOUR)
    assert night.is_charging

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert night.vehicle.plans.get().change_count < 5
    assert night.vehicle.evaluation_count < 400


def test_paused_for_an_hour() -> None:
    night, watch = start()
    policies.pause(vehicle=night.vehicle, now=night.now, until_at=night.now + HOUR)
    live(night, watch, HOUR - MINUTE)
    assert night.vehicle.state == State.DISABLED
    assert night.is_charging

    live_until_full(night, watch)

    assert_ready(night, watch)


def test_the_place_is_removed_while_the_car_waits() -> None:
    night, watch = start()
    locations.delete_location(location=Location.objects.get(), now=night.now)

    live(night, watch, 4 * HOUR)

    assert_ready(night, watch)
    assert night.commands() == ["STOP", "START"]


def test_three_hours_of_silence_release_the_car_and_the_state_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    night, watch = start()
    with monkeypatch.context() as outage:
        for module in (telemetry, sending):
            outage.setattr(module, "gateway_of", lambda vehicle: DeafGateway(answers=False))
        live(night, watch, 3 * HOUR)
        assert night.is_charging
        assert State.STARTING in path(night)
        assert Activity.objects.filter(code="lease_lost").exists()
        assert night.vehicle.state in {State.STARTING, State.START_FAILED}

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert State.OVERRIDDEN not in path(night)


def test_a_restart_in_the_middle_changes_nothing_of_the_night() -> None:
    quiet, _ = start()
    live(quiet, Watch(quiet.vehicle.pk), 11 * HOUR)
    expected = path(quiet)
    quiet.driver.delete()

    night, watch = start()
    live(night, watch, HOUR)
    assert sweep.reconcile(at_wall=night.now) == 1
    live_until_full(night, watch)

    assert_ready(night, watch)
    assert path(night) == expected


def test_two_hours_without_a_server_release_the_car_and_the_plan_goes_on() -> None:
    night, watch = start()
    night.now += 2 * HOUR
    assert night.is_charging
    sweep.reconcile(at_wall=night.now)

    live_until_full(night, watch)

    assert_ready(night, watch)
    assert State.OVERRIDDEN not in path(night)
    assert State.STOPPED in path(night)[path(night).index(State.STARTED) :]


def test_two_drivers_under_one_roof() -> None:
    night, watch = start()
    bob = drivers.create_driver(client=night.driver.client, external_id="bob", now=night.now)
    second = vehicles.add_simulated_car(driver=bob, details=FAMILY_CAR, now=night.now)
    locations.create_location(driver=bob, name="Home", now=night.now, **KRISTIANSAND)
    other = Watch(second.pk)
    live(night, watch, HOUR, other)
    unplug(vehicle=night.vehicle, now=night.now)

    live(night, watch, 4 * HOUR, other)

    assert watch.breaches == other.breaches == []
    assert State.UNPLUGGED in path(night)
    assert list(second.commands.all()) == []
    assert not StateEvent.objects.filter(vehicle=second).exists()


def test_an_old_reading_moves_nothing_back() -> None:
    night, watch = start()
    old = gateway_of(night.vehicle).read(now=night.now)
    assert old is not None
    live(night, watch, HOUR)
    before = VehicleView.objects.values().get()

    telemetry.record_reading(
        vehicle=night.vehicle, reading=replace(old, event_id="late", soc_percent=1.0), now=night.now
    )

    assert VehicleView.objects.values().get() == before
    live(night, watch, HOUR)
    assert watch.breaches == []
