"""Hours that somebody else's schedule leaves to the plan: until it is gone, we plan as if there were no others.

A schedule is known by the time before which nothing flows (a timer), by the time after which nothing does, or by both.
Where its hours cannot hold the need, all time is used and charging is asked for at once: never later than without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from charging.core.facts import Plan, PriceInterval
from charging.core.market_time import next_deadline, previous_deadline
from charging.core.periods import Period

REASON = "foreign_window"

Periods = tuple[Period, ...]
"""In time order."""

Cheapest = Callable[[Sequence[PriceInterval], datetime], Plan]
"""The cheapest plan with these prices until a deadline."""


def open_periods(
    opens: time | None, closes: time | None, *, timezone_name: str, now: datetime, until: datetime
) -> Periods:
    """When the car can charge between two instants; nothing where no schedule stands in the way, or none is left.

    Without a time to close, the hours go on to the end; without one to open, they have begun.
    """
    found: list[Period] = []
    start = now if opens is None else _opening(opens, closes, timezone_name, now)
    while start < until:
        end = until if closes is None else next_deadline(closes, timezone_name, start)
        if end > now:
            found.append(Period(max(start, now), min(end, until)))
        if opens is None or closes is None:
            break
        start = next_deadline(opens, timezone_name, start)
    return () if found == [Period(now, until)] else tuple(found)


def _opening(opens: time, closes: time | None, timezone_name: str, now: datetime) -> datetime:
    """The first opening to look at: where the time to close is known, the one before as well."""
    if closes is None:
        return next_deadline(opens, timezone_name, now)
    return previous_deadline(opens, timezone_name, now)


def plan_within(
    periods: Periods,
    free: Plan,
    cheapest: Cheapest,
    *,
    prices: Sequence[PriceInterval],
    now: datetime,
    deadline: datetime,
) -> Plan:
    """The plan for these hours, where `free` is the one that knows nothing of them.

    It is compared with the same charge at once as the free one. The last hours end like a deadline, reserve included.
    """
    kept = [interval for interval in prices if _is_open(max(interval.start, now), interval.end, periods)]
    end = min(deadline, periods[-1].end)
    inside = cheapest(kept, end) if kept and end > now else None
    if inside is not None and inside.windows == free.windows:
        return free
    if inside is not None and all(_is_open(window.start, window.end, periods) for window in inside.windows):
        return replace(inside, cost_charged_at_once=free.cost_charged_at_once, reason=REASON)
    # A deadline that has come is answered by charging at once.
    return replace(cheapest(prices, now), shortfall_kwh=free.shortfall_kwh, reason=REASON)


def latest_start(
    periods: Periods, *, deadline: datetime, reserve: timedelta, duration: timedelta, now: datetime
) -> datetime:
    """The last instant from which charging in all the hours that are left still meets the deadline, reserve included.

    Where the hours are too few that is `now`.
    """
    if not periods:
        return deadline - reserve - duration
    left = duration
    latest_end = min(deadline, periods[-1].end) - reserve
    for period in reversed(periods):
        end = min(period.end, latest_end)
        if end - period.start >= left:
            return end - left
        left -= max(end - period.start, timedelta(0))
    return now


def _is_open(start: datetime, end: datetime, periods: Periods) -> bool:
    return any(period.start <= start and end <= period.end for period in periods)
