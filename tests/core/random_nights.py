"""Small random nights for the planner: equal, negative and missing prices, needs near the edges of every rule."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from charging.core.facts import PriceInterval
from tests.core.oracle import PRICE_STEPS, Problem, first_mark, prices_of_units

BASE = datetime(2026, 1, 10, 17, tzinfo=UTC)
PARTS = 5
"""A need exceeds whole units by fifths of a unit."""


@dataclass(frozen=True)
class Night:
    """A question to the planner, with the need and the cost of a start in whole numbers."""

    intervals: list[PriceInterval]
    unit: timedelta
    now: datetime
    deadline: datetime
    reserve: timedelta
    power_kw: float
    need: int
    excess: timedelta
    min_window: timedelta
    max_windows: int
    is_charging: bool
    start_steps: int

    @property
    def duration(self) -> timedelta:
        return self.need * self.unit - self.excess

    @property
    def energy_kwh(self) -> float:
        return self.power_kw * self.duration / timedelta(hours=1)

    @property
    def start_cost(self) -> Decimal:
        """In currency: price steps times units are steps per kW and unit."""
        hours = Decimal(int(self.unit.total_seconds())) / 3600
        return Decimal(self.start_steps) * Decimal(str(self.power_kw)) * hours / PRICE_STEPS

    def problem(self) -> Problem | None:
        """The same question on the grid; None when the deadline cannot be met."""
        until_deadline = (self.deadline - first_mark(self.now, self.unit)) // self.unit
        if self.need > until_deadline:
            return None
        wanted = (self.deadline - self.reserve - first_mark(self.now, self.unit)) // self.unit
        limit = first_mark(self.now, self.unit) + max(wanted, self.need) * self.unit
        known = [round(float(i.price_per_kwh) * PRICE_STEPS) for i in self.intervals if i.end > self.now]
        return Problem(
            prices=prices_of_units(self.intervals, self.now, limit, self.unit),
            need=self.need,
            min_units=max(1, -(-self.min_window // self.unit)),
            max_windows=self.max_windows,
            is_charging=self.is_charging,
            filler=max([0, *known]),
            start_cost=self.start_steps,
            excess_seconds=int(self.excess.total_seconds()),
            min_window_seconds=int(self.min_window.total_seconds()),
            unit_seconds=int(self.unit.total_seconds()),
        )


def make_night(draw: random.Random, unit_minutes: int) -> Night:
    """A night of 4 to 16 units."""
    unit = timedelta(minutes=unit_minutes)
    units = draw.randint(4, 16)
    min_units = draw.choice([1, 2, 2, 3, 3, 4])
    near_min = min_units * draw.randint(1, 3) + draw.choice([-1, 0, 0, 1])
    need = max(1, draw.choice([near_min, near_min, draw.randint(1, units), units, units + 1]))
    return Night(
        intervals=_make_intervals(draw, unit, units + 2),
        unit=unit,
        now=BASE + draw.choice([timedelta(0), timedelta(0), timedelta(seconds=1), unit - timedelta(seconds=1), unit]),
        deadline=BASE + units * unit + draw.choice([0, 0, 1, 59]) * timedelta(seconds=1),
        reserve=draw.choice([0, 0, 0, 1, 2.5, 20]) * unit,
        power_kw=draw.choice([2.3, 3.7, 7.2, 11.0]),
        need=need,
        excess=unit * draw.choice([0, 0, 0, 1, 2, 4]) / PARTS,
        min_window=min_units * unit - draw.choice([0, 0, 0, 1]) * unit / 2,
        max_windows=draw.randint(1, 3),
        is_charging=draw.random() < 0.35,
        start_steps=draw.choice([0, 0, 0, 1, 2, 5]),
    )


def _make_intervals(draw: random.Random, unit: timedelta, units: int) -> list[PriceInterval]:
    """Prices that hold for one to four units each, some nights with gaps."""
    pool = draw.choice([[0, 1], [-2, -1, 0, 1, 2], [3], [-4, -3], [0, 5, 0, 5, 1], list(range(-20_000, 40_000, 37))])
    gaps = draw.choice([0, 0, 0, 0.2])
    intervals = []
    reached = 0
    while reached < units:
        length = draw.choice([1, 1, 1, 2, 3, 4])
        if draw.random() >= gaps:
            price = Decimal(draw.choice(pool)) / PRICE_STEPS
            intervals.append(PriceInterval(BASE + reached * unit, BASE + (reached + length) * unit, price))
        reached += length
    draw.shuffle(intervals)
    return intervals
