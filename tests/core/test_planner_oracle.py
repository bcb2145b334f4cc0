"""The planner against the oracle, as integers."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from charging.core.planner import Plan, Window, plan
from tests.core.oracle import PRICE_STEPS, Problem, best_answer, best_single, first_mark
from tests.core.random_nights import PARTS, Night, make_night

HOUR = timedelta(hours=1)


def plan_night(night: Night) -> Plan:
    return plan(
        intervals=night.intervals,
        energy_kwh=night.energy_kwh,
        power_kw=night.power_kw,
        now=night.now,
        deadline=night.deadline,
        max_windows=night.max_windows,
        min_window=night.min_window,
        reserve=night.reserve,
        is_charging=night.is_charging,
        start_cost=night.start_cost,
        unit=night.unit,
    )


def filled_cost(night: Night, problem: Problem, start: datetime, end: datetime) -> int:
    """Price steps times fifths of a unit."""
    part = night.unit / PARTS
    origin = first_mark(night.now, night.unit)
    total = 0
    for number in range((start - origin) // part, (end - origin) // part):
        price = problem.prices[number // PARTS]
        total += problem.filler if price is None else price
    return total


def assert_is_best(night: Night) -> None:
    result = plan_night(night)
    problem = night.problem()
    assert abs(sum((w.end - w.start for w in result.windows), timedelta(0)) - night.duration) < timedelta(
        microseconds=1
    )
    if problem is None or set(problem.prices) == {None}:
        assert [(w.start, w.end) for w in result.windows] == [(night.now, night.now + night.duration)]
        return
    costs = [filled_cost(night, problem, window.start, window.end) for window in result.windows]
    kwh_per_part = Decimal(str(night.power_kw)) * int(night.unit.total_seconds()) / PARTS / 3600
    assert abs(result.cost - sum(costs) * kwh_per_part / PRICE_STEPS) < Decimal("1e-20")
    if night.duration <= night.min_window:
        assert_is_best_single(night, problem, result, costs)
    else:
        assert_is_best_set(night, problem, result)


def count_starts(night: Night, windows: tuple[Window, ...]) -> int:
    origin = first_mark(night.now, night.unit)
    return sum(1 for window in windows if not (night.is_charging and window.start == origin))


def assert_is_best_single(night: Night, problem: Problem, result: Plan, costs: list[int]) -> None:
    step_seconds = problem.unit_seconds // PARTS
    starts = count_starts(night, result.windows)
    cost = sum(costs) * step_seconds + starts * problem.start_cost * problem.unit_seconds
    finish = (result.finish_at - first_mark(night.now, night.unit)) // timedelta(seconds=1)
    assert len(result.windows) == 1
    assert (cost, starts, finish) == best_single(problem, step_seconds)


def assert_is_best_set(night: Night, problem: Problem, result: Plan) -> None:
    origin = first_mark(night.now, night.unit)
    cut = [mark for w in result.windows for mark in (w.start, w.end) if (mark - origin) % night.unit]
    whole = [((w.start - origin) // night.unit, -((origin - w.end) // night.unit)) for w in result.windows]
    prices = [problem.filler if price is None else price for price in problem.prices]
    starts = count_starts(night, result.windows)
    found = (sum(sum(prices[start:end]) for start, end in whole), starts, whole[-1][1])
    answer = best_answer(problem)
    assert answer is not None
    assert found == (answer.cost, answer.starts, answer.finish)
    assert len(cut) == (1 if night.excess else 0)
    assert starts <= night.max_windows
    for window in result.windows:
        goes_on = night.is_charging and window.start == origin
        assert goes_on or window.end - window.start >= night.min_window


@pytest.mark.parametrize("unit_minutes", [1, 5], ids=["unit of 1 minute", "unit of 5 minutes"])
def test_2500_random_nights_cost_exactly_what_the_oracle_says(unit_minutes: int) -> None:
    draw = random.Random(20_260_110 + unit_minutes)
    for _ in range(2_500):
        assert_is_best(make_night(draw, unit_minutes))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("unit_minutes", [1, 5], ids=["unit of 1 minute", "unit of 5 minutes"])
def test_60_000_random_nights_cost_exactly_what_the_oracle_says(unit_minutes: int, seed: int) -> None:
    draw = random.Random(1_000 * unit_minutes + seed)
    for _ in range(2_500):
        assert_is_best(make_night(draw, unit_minutes))
