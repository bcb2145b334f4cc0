"""Readings that come many at once: what tells something is decided on at once, the rest in the car's own turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.core.car_view import FRESH_FOR
from charging.core.facts import PowerDelivery, Reading
from charging.models import Due, Vehicle, VehicleView
from charging.models.vehicles import GatewayName
from charging.operations import evaluation
from charging.operations.pushed_readings import SILENT_AFTER, Taken, completed, named, push_batch
from charging.operations.telemetry import record_reading
from tests.factories import NOW, make_due, make_parked_car

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=9)
AS_BEFORE = Reading(
    event_id="",
    observed_at=NOW,
    soc_percent=38.0,
    charge_limit_percent=80.0,
    is_plugged_in=True,
    is_charging=False,
    is_fully_charged=False,
    power_delivery=PowerDelivery.STOPPED,
)


@pytest.fixture
def car() -> Vehicle:
    vehicle = make_parked_car()
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway=GatewayName.PUSH)
    vehicle.refresh_from_db()
    make_due(vehicle=vehicle, own_at=LATER, due_at=LATER, next_poll_at=LATER)
    return vehicle


def push(car: Vehicle, reading: Reading) -> list[Taken]:
    return push_batch(vehicle=car, readings=[named(completed(reading), "")], now=NOW)


def test_a_car_that_stands_as_it_stood_waits_for_its_turn(car: Vehicle) -> None:
    assert push(car, AS_BEFORE) == [Taken.ACCEPTED]

    assert Due.objects.get().due_at == LATER
    assert VehicleView.objects.get().observed_at == NOW


@pytest.mark.parametrize(
    "reading",
    [
        pytest.param(replace(AS_BEFORE, soc_percent=37.0), id="another level"),
        pytest.param(replace(AS_BEFORE, charge_limit_percent=70.0), id="another limit"),
        pytest.param(
            replace(AS_BEFORE, is_plugged_in=False, power_delivery=PowerDelivery.UNPLUGGED), id="the cable is out"
        ),
        pytest.param(
            replace(AS_BEFORE, is_charging=True, power_delivery=PowerDelivery.CHARGING, charging_power_kw=11.0),
            id="it charges",
        ),
        pytest.param(replace(AS_BEFORE, is_fully_charged=True), id="it is full"),
        pytest.param(replace(AS_BEFORE, latitude=60.0, longitude=10.0), id="it is elsewhere"),
    ],
)
def test_what_a_decision_may_hang_on_is_looked_at_at_once(car: Vehicle, reading: Reading) -> None:
    assert push(car, reading) == [Taken.ACCEPTED]

    assert Due.objects.get().due_at == NOW


@pytest.mark.parametrize(("silence", "due_at"), [(SILENT_AFTER, LATER), (SILENT_AFTER + timedelta(seconds=1), NOW)])
def test_so_is_a_car_that_was_silent(car: Vehicle, silence: timedelta, due_at: object) -> None:
    VehicleView.objects.update(observed_at=NOW - silence)

    push(car, AS_BEFORE)

    assert Due.objects.get().due_at == due_at


CHARGING = {"is_charging": True, "power_delivery": PowerDelivery.CHARGING}
CHARGES = replace(AS_BEFORE, charging_power_kw=11.0, **CHARGING)  # type: ignore[arg-type]
OF_BEFORE = NOW - timedelta(hours=1)


@pytest.mark.parametrize(("counted", "due_at"), [(1, NOW), (3, NOW), (4, LATER), (5, LATER)])
def test_each_reading_of_charging_is_one_until_they_tell_no_more(car: Vehicle, counted: int, due_at: object) -> None:
    values = {"observed_power_kw": 11.0, "charging_readings_in_a_row": counted}
    VehicleView.objects.update(**CHARGING, **values)

    push(car, CHARGES)

    assert VehicleView.objects.get().charging_readings_in_a_row == counted + 1
    assert Due.objects.get().due_at == due_at


@pytest.mark.parametrize(("seen_at", "due_at"), [(OF_BEFORE, NOW), (NOW - timedelta(minutes=1), LATER)])
def test_so_is_the_first_level_of_this_plug_in(car: Vehicle, seen_at: datetime, due_at: object) -> None:
    VehicleView.objects.update(soc_observed_at=seen_at, plugged_in_at=NOW - timedelta(minutes=5))

    push(car, AS_BEFORE)

    assert Due.objects.get().due_at == due_at


@pytest.mark.parametrize(("seen_at", "due_at"), [(OF_BEFORE, NOW), (NOW - timedelta(minutes=1), LATER)])
def test_so_is_the_first_position_of_this_plug_in(car: Vehicle, seen_at: datetime, due_at: object) -> None:
    VehicleView.objects.update(position_observed_at=seen_at, plugged_in_at=NOW - timedelta(minutes=5))
    view = VehicleView.objects.get()

    push(car, replace(AS_BEFORE, latitude=view.latitude, longitude=view.longitude))

    assert Due.objects.get().due_at == due_at


@pytest.mark.parametrize(("too_old", "due_at"), [(timedelta(), LATER), (timedelta(seconds=1), NOW)])
def test_so_is_one_whose_readings_were_too_old_for_the_last_decision(
    car: Vehicle, too_old: timedelta, due_at: object
) -> None:
    seen_at = NOW - timedelta(minutes=3)
    VehicleView.objects.update(observed_at=seen_at)
    Vehicle.objects.update(evaluated_at=seen_at + FRESH_FOR + too_old)

    push(car, AS_BEFORE)

    assert Due.objects.get().due_at == due_at


def test_the_car_is_taken_before_its_view_so_that_no_evaluation_is_under_way(car: Vehicle) -> None:
    with CaptureQueriesContext(connection) as queries:
        push(car, AS_BEFORE)

    first = next(query["sql"] for query in queries if "SELECT" in query["sql"])
    assert 'FROM "charging_vehicle" ' in first
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


def test_and_one_of_which_nothing_was_known(car: Vehicle) -> None:
    VehicleView.objects.all().delete()

    push(car, AS_BEFORE)

    assert Due.objects.get().due_at == NOW


def test_what_comes_twice_or_of_the_future_changes_no_turn(car: Vehicle) -> None:
    push(car, AS_BEFORE)
    ahead = replace(AS_BEFORE, observed_at=NOW + timedelta(hours=1), soc_percent=50.0)

    assert push(car, AS_BEFORE) == [Taken.DUPLICATE]
    assert push(car, ahead) == [Taken.SET_ASIDE]

    assert Due.objects.get().due_at == LATER


def test_a_car_that_tells_by_itself_is_not_asked_every_few_minutes(car: Vehicle) -> None:
    evaluation.evaluate(vehicle=car, now=LATER, trigger="timer")

    assert Due.objects.get().next_poll_at == LATER
    Due.objects.update(next_poll_at=LATER + timedelta(days=1))
    evaluation.evaluate(vehicle=car, now=LATER, trigger="timer")
    assert Due.objects.get().next_poll_at == LATER + timedelta(minutes=15)


@pytest.mark.parametrize("take", ["alone", "in a batch"])
def test_the_car_is_kept_from_others_before_what_is_known_of_it(car: Vehicle, take: str) -> None:
    """A poll and a line that tells by itself would wait for each other otherwise."""
    news = replace(AS_BEFORE, event_id="new", observed_at=NOW + timedelta(minutes=1), soc_percent=39.0)

    with CaptureQueriesContext(connection) as asked:
        if take == "alone":
            record_reading(vehicle=car, reading=news, now=LATER)
        else:
            push_batch(vehicle=car, readings=[news], now=LATER)

    tables = [query["sql"].partition(" FROM ")[2].partition(" ")[0] for query in asked if "SELECT" in query["sql"]]
    assert tables.index('"charging_vehicle"') < tables.index('"charging_vehicleview"')
