"""Readings of many cars at once: each counts as if it had been pushed by itself, and together they ask little."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from charging.core.facts import PowerDelivery
from charging.models import Activity, Client, Driver, Due, OutboxMessage, Reading, Vehicle, VehicleView, Webhook
from charging.models.vehicles import GatewayName
from charging.operations.clocks import own_now
from charging.operations.pushed_readings import Taken, completed, named, push_batch
from charging.operations.pushed_together import push_together
from tests.factories import NOW, make_due, make_parked_car
from tests.operations.test_pushed_readings import AS_BEFORE, LATER

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
UNPLUGGED = replace(AS_BEFORE, is_plugged_in=False, power_delivery=PowerDelivery.UNPLUGGED)
CHARGES = replace(AS_BEFORE, is_charging=True, power_delivery=PowerDelivery.CHARGING, charging_power_kw=11.0)


def make_car() -> Vehicle:
    vehicle = make_parked_car()
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway=GatewayName.PUSH)
    make_due(vehicle=vehicle, own_at=LATER, due_at=LATER, next_poll_at=LATER)
    return Vehicle.objects.select_related("driver").get(pk=vehicle.pk)


def what_is_known(vehicle: Vehicle) -> list[Any]:
    """Everything that readings leave of a car, but for what tells cars apart."""
    view = VehicleView.objects.get(vehicle=vehicle)
    due = Due.objects.get(vehicle=vehicle)
    rows = Reading.objects.filter(vehicle=vehicle).order_by("observed_at", "event_id")
    columns = [model_to_dict(row, exclude=["id", "vehicle"]) for row in rows]
    told = list(OutboxMessage.objects.filter(vehicle=vehicle).order_by("pk").values_list("event", "seq", "payload"))
    known = model_to_dict(view, exclude=["vehicle", "location"]) | {"is_somewhere": view.location_id is not None}
    lines = list(Activity.objects.filter(vehicle=vehicle).order_by("pk").values_list("code", "at"))
    return [known, due.own_at, due.due_at, columns, told, lines]


STORIES: dict[str, list[Any]] = {
    "nothing new": [AS_BEFORE],
    "another level": [replace(AS_BEFORE, soc_percent=37.0)],
    "another limit and level, in the wrong order": [
        replace(AS_BEFORE, soc_percent=36.0, charge_limit_percent=70.0),
        replace(AS_BEFORE, observed_at=NOW - timedelta(seconds=5), soc_percent=37.0),
    ],
    "twice the same": [AS_BEFORE, AS_BEFORE],
    "it left": [UNPLUGGED],
    "it charges": [replace(CHARGES, observed_at=NOW - timedelta(seconds=9)), CHARGES],
    "of the future": [replace(AS_BEFORE, observed_at=NOW + timedelta(hours=1), soc_percent=50.0)],
    "of long ago": [replace(AS_BEFORE, observed_at=NOW - timedelta(hours=2), soc_percent=20.0)],
    "it is elsewhere": [replace(AS_BEFORE, latitude=60.0, longitude=10.0, odometer_km=1234.5)],
}


@pytest.mark.parametrize("has_listener", [False, True])
def test_it_leaves_what_one_after_the_other_would(has_listener: bool) -> None:
    alone, together = [make_car() for _ in STORIES], [make_car() for _ in STORIES]
    if has_listener:
        for client in {car.driver.client for car in (*alone, *together)}:
            Webhook.objects.create(client=client, url="https://app.example/", created_at=NOW)
    stories = [[named(completed(reading), "") for reading in story] for story in STORIES.values()]

    answers = [
        push_batch(vehicle=car, readings=story, now=own_now(driver=car.driver, at_wall=NOW))
        for car, story in zip(alone, stories, strict=True)
    ]
    taken = push_together(told=dict(zip(together, stories, strict=True)), at_wall=NOW)

    assert [taken[car.pk] for car in together] == answers
    for name, one, other in zip(STORIES, alone, together, strict=True):
        assert what_is_known(other) == what_is_known(one), name


def test_what_is_stored_already_is_told_from_what_is_new() -> None:
    car = make_car()
    first, second = (
        named(completed(replace(AS_BEFORE, observed_at=NOW + timedelta(seconds=after))), "") for after in (0, 1)
    )
    push_together(told={car: [first]}, at_wall=NOW)

    assert push_together(told={car: [first, second]}, at_wall=NOW) == {car.pk: [Taken.DUPLICATE, Taken.ACCEPTED]}

    assert Reading.objects.count() == 2


def test_many_cars_take_as_many_queries_as_one() -> None:
    for _ in range(12):
        make_car()
    counts = []
    Driver.objects.update(client=Client.objects.earliest("pk"))
    cars = list(Vehicle.objects.select_related("driver"))
    for told in (cars[:1], cars[1:]):
        reading = named(completed(replace(AS_BEFORE, soc_percent=37.0)), "")
        with CaptureQueriesContext(connection) as queries:
            push_together(told={car: [reading] for car in told}, at_wall=NOW)
        counts.append(len(queries))

    assert counts == [11, 11]


def test_the_car_is_taken_before_its_view_and_nobody_is_waited_for() -> None:
    told = {make_car(): [AS_BEFORE]}

    with CaptureQueriesContext(connection) as queries:
        push_together(told=told, at_wall=NOW)

    taken = [query["sql"] for query in queries if "SELECT" in query["sql"]][:2]
    assert ['FROM "charging_vehicle" ' in taken[0], 'FROM "charging_vehicleview" ' in taken[1]] == [True, True]
    has_locks = connection.features.has_select_for_update
    assert [sql.endswith("FOR UPDATE SKIP LOCKED") for sql in taken] == [has_locks, has_locks]
