"""The two axes of the plan figure: instants across in percent, prices per kWh upward in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import count
from math import ceil, floor

from charging.core.facts import PriceInterval

TOP_Y = 62.0
BOTTOM_Y = 186.0
HEIGHT_PX = BOTTOM_Y - TOP_Y

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The shown period `[start, end)`. Instants are real time, so a day of 23 or 25 hours is as long as it is."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Returns percent from the left, cut off at the edges."""
        share = (at - self.start) / (self.end - self.start)
        return 100 * min(max(share, 0.0), 1.0)

    def shows(self, at: datetime) -> bool:
        return self.start <= at <= self.end

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return start < self.end and end > self.start


def plan_axis(now: datetime, deadline_at: datetime) -> TimeAxis:
    """Returns the quarter of `now` until an hour after the deadline: at most 24 h, but always up to the deadline."""
    start = _quarter_of(now)
    end = min(deadline_at + HOUR, start + LONGEST)
    return TimeAxis(start, max(end, deadline_at, start + HOUR))


def _quarter_of(at: datetime) -> datetime:
    """Returns the beginning of the quarter: every time zone in use is whole quarters from UTC."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def hours_shown(axis: TimeAxis, timezone: tzinfo) -> Iterator[datetime]:
    """Yields the local hours to write: every second one while 14 h are shown, else every fourth."""
    step_hours = 2 if axis.end - axis.start <= timedelta(hours=14) else 4
    at = _quarter_of(axis.start)
    if at < axis.start:
        at += QUARTER
    while at <= axis.end:
        local = at.astimezone(timezone)
        if local.minute == 0 and local.hour % step_hours == 0:
            yield at
        at += QUARTER


@dataclass(frozen=True, slots=True)
class PriceScale:
    """Prices from `bottom` (0 or below) to `top`, with a grid line every `step`.

    They are counted in what the page names: hundredths of the currency, or whole ones. `units` of it make a whole one.
    """

    bottom: float
    top: float
    step: float
    units: int = 100

    def y(self, value: float) -> float:
        return BOTTOM_Y - (value - self.bottom) / (self.top - self.bottom) * HEIGHT_PX

    def grid(self) -> tuple[float, ...]:
        """Returns the values of the grid lines from below, zero among them."""
        indexes = range(ceil(self.bottom / self.step - 1e-9), floor(self.top / self.step + 1e-9) + 1)
        return tuple(index * self.step for index in indexes)


def price_scale(intervals: Sequence[PriceInterval], units: int = 100) -> PriceScale:
    """Returns a scale with at most about four grid lines; both ends are whole halves of its step."""
    values = [float(interval.price_per_kwh) * units for interval in intervals]
    highest, lowest = max([0.0, *values]), min([0.0, *values])
    if highest == lowest:
        return PriceScale(0, 1, 1, units)
    step = next(step for step in _nice_steps() if (highest - lowest) / step <= 4)
    half = step / 2
    top = _rounded_away(highest, half)
    return PriceScale(-_rounded_away(-lowest, half), top, step, units)


def _nice_steps() -> Iterator[float]:
    for exponent in count(-1):
        for digit in (1, 2, 2.5, 5) if exponent == 1 else (1, 2, 5):
            yield digit * 10.0**exponent


def _rounded_away(value: float, unit: float) -> float:
    return unit * ceil(value / unit - 1e-9)


def price_fifths(intervals: Sequence[PriceInterval]) -> dict[datetime, int]:
    """Returns for each start the fifth its price falls in, 1 cheap to 5 expensive, among all intervals given."""
    ranked = sorted(float(interval.price_per_kwh) for interval in intervals)
    first_rank: dict[float, int] = {}
    for rank, value in enumerate(ranked):
        first_rank.setdefault(value, rank)
    return {interval.start: 1 + 5 * first_rank[float(interval.price_per_kwh)] // len(ranked) for interval in intervals}
