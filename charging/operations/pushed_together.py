"""Readings of many cars at once: those that only carry on what is known are stored together, in few statements.

Whoever stores them waits for nobody while it keeps cars from others, so that nobody waits in a circle: a car that
somebody else is at, or that tells more, is taken in by itself afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from charging.core import car_view
from charging.core.facts import Car, PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import Due, Location, Reading, Vehicle, VehicleView
from charging.operations.bulk_rows import update_rows
from charging.operations.clocks import own_now
from charging.operations.outbox import has_listeners, seen_of, tell_update
from charging.operations.pushed_readings import Taken, is_news, is_quiet, push_batch
from charging.operations.telemetry import CLOCKS_DIFFER_BY, FOLDED, reading_row, set_view, take_place

CARS_AT_ONCE = 100
"""So many cars are kept from others at the same time, for some hundredths of a second."""

WRITTEN = (
    *(name for name in FOLDED if name != "power_delivery"),
    *("charging_power_kw", "odometer_km", "latitude", "longitude", "position_observed_at"),
    *("location_id", "distance_m", "place_told_at"),
)
"""The columns of a view that readings change, beside the state of its power delivery."""


Batch = Mapping[Vehicle, Sequence[ReadingFacts]]
"""What each car says, in any order."""


@dataclass(slots=True)
class _Told:
    """A car that is kept from others, and what it has told: nothing but more of what is known."""

    vehicle: Vehicle
    now: datetime
    evaluated_at: datetime | None
    before: VehicleView
    view: VehicleView
    new: list[ReadingFacts]
    taken: list[Taken]

    @property
    def is_news(self) -> bool:
        return is_news(self.before, self.view, self.evaluated_at)


def push_together(*, told: Batch, at_wall: datetime) -> dict[int, list[Taken]]:
    """Takes readings of many cars in, each as `push_batch` does; returns what became of them by the car's id."""
    taken: dict[int, list[Taken]] = {}
    cars = list(told)
    for first in range(0, len(cars), CARS_AT_ONCE):
        done, late = _store(cars[first : first + CARS_AT_ONCE], told, at_wall)
        taken |= {car.vehicle.pk: car.taken for car in done}
        for car in late:
            _make_due([car])
    for vehicle, readings in told.items():
        if vehicle.pk not in taken:
            now = own_now(driver=vehicle.driver, at_wall=at_wall)
            taken[vehicle.pk] = push_batch(vehicle=vehicle, readings=readings, now=now)
    return taken


@transaction.atomic
def _store(cars: Collection[Vehicle], told: Batch, at_wall: datetime) -> tuple[list[_Told], list[_Told]]:
    """Stores what can be stored together; returns whose, and who has news but could not be made due."""
    done = _kept_from_others(cars, told, at_wall)
    _write([car for car in done if car.new])
    news = {car.vehicle.pk: car for car in done if car.is_news}
    turns = Due.objects.select_for_update(skip_locked=True).filter(pk__in=news)
    free = set(turns.values_list("pk", flat=True)) if news else set[int]()
    _make_due([car for pk, car in news.items() if pk in free])
    return done, [car for pk, car in news.items() if pk not in free]


def _kept_from_others(cars: Collection[Vehicle], told: Batch, at_wall: datetime) -> list[_Told]:
    """The cars that nobody else is at and that tell nothing but more of what is known, with their views after that."""
    # The car before its view, as whoever takes in a single one: an evaluation under way has written its turn by then.
    free = Vehicle.objects.select_for_update(skip_locked=True).filter(pk__in=[car.pk for car in cars])
    evaluated_at = dict(free.values_list("pk", "evaluated_at"))
    views = VehicleView.objects.select_for_update(skip_locked=True).filter(pk__in=evaluated_at).in_bulk()
    cars = [car for car in cars if car.pk in views]
    known = _known_ids(told, cars)
    kept = []
    for car in cars:
        view, now = views[car.pk], own_now(driver=car.driver, at_wall=at_wall)
        quiet = _quiet(car, view, told[car], known[car.pk], now)
        if quiet is None:
            continue
        new, taken, after = quiet
        one = _Told(car, now, evaluated_at[car.pk], copy(view), view, new, taken)
        if new:
            set_view(view, after, new[-1])
        kept.append(one)
    return kept


def _known_ids(told: Batch, cars: Sequence[Vehicle]) -> dict[int, set[str]]:
    """By car, which of its readings are stored already."""
    ids = {reading.event_id for car in cars for reading in told[car]}
    known: dict[int, set[str]] = defaultdict(set)
    rows = Reading.objects.filter(vehicle__in=[car.pk for car in cars], event_id__in=ids)
    for vehicle_id, event_id in rows.values_list("vehicle_id", "event_id"):
        known[vehicle_id].add(event_id)
    return known


def _quiet(
    vehicle: Vehicle, view: VehicleView, readings: Sequence[ReadingFacts], known: set[str], now: datetime
) -> tuple[list[ReadingFacts], list[Taken], Car] | None:
    """The readings that are new, what becomes of each, and the car after them; None where one tells more than that."""
    car, new, taken = view.as_car(vehicle), list[ReadingFacts](), dict[int, Taken]()
    for index in sorted(range(len(readings)), key=lambda number: readings[number].observed_at):
        reading = readings[index]
        if reading.event_id in known:
            taken[index] = Taken.DUPLICATE
            continue
        after = car_view.fold(car, reading)
        if reading.observed_at > now + CLOCKS_DIFFER_BY or not is_quiet(car, after, reading):
            return None
        known.add(reading.event_id)
        taken[index] = Taken.ACCEPTED
        new.append(reading)
        car = after
    return new, [taken[index] for index in range(len(readings))], car


def _write(cars: Sequence[_Told]) -> None:
    if not cars:
        return
    places: dict[int, list[Location]] = defaultdict(list)
    for place in Location.objects.filter(driver__in={car.vehicle.driver_id for car in cars}):
        places[place.driver_id].append(place)
    for car in cars:
        take_place(car.view, car.new, places[car.vehicle.driver_id])
    rows = [reading_row(car.vehicle, reading, car.now) for car in cars for reading in car.new]
    Reading.objects.bulk_create(rows, ignore_conflicts=True)
    columns: dict[str, list[Any]] = {name: [getattr(car.view, name) for car in cars] for name in WRITTEN}
    columns["location"] = columns.pop("location_id")
    columns["power_delivery"] = [PowerDelivery(car.view.power_delivery).value for car in cars]
    update_rows(VehicleView, key="vehicle", columns={"vehicle": [car.view.pk for car in cars], **columns})
    client_ids = {car.vehicle.driver.client_id for car in cars}
    listening = {pk for pk in client_ids if has_listeners(client_id=pk)}
    for car in cars:
        if car.vehicle.driver.client_id in listening:
            tell_update(vehicle=car.vehicle, before=seen_of(car.before), view=car.view, now=car.now)


def _make_due(cars: Sequence[_Told]) -> None:
    """Has the next sweep look at them; mostly all live at the wall's pace, and it is one statement."""
    by_instant: dict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for car in cars:
        by_instant[car.now, car.vehicle.driver.clock.wall(car.now)].append(car.vehicle.pk)
    for (own_at, due_at), ids in by_instant.items():
        Due.objects.filter(pk__in=ids).update(own_at=own_at, due_at=due_at)
