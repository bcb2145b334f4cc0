"""Plug-ins: from the first reading that says plugged in to the first that says that it no longer is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from charging.core.car_view import fold
from charging.core.facts import Car, Reading


@dataclass(frozen=True, slots=True)
class PlugIn:
    """One plug-in with its readings in time order, the one that ended it among them; None: it has not ended."""

    plugged_in_at: datetime
    unplugged_at: datetime | None
    readings: tuple[Reading, ...]


def plug_ins(readings: Iterable[Reading]) -> tuple[PlugIn, ...]:
    """The plug-ins that these readings tell of, in whatever order and however often each of them arrived.

    A reading that does not say whether the car is plugged in belongs to what was known before it.
    """
    found: list[PlugIn] = []
    current: list[Reading] = []
    car = Car(battery_capacity_kwh=None, max_power_kw=0.0)
    for reading in sorted(readings, key=lambda reading: (reading.observed_at, reading.event_id)):
        if car.observed_at == reading.observed_at:
            continue
        was_plugged_in, car = bool(car.is_plugged_in), fold(car, reading)
        if car.is_plugged_in or was_plugged_in:
            current.append(reading)
        if was_plugged_in and not car.is_plugged_in:
            found.append(PlugIn(current[0].observed_at, reading.observed_at, tuple(current)))
            current = []
    if current:
        found.append(PlugIn(current[0].observed_at, None, tuple(current)))
    return tuple(found)
