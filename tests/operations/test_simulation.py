"""What a driver does to a simulated car is seen and obeyed at once, even within one instant."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

import pytest

from charging.core.states import State
from charging.models import Activity, Due, Reading, VehicleView
from charging.operations import simulation
from charging.operations.gateways import load_simulated_car
from tests.operations.night import KRISTIANSAND, Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    """A car at Home, plugged in and charging; smart charging is off."""
    night = make_night()
    night.add_place()
    return night


def view_of(night: Night) -> VehicleView:
    return VehicleView.objects.get(vehicle=night.vehicle)


def test_a_car_that_stands_nowhere_arrives_at_the_first_place_plugged_in() -> None:
    night = make_night()

    place = night.add_place()

    view = view_of(night)
    assert (view.location, view.is_plugged_in, view.plugged_in_at) == (place, True, view.observed_at)
    assert Activity.objects.get(code="plugged_in").params["place"] == "Home"


def test_a_car_that_stands_somewhere_does_not_arrive_at_a_second_place(night: Night) -> None:
    before = load_simulated_car(night.vehicle)

    work = night.add_place(name="Work", latitude=59.91, longitude=10.75)

    assert load_simulated_car(night.vehicle) == before
    assert view_of(night).location != work


def test_the_cable_is_pulled_and_put_in_again(night: Night) -> None:
    simulation.unplug(vehicle=night.vehicle, now=night.now + timedelta(minutes=5))
    assert view_of(night).is_plugged_in is False
    assert view_of(night).is_charging is False

    simulation.plug_in(vehicle=night.vehicle, now=night.now + timedelta(minutes=10))

    view = view_of(night)
    assert (view.is_plugged_in, view.is_charging) == (True, True)
    assert view.plugged_in_at == night.now + timedelta(minutes=10)


def test_driving_away_unplugs_and_leaves_every_place(night: Night) -> None:
    simulation.drive_away(vehicle=night.vehicle, now=night.now + timedelta(minutes=5))

    view = view_of(night)
    assert (view.is_plugged_in, view.location) == (False, None)
    assert view.distance_m is not None
    assert view.distance_m > 10_000


def test_driving_home_parks_the_car_there_unplugged(night: Night) -> None:
    place = night.driver.locations.get()
    simulation.drive_away(vehicle=night.vehicle, now=night.now + timedelta(minutes=5))

    simulation.drive_home(vehicle=night.vehicle, location=place, now=night.now + timedelta(minutes=40))

    view = view_of(night)
    assert (view.location, view.is_plugged_in) == (place, False)
    assert (view.latitude, view.longitude) == (KRISTIANSAND["latitude"], KRISTIANSAND["longitude"])


@pytest.mark.parametrize("soc_percent", [0.0, 12.0, 100.0])
def test_the_battery_gets_another_level(soc_percent: float, night: Night) -> None:
    simulation.set_battery(vehicle=night.vehicle, soc_percent=soc_percent, now=night.now + timedelta(minutes=1))

    assert view_of(night).soc_percent == soc_percent
    assert load_simulated_car(night.vehicle).soc_percent == soc_percent


@pytest.mark.parametrize("soc_percent", [-0.1, 100.1, math.nan, math.inf])
def test_a_level_that_no_battery_has_is_refused_and_nothing_changes(soc_percent: float, night: Night) -> None:
    before, readings = load_simulated_car(night.vehicle), Reading.objects.count()

    with pytest.raises(ValueError, match="not between 0 and 100"):
        simulation.set_battery(vehicle=night.vehicle, soc_percent=soc_percent, now=night.now)

    assert load_simulated_car(night.vehicle) == before
    assert Reading.objects.count() == readings


def unplug_and_plug_in(night: Night) -> None:
    simulation.unplug(vehicle=night.vehicle, now=night.now)
    simulation.plug_in(vehicle=night.vehicle, now=night.now)


def plug_in_twice_and_unplug(night: Night) -> None:
    simulation.plug_in(vehicle=night.vehicle, now=night.now)
    simulation.plug_in(vehicle=night.vehicle, now=night.now)
    simulation.unplug(vehicle=night.vehicle, now=night.now)


def away_and_empty(night: Night) -> None:
    simulation.drive_away(vehicle=night.vehicle, now=night.now)
    simulation.set_battery(vehicle=night.vehicle, soc_percent=5, now=night.now)


@pytest.mark.parametrize(
    ("act", "is_plugged_in", "soc_percent"),
    [(unplug_and_plug_in, True, 38.0), (plug_in_twice_and_unplug, False, 38.0), (away_and_empty, False, 5.0)],
)
def test_of_actions_at_one_instant_the_last_counts(
    act: Callable[[Night], None], is_plugged_in: bool, soc_percent: float, night: Night
) -> None:
    act(night)

    view = view_of(night)
    assert (view.is_plugged_in, view.soc_percent) == (is_plugged_in, soc_percent)
    assert load_simulated_car(night.vehicle).is_plugged_in is is_plugged_in


def test_after_actions_at_one_instant_the_next_reading_is_taken_in(night: Night) -> None:
    unplug_and_plug_in(night)
    seen_at = view_of(night).observed_at

    night.let_pass(timedelta(minutes=10))

    view = view_of(night)
    assert seen_at is not None
    assert view.observed_at is not None
    assert view.observed_at > seen_at + timedelta(minutes=1)
    assert view.soc_percent is not None
    assert view.soc_percent > 38.0


def test_an_action_is_decided_upon_at_once_and_looked_at_again(night: Night) -> None:
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    assert night.vehicle.state == State.STOPPED

    simulation.unplug(vehicle=night.vehicle, now=night.now)

    night.vehicle.refresh_from_db()
    assert night.vehicle.state != State.STOPPED
    assert night.vehicle.state_events.order_by("-seq").first().trigger == "simulation"  # type: ignore[union-attr]
    assert Due.objects.get().own_at == night.now


def test_a_car_is_not_read_twice_for_doing_nothing(night: Night) -> None:
    readings = Reading.objects.count()

    simulation.plug_in(vehicle=night.vehicle, now=night.now)

    assert Reading.objects.count() == readings
