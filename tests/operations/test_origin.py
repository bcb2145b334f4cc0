"""The steps this product was made for, one test each."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from charging.core.states import EXECUTING, State
from charging.models import Location, Plan, Vehicle
from charging.operations import locations, policies, simulation
from charging.operations.vehicles import CarDetails
from tests.operations.night import FAMILY_CAR, KRISTIANSAND, make_night

pytestmark = pytest.mark.django_db


def test_smart_charging_is_disabled_by_default_and_the_car_charges_when_plugged_in() -> None:
    night = make_night()
    night.add_place()

    night.let_pass(timedelta(hours=1))

    assert night.vehicle.state == State.DISABLED
    assert night.is_charging
    assert night.commands() == []


def test_a_valid_policy_leads_to_considering_and_there_is_no_plan_without_a_place() -> None:
    night = make_night()

    night.turn_on()
    night.let_pass(timedelta(minutes=30))

    assert night.vehicle.state == State.CONSIDERING
    assert night.vehicle.rule == "no_place"
    assert not Plan.objects.exists()


def test_a_place_leads_to_a_plan() -> None:
    night = make_night()
    night.turn_on()

    night.add_place()
    night.let_pass(timedelta(minutes=15))

    plan = Plan.objects.get()
    assert State(night.vehicle.state) in EXECUTING
    assert plan.windows.exists()
    assert plan.smart_cost is not None
    assert plan.smart_cost < plan.non_smart_cost


def test_a_planned_car_is_stopped_started_and_full_before_its_deadline() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()

    seen = night.let_pass(timedelta(hours=12))

    assert State.STOPPED in seen
    assert State.STARTED in seen[seen.index(State.STOPPED) :]
    assert seen[-1] == State.FINISHED
    assert night.soc_percent == pytest.approx(80.0)
    plan = Plan.objects.get()
    assert plan.ended_at is not None
    assert plan.ended_at <= plan.deadline_at
    assert plan.failure_condition == ""


def test_the_car_charges_in_the_planned_windows_and_waits_between_them() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    latency = timedelta(minutes=7)

    wrong = []
    while not (plan := Plan.objects.prefetch_related("windows").get()).ended_at:
        night.let_pass(timedelta(minutes=1))
        windows = list(plan.windows.all())
        is_inside = any(w.start + latency <= night.now < w.end for w in windows)
        is_outside = all(night.now < w.start or night.now >= w.end + latency for w in windows)
        if (is_inside and not night.is_charging and night.soc_percent < 80) or (is_outside and night.is_charging):
            wrong.append(night.now)

    assert wrong == []


def test_below_the_minimum_the_car_charges_at_once_whatever_the_price() -> None:
    details = CarDetails(**{name: getattr(FAMILY_CAR, name) for name in CarDetails.__slots__} | {"soc_percent": 12.0})
    night = make_night(details=details)
    night.add_place()

    night.turn_on(minimum=20)
    night.let_pass(timedelta(minutes=20))
    assert night.vehicle.state == State.CONSIDERING
    assert night.vehicle.rule == "below_minimum"
    assert night.is_charging
    seen = night.let_pass(timedelta(hours=1))

    assert State.STOPPED in seen
    assert night.soc_percent >= 20


def test_away_from_every_place_nothing_is_commanded() -> None:
    night = make_night()
    night.add_place()
    simulation.drive_away(vehicle=night.vehicle, now=night.now)
    simulation.plug_in(vehicle=night.vehicle, now=night.now)

    night.turn_on()
    night.let_pass(timedelta(hours=3))

    assert night.commands() == []
    assert night.is_charging
    assert night.vehicle.rule == "not_at_a_place"


def test_when_its_place_is_removed_a_held_car_is_released_and_nothing_else_is_commanded() -> None:
    night = make_night()
    place = night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    assert night.vehicle.state == State.STOPPED

    locations.delete_location(location=place, now=night.now)
    seen = night.let_pass(timedelta(minutes=30))

    assert night.commands() == ["STOP", "START"]
    assert night.is_charging
    assert seen[-1] == State.CONSIDERING
    assert Plan.objects.get().final_state == State.ENDED_DISABLED


def test_turning_off_releases_a_held_car() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))

    policies.set_policy(vehicle=night.vehicle, is_enabled=False, deadline=time(7, 0), now=night.now)
    night.let_pass(timedelta(minutes=10))

    assert night.vehicle.state == State.DISABLED
    assert night.is_charging
    assert night.vehicle.hold_until is None


def test_a_new_place_finds_its_time_zone_and_its_price_area() -> None:
    night = make_night()

    locations.create_location(driver=night.driver, name="Home", now=night.now, **KRISTIANSAND)

    location = Location.objects.get()
    assert location.price_area is not None
    assert location.price_area.code == "NO2"
    assert location.timezone_name == "Europe/Oslo"


def test_evaluating_twice_with_the_same_facts_writes_nothing_new() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    before = (Plan.objects.values().get(), night.vehicle.event_seq, night.commands())

    night.add_place(name="Work", latitude=59.91, longitude=10.75)
    night.vehicle = Vehicle.objects.get(pk=night.vehicle.pk)

    assert (Plan.objects.values().get(), night.vehicle.event_seq, night.commands()) == before


def test_at_a_place_without_prices_the_car_charges_and_the_state_says_that_there_are_none() -> None:
    night = make_night()
    night.turn_on()
    night.add_place(latitude=40.4168, longitude=-3.7038)

    night.let_pass(timedelta(minutes=30))

    assert night.vehicle.state == State.UNKNOWN
    assert night.is_charging
    assert night.commands() == []
