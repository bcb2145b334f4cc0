"""The calm cars of an area as arrays: what the running plan of each rests on beside its prices.

One row a car; the same as `PlanningFacts`, which is what a single car's row becomes. Instants and durations are whole
microseconds, since 1970 where they are instants; they and everything else are exact in a float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np

from charging.core.facts import Window
from charging.core.fleet_needs import Float64
from charging.core.planning_facts import PlanningFacts
from charging.core.price_line import EPOCH, Bool, Int64
from charging.core.priced_time import MICROSECOND

COST_STEP = Decimal("0.0001")
"""Costs are kept in whole steps of this, in currency."""

WINDOW_NUMBERS = 6
WindowRow = Sequence[float]
"""Start, end, energy in kWh, cost in steps, whether it is an estimate, whether it is forced."""


@dataclass(frozen=True, slots=True)
class FleetWindows:
    """All of the shape (cars, windows). Windows are in time order; after a car's last, all is zero."""

    start_us: Int64
    end_us: Int64
    energy_kwh: Float64
    cost_steps: Int64
    is_estimate: Bool
    is_forced: Bool

    def take(self, rows: Int64) -> FleetWindows:
        """The windows of some cars."""
        return FleetWindows(*(getattr(self, field.name)[rows] for field in fields(self)))

    def widened(self, width: int) -> FleetWindows:
        """The same windows, with room for so many a car."""
        more = ((0, 0), (0, width - self.start_us.shape[1]))
        return FleetWindows(*(np.pad(getattr(self, field.name), more) for field in fields(self)))

    def of_car(self, row: int) -> tuple[Window, ...]:
        """The windows of one car as values."""
        columns = [getattr(self, field.name)[row].tolist() for field in fields(self)]
        return tuple(
            Window(
                EPOCH + timedelta(microseconds=start),
                EPOCH + timedelta(microseconds=end),
                energy_kwh,
                cost * COST_STEP,
                is_forced=is_forced,
                is_estimate=is_estimate,
            )
            for start, end, energy_kwh, cost, is_estimate, is_forced in zip(*columns, strict=True)
            if end > start
        )


def fleet_windows(cars: Sequence[Sequence[WindowRow]]) -> FleetWindows:
    """The windows of each car, given one after the other."""
    flat = np.array(list(chain.from_iterable(cars)), dtype=np.float64).reshape(-1, WINDOW_NUMBERS)
    return windows_from(np.array([len(windows) for windows in cars], dtype=np.int64), flat)


def windows_from(counts: Int64, flat: Float64) -> FleetWindows:
    """The same from how many windows each car has, and the rows (windows, WINDOW_NUMBERS) of all together."""
    columns = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    table = np.zeros((WINDOW_NUMBERS, len(counts), int(counts.max(initial=0))))
    table[:, np.repeat(np.arange(len(counts)), counts), columns] = flat.T
    start, end, energy, cost, is_estimate, is_forced = table
    return FleetWindows(
        start.astype(np.int64),
        end.astype(np.int64),
        energy,
        cost.astype(np.int64),
        is_estimate != 0,
        is_forced != 0,
    )


def window_rows(windows: Iterable[Window]) -> list[WindowRow]:
    """Windows as the rows that they are kept as."""
    return [
        [
            (one.start - EPOCH) // MICROSECOND,
            (one.end - EPOCH) // MICROSECOND,
            one.energy_kwh,
            steps_of(one.cost),
            int(one.is_estimate),
            int(one.is_forced),
        ]
        for one in windows
    ]


def steps_of(cost: Decimal) -> int:
    """A cost as it is kept, a half rounded to the even step."""
    return int(cost.quantize(COST_STEP) / COST_STEP)


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """All of the shape (cars,), in the order of the columns of a stored row, but for the windows."""

    created_us: Int64
    deadline_us: Int64
    observed_us: Int64
    is_charging: Bool
    energy_kwh: Float64
    power_kw: Float64
    duration_us: Int64
    reserve_us: Int64
    max_windows: Int64
    min_window_us: Int64
    windows: FleetWindows

    def take(self, rows: Int64) -> FleetFacts:
        """The facts of some cars."""
        arrays = {field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "windows"}
        return replace(self, **arrays, windows=self.windows.take(rows))

    def of_car(self, row: int) -> PlanningFacts:
        """The facts of one car as values; its fingerprint of prices is not kept here."""

        def instant(name: str) -> Any:
            return EPOCH + duration(name)

        def duration(name: str) -> timedelta:
            return timedelta(microseconds=int(getattr(self, name)[row]))

        return PlanningFacts(
            created_at=instant("created_us"),
            deadline_at=instant("deadline_us"),
            observed_at=instant("observed_us"),
            is_charging=bool(self.is_charging[row]),
            energy_kwh=float(self.energy_kwh[row]),
            power_kw=float(self.power_kw[row]),
            duration=duration("duration_us"),
            reserve=duration("reserve_us"),
            max_windows=int(self.max_windows[row]),
            min_window=duration("min_window_us"),
            prices_hash="",
            windows=self.windows.of_car(row),
        )


def fleet_facts(columns: Sequence[Sequence[Any]], windows: FleetWindows) -> FleetFacts:
    """The facts from the columns of stored rows, in the order of the fields, and the windows of the cars."""
    kinds = (np.int64, np.int64, np.int64, np.bool_, np.float64, np.float64, np.int64, np.int64, np.int64, np.int64)
    names = [field.name for field in fields(FleetFacts)][: len(kinds)]
    arrays: dict[str, Any] = {
        name: np.array(column, dtype=kind) for name, column, kind in zip(names, columns, kinds, strict=True)
    }
    return FleetFacts(**arrays, windows=windows)


def fleet_of(cars: Sequence[PlanningFacts]) -> FleetFacts:
    """The facts of these cars as arrays."""
    rows = [column_values(car) for car in cars]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 10
    return fleet_facts(columns, fleet_windows([window_rows(car.windows) for car in cars]))


def column_values(car: PlanningFacts) -> tuple[Any, ...]:
    """The columns of one car, in the order of the fields, but for the windows."""
    return (
        (car.created_at - EPOCH) // MICROSECOND,
        (car.deadline_at - EPOCH) // MICROSECOND,
        (car.observed_at - EPOCH) // MICROSECOND,
        car.is_charging,
        car.energy_kwh,
        car.power_kw,
        car.duration // MICROSECOND,
        car.reserve // MICROSECOND,
        car.max_windows,
        car.min_window // MICROSECOND,
    )
