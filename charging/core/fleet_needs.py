"""What each car of a fleet needs, in units of the grid: how long to charge, by which mark, what a start costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from charging.core.price_line import MILLISECOND, PRICE_STEPS_PER_CURRENCY, Bool, Int64

Float64 = npt.NDArray[np.float64]

UNIT_TOLERANCE = 1e-6
"""A need that exceeds whole units by less is the noise of floating point and adds no unit."""

MS_TOLERANCE = 1e-3
"""The same for a need in milliseconds."""

LONGEST_DAYS = 366
LARGEST_START_COST = 2**38
"""In price steps times units: dearer than any detour, yet far from the end of int64."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Arrays of the shape (cars,).

    `units`: the need rounded up; `excess_ms`: by how much; `limit`: units from the first mark to the deadline, the
    reserve taken off as far as the need allows; `is_late`: there is not that much time before the deadline.
    """

    first_ms: int
    unit_ms: int
    min_units: int
    min_window_ms: int
    max_windows: int
    power_kw: Float64
    duration_ms: Int64
    units: Int64
    excess_ms: Int64
    limit: Int64
    has_no_slack: Bool
    is_late: Bool
    is_charging: Bool
    start_cost: Int64

    @property
    def longest_ms(self) -> int:
        """The longest need plus the longest time to a deadline."""
        return int(self.duration_ms.max(initial=0)) + (int(self.limit.max(initial=0)) + 1) * self.unit_ms

    def horizon(self, *, priced_until_ms: int) -> int:
        """How many units the grid needs: past the last price only as many as the longest need."""
        priced = max(0, -(-(priced_until_ms - self.first_ms) // self.unit_ms))
        plannable = self.units[~self.is_late]
        return min(int(self.limit.max(initial=0)), priced + int(plannable.max(initial=0)))

    def lacks_prices(self, is_known: Bool) -> Bool:
        """Whether no unit before the limit of each car has a price."""
        known = np.concatenate(([0], np.cumsum(is_known)))
        result: Bool = (known[np.minimum(self.limit, len(is_known))] == 0) & (self.units > 0) & ~self.is_late
        return result


def make_needs(
    *,
    energy_kwh: Float64,
    power_kw: Float64,
    now_ms: int,
    deadline_ms: Int64,
    reserve_ms: Int64,
    is_charging: Bool,
    max_windows: int,
    min_window: timedelta,
    start_cost: float,
    unit: timedelta,
) -> Needs:
    """The needs on the grid. Raises ValueError for values that mean nothing."""
    _check_rules(max_windows, min_window, start_cost, unit)
    _check_cars(energy_kwh, power_kw, reserve_ms)
    unit_ms = unit // MILLISECOND
    first = -(-now_ms // unit_ms)
    units, duration_ms = _durations(energy_kwh, power_kw, unit_ms)
    last = deadline_ms // unit_ms - first
    wanted = (deadline_ms - reserve_ms) // unit_ms - first
    # Where the reserve leaves too little time, it shrinks to what is left.
    limit = np.maximum(np.where(units <= last, np.maximum(wanted, units), 0), 0)
    return Needs(
        first_ms=first * unit_ms,
        unit_ms=unit_ms,
        min_units=max(1, -(-(min_window // MILLISECOND) // unit_ms)),
        min_window_ms=min_window // MILLISECOND,
        max_windows=max_windows,
        power_kw=power_kw,
        duration_ms=duration_ms,
        units=units,
        excess_ms=units * unit_ms - duration_ms,
        limit=limit,
        has_no_slack=wanted <= units,
        is_late=(units > last) & (units > 0),
        is_charging=is_charging,
        start_cost=_start_costs(start_cost, power_kw, unit_ms),
    )


def _durations(energy_kwh: Float64, power_kw: Float64, unit_ms: int) -> tuple[Int64, Int64]:
    """The time to charge, in units rounded up and in milliseconds."""
    exact = energy_kwh / power_kw * (3_600_000 / unit_ms)
    if (exact * unit_ms > LONGEST_DAYS * 86_400_000).any():
        raise ValueError(f"charging would take more than {LONGEST_DAYS} days: check energy and power")
    units = np.maximum(np.ceil(exact - UNIT_TOLERANCE), 0).astype(np.int64)
    whole_ms = units * unit_ms
    # Within the tolerance of a mark the need ends at the mark.
    part_ms = np.where(
        units - exact < UNIT_TOLERANCE, whole_ms, np.ceil(exact * unit_ms - MS_TOLERANCE).astype(np.int64)
    )
    return units, np.minimum(part_ms, whole_ms)


def _start_costs(start_cost: float, power_kw: Float64, unit_ms: int) -> Int64:
    steps = np.round(start_cost * PRICE_STEPS_PER_CURRENCY / power_kw * (3_600_000 / unit_ms))
    return np.minimum(steps, LARGEST_START_COST).astype(np.int64)


def _check_rules(max_windows: int, min_window: timedelta, start_cost: float, unit: timedelta) -> None:
    if max_windows < 1:
        raise ValueError(f"at least one window is needed, got {max_windows}")
    if min_window < timedelta(0):
        raise ValueError(f"the shortest window cannot be negative, got {min_window}")
    if not (np.isfinite(start_cost) and start_cost >= 0):
        raise ValueError(f"the cost of a start must be zero or more, got {start_cost}")
    if unit < timedelta(seconds=1) or unit % timedelta(seconds=1):
        raise ValueError(f"the unit must be whole seconds, got {unit}")


def _check_cars(energy_kwh: Float64, power_kw: Float64, reserve_ms: Int64) -> None:
    if not (np.isfinite(energy_kwh) & (energy_kwh >= 0)).all():
        raise ValueError("the energy must be zero or more kWh")
    if not (np.isfinite(power_kw) & (power_kw > 0)).all():
        raise ValueError("the power must be above zero kW")
    if (reserve_ms < 0).any():
        raise ValueError("the reserve cannot be negative")
