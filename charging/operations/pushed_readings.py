"""Readings that an app pushes, one or many at once: each counts once, and as if it had been pushed by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from charging.core import car_view
from charging.core.car_view import FRESH_FOR, MEASURED_BY, is_level_of_plug_in
from charging.core.facts import Car, PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import Due, Location, Reading, Vehicle, VehicleView
from charging.operations import charge_actions, evaluation, sending
from charging.operations.outbox import seen_of, tell_update
from charging.operations.telemetry import (
    CLOCKS_DIFFER_BY,
    locked_view,
    reading_row,
    record_reading,
    set_view,
    take_place,
)

DECIDED_BY = (
    "soc_percent",
    "charge_limit_percent",
    "is_plugged_in",
    "plugged_in_at",
    "is_charging",
    "is_fully_charged",
    "power_delivery",
    "observed_power_kw",
    "location_id",
    "place_id_of_this_plug_in",
)
"""What of a view a decision reads, but for how old it is; and see `_decided_by`."""
COUNTED_UP_TO = MEASURED_BY + 1
"""More readings of charging, one after the other, change no decision any more."""
SILENT_AFTER = timedelta(minutes=10)


class Taken(StrEnum):
    """What became of a reading."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    SET_ASIDE = "SET_ASIDE"


def named(reading: ReadingFacts, own_id: str) -> ReadingFacts:
    """Returns the reading under the id that the app gave it, or else under a hash of what it says."""
    if own_id:
        return replace(reading, event_id=f"app:{own_id}")
    said = repr(sorted((key, str(value)) for key, value in asdict(reading).items() if key != "event_id"))
    return replace(reading, event_id=f"hash:{hashlib.sha256(said.encode()).hexdigest()}")


def completed(reading: ReadingFacts) -> ReadingFacts:
    """Returns the reading with what follows from the rest: the state of charging from its parts, or the other way."""
    delivery, plugged, charging = reading.power_delivery, reading.is_plugged_in, reading.is_charging
    if delivery == PowerDelivery.UNKNOWN:
        return replace(reading, power_delivery=_delivery_of(reading))
    told_plugged = delivery != PowerDelivery.UNPLUGGED
    told_charging = delivery == PowerDelivery.CHARGING
    return replace(
        reading,
        is_plugged_in=told_plugged if plugged is None else plugged,
        is_charging=told_charging if charging is None else charging,
    )


def _delivery_of(reading: ReadingFacts) -> PowerDelivery:
    if reading.is_plugged_in is False:
        return PowerDelivery.UNPLUGGED
    if reading.is_charging:
        return PowerDelivery.CHARGING
    if reading.is_plugged_in and reading.is_fully_charged:
        return PowerDelivery.COMPLETE
    return PowerDelivery.STOPPED if reading.is_plugged_in else PowerDelivery.UNKNOWN


def push_reading(*, vehicle: Vehicle, reading: ReadingFacts, now: datetime) -> Taken:
    """Takes one reading in, decides anew, and has what follows sent at once."""
    (taken,) = push_readings(vehicle=vehicle, readings=[reading], now=now)
    if taken == Taken.ACCEPTED:
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="pushed")
        charge_actions.advance_actions_of(vehicle=vehicle, now=now)
        sending.send_open_command(vehicle=vehicle, now=now)
    return taken


@transaction.atomic
def push_batch(*, vehicle: Vehicle, readings: Sequence[ReadingFacts], now: datetime) -> list[Taken]:
    """Takes readings of one car in as `push_readings` does, and has the next sweep look at it if they tell anything.

    A car that stands as it stood is looked at when its time comes: most of what a fleet pushes says that.
    """
    # An evaluation under way has written its own turn by then, and none begins before this one's is written.
    evaluated_at = evaluation.locked(vehicle=vehicle).evaluated_at
    before = VehicleView.objects.filter(vehicle=vehicle).first()
    taken = push_readings(vehicle=vehicle, readings=readings, now=now)
    if before is None or is_news(before, VehicleView.objects.get(vehicle=vehicle), evaluated_at):
        Due.objects.filter(vehicle=vehicle).update(own_at=now, due_at=vehicle.driver.clock.wall(now))
    return taken


def is_news(before: VehicleView, after: VehicleView, evaluated_at: datetime | None) -> bool:
    """Whether a decision could be another one: something but the time differs, or the car had been silent.

    It had been where the last decision found its newest reading too old.
    """
    if before.observed_at is None or after.observed_at is None:
        return after.observed_at is not None
    was_old = evaluated_at is not None and before.observed_at < evaluated_at - FRESH_FOR
    is_back = after.observed_at - before.observed_at > (timedelta() if was_old else SILENT_AFTER)
    return is_back or _decided_by(before) != _decided_by(after)


def _decided_by(view: VehicleView) -> tuple[Any, ...]:
    is_level_of_it = is_level_of_plug_in(view.soc_observed_at, view.plugged_in_at)
    counted = min(view.charging_readings_in_a_row, COUNTED_UP_TO)
    return (*(getattr(view, name) for name in DECIDED_BY), is_level_of_it, counted)


@transaction.atomic
def push_readings(*, vehicle: Vehicle, readings: Sequence[ReadingFacts], now: datetime) -> list[Taken]:
    """Takes readings of one car in, in the order of their instants. Returns what became of each, in the order given.

    Those that only carry on what is known are folded in memory and stored together; one that changes more than that
    goes the long way.
    """
    view = locked_view(vehicle=vehicle)
    ids = [reading.event_id for reading in readings]
    known = set(Reading.objects.filter(vehicle=vehicle, event_id__in=ids).values_list("event_id", flat=True))
    taken: dict[int, Taken] = {}
    quiet: list[ReadingFacts] = []
    car = view.as_car(vehicle)
    for index in sorted(range(len(readings)), key=lambda number: readings[number].observed_at):
        reading = readings[index]
        if reading.event_id in known:
            taken[index] = Taken.DUPLICATE
            continue
        known.add(reading.event_id)
        is_of_the_future = reading.observed_at > now + CLOCKS_DIFFER_BY
        taken[index] = Taken.SET_ASIDE if is_of_the_future else Taken.ACCEPTED
        after = car_view.fold(car, reading)
        if not is_of_the_future and is_quiet(car, after, reading):
            quiet.append(reading)
            car = after
            continue
        _write(vehicle, view, car, quiet, now)
        quiet = []
        view = record_reading(vehicle=vehicle, reading=reading, now=now)
        car = view.as_car(vehicle)
    _write(vehicle, view, car, quiet, now)
    return [taken[index] for index in range(len(readings))]


def is_quiet(before: Car, after: Car, reading: ReadingFacts) -> bool:
    """Whether nothing begins or ends with the reading: it is the newest, and the cable is as it was."""
    if before.observed_at is None or reading.observed_at <= before.observed_at:
        return False
    is_same_cable = bool(before.is_plugged_in) == bool(after.is_plugged_in)
    return is_same_cable and (before.observed_power_kw is None) == (after.observed_power_kw is None)


def _write(vehicle: Vehicle, view: VehicleView, car: Car, quiet: Sequence[ReadingFacts], now: datetime) -> None:
    if not quiet:
        return
    rows = [reading_row(vehicle, reading, now) for reading in quiet]
    Reading.objects.bulk_create(rows, ignore_conflicts=True)
    seen = seen_of(view)
    set_view(view, car, quiet[-1])
    take_place(view, quiet, list(Location.objects.filter(driver_id=vehicle.driver_id)))
    view.save()
    tell_update(vehicle=vehicle, before=seen, view=view, now=now)
