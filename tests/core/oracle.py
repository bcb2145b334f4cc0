"""The judge of the planner: looks at every set of windows on the grid and keeps the best. Slow and plain on purpose.

Written from the rules, not from the planner: pure integers, no table, no numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from charging.core.facts import PriceInterval

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
PRICE_STEPS = 100_000

Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Problem:
    """Times in units from the first mark; the price of a unit is None where it is unknown.

    `filler`: the dearest known price, what unknown ones count as when there is no other way.
    """

    prices: tuple[int | None, ...]
    need: int
    min_units: int
    max_windows: int
    is_charging: bool
    filler: int = 0
    start_cost: int = 0
    excess_seconds: int = 0
    min_window_seconds: int = 0
    unit_seconds: int = 300


@dataclass(frozen=True)
class Answer:
    """`cost` is the price steps of all whole units, start costs not included."""

    cost: int
    starts: int
    finish: int


def first_mark(now: datetime, unit: timedelta) -> datetime:
    return EPOCH + math.ceil((now - EPOCH) / unit) * unit


def prices_of_units(
    intervals: list[PriceInterval], now: datetime, deadline: datetime, unit: timedelta
) -> tuple[int | None, ...]:
    """The price of each unit that ends by the deadline, for prices that change at marks only."""
    prices: list[int | None] = []
    mark = first_mark(now, unit)
    while mark + unit <= deadline:
        here = [i for i in intervals if i.start <= mark < i.end]
        prices.append(round(float(here[0].price_per_kwh) * PRICE_STEPS) if here else None)
        mark += unit
    return tuple(prices)


def best_answer(problem: Problem) -> Answer | None:
    """The best plan; where time with prices does not hold the need, unknown prices count as `filler`."""
    best = _best(problem, problem.prices)
    if best is None:
        best = _best(problem, _filled(problem))
    return best


def best_single(problem: Problem, step_seconds: int) -> tuple[int, int, int] | None:
    """Cost with start cost (price steps times seconds), starts and finish of the best window of exactly the need.

    Tries a start every `step_seconds`, marks or not.
    """
    return _best_single(problem, problem.prices, step_seconds) or _best_single(problem, _filled(problem), step_seconds)


def _best_single(problem: Problem, prices: tuple[int | None, ...], step_seconds: int) -> tuple[int, int, int] | None:
    unit, length = problem.unit_seconds, problem.need * problem.unit_seconds - problem.excess_seconds
    found = []
    for start in range(0, len(prices) * unit - length + 1, step_seconds):
        steps = [prices[second // unit] for second in range(start, start + length, step_seconds)]
        if None not in steps:
            starts = 0 if problem.is_charging and start == 0 else 1
            cost = sum(price * step_seconds for price in steps if price is not None)
            found.append((cost + problem.start_cost * unit * starts, starts, start + length))
    return min(found, default=None)


def _filled(problem: Problem) -> tuple[int | None, ...]:
    return tuple(problem.filler if price is None else price for price in problem.prices)


def _best(problem: Problem, prices: tuple[int | None, ...]) -> Answer | None:
    best: tuple[int, int, int] | None = None
    for windows in _sets(problem, 0, problem.need, problem.max_windows):
        units = [prices[unit] for start, end in windows for unit in range(start, end)]
        if None in units or not _can_lose_excess(problem, windows):
            continue
        starts = sum(1 for start, _ in windows if not (problem.is_charging and start == 0))
        cost = sum(price for price in units if price is not None)
        candidate = (cost + problem.start_cost * starts, starts, windows[-1][1])
        if best is None or candidate < best:
            best = candidate
    return best and Answer(cost=best[0] - problem.start_cost * best[1], starts=best[1], finish=best[2])


def _sets(problem: Problem, earliest: int, left: int, starts_left: int) -> Iterator[Windows]:
    """Every set of windows that do not touch, from `earliest` on, `left` units in all."""
    if left == 0:
        yield ()
        return
    for start in range(earliest, len(problem.prices) - left + 1):
        goes_on = problem.is_charging and start == 0
        if not goes_on and starts_left == 0:
            continue
        shortest = 1 if goes_on else min(problem.min_units, problem.need)
        for length in range(shortest, left + 1):
            after = _sets(problem, start + length + 1, left - length, starts_left - (not goes_on))
            yield from (((start, start + length), *rest) for rest in after)


def _can_lose_excess(problem: Problem, windows: Windows) -> bool:
    """Some window can be cut by the excess and stays long enough (one that goes on may end as early as it likes)."""
    whole_need = problem.need * problem.unit_seconds - problem.excess_seconds
    if len(windows) == 1 and whole_need <= problem.min_window_seconds:
        return True
    return any(
        (problem.is_charging and start == 0)
        or (end - start) * problem.unit_seconds - problem.excess_seconds >= problem.min_window_seconds
        for start, end in windows
    )
