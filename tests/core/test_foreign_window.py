"""Planning within the hours that somebody else's schedule leaves, and giving them up before the deadline is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.case import Case
from charging.core.decide import decide
from charging.core.facts import CommandKind, Facts
from charging.core.foreign_window import REASON, latest_start, open_periods
from charging.core.market_time import local_instant
from charging.core.need import need_of
from charging.core.periods import Period
from charging.core.planning import make_plan
from charging.core.states import State
from tests.core.make import DEADLINE, HOUR, MINUTE, NOW, hours, make_car, make_facts, make_policy, make_prices

OSLO = "Europe/Oslo"
TUESDAY = date(2026, 1, 13)
TEN, ELEVEN, SIX = time(22, 0), time(23, 0), time(6, 0)


def wall(clock: str, day: date = TUESDAY) -> datetime:
    return local_instant(day, time.fromisoformat(clock), OSLO)


def periods(opens: time | None, closes: time | None, now: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    found = open_periods(opens, closes, timezone_name=OSLO, now=now, until=until)
    return [(period.start, period.end) for period in found]


EVENING, MORNING = wall("18:00"), wall("07:30", TUESDAY + timedelta(days=1))
SIX_IN_THE_MORNING = wall("06:00", TUESDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("opens", "closes", "now", "until", "expected"),
    [
        pytest.param(None, None, EVENING, MORNING, [], id="no schedule"),
        pytest.param(ELEVEN, None, EVENING, MORNING, [(wall("23:00"), MORNING)], id="a timer"),
        pytest.param(ELEVEN, None, wall("23:00"), MORNING, [], id="a timer whose time has come"),
        pytest.param(ELEVEN, None, EVENING, wall("22:00"), [], id="a timer after the deadline"),
        pytest.param(None, SIX, EVENING, MORNING, [(EVENING, SIX_IN_THE_MORNING)], id="an end"),
        pytest.param(None, SIX, SIX_IN_THE_MORNING, MORNING, [], id="an end that is over"),
        pytest.param(None, SIX, EVENING, wall("23:00"), [], id="an end after the deadline"),
        pytest.param(ELEVEN, SIX, EVENING, MORNING, [(wall("23:00"), SIX_IN_THE_MORNING)], id="a night's window"),
        pytest.param(ELEVEN, SIX, wall("23:30"), MORNING, [(wall("23:30"), SIX_IN_THE_MORNING)], id="within it"),
        pytest.param(ELEVEN, SIX, SIX_IN_THE_MORNING, MORNING, [], id="after it"),
        pytest.param(
            *(ELEVEN, SIX, wall("05:00"), MORNING),
            [(wall("05:00"), wall("06:00")), (wall("23:00"), SIX_IN_THE_MORNING)],
            id="in one window with another before the deadline",
        ),
        pytest.param(ELEVEN, time(8, 0), wall("23:30"), MORNING, [], id="a window that leaves all the time"),
    ],
)
def test_the_hours_that_a_schedule_leaves(
    opens: time | None, closes: time | None, now: datetime, until: datetime, expected: list[tuple[datetime, datetime]]
) -> None:
    assert periods(opens, closes, now, until) == expected


def test_the_hours_follow_the_clock_through_its_changes() -> None:
    saturday = date(2026, 3, 28)

    ((start, end),) = periods(ELEVEN, SIX, wall("20:00", saturday), wall("07:30", saturday + timedelta(days=1)))

    assert end - start == 6 * HOUR


def within(*spells: tuple[float, float]) -> tuple[Period, ...]:
    """Hours from NOW."""
    return tuple(Period(NOW + hours(start), NOW + hours(end)) for start, end in spells)


FREE = make_facts()
"""Needs about 2 h 47 min at home, in the cheap hours from 4 to 7 hours from now, ready in ten."""


def planned(facts: Facts) -> list[tuple[float, float]]:
    need = need_of(facts.car, facts.policy)
    assert need is not None
    plan = make_plan(facts, need, NOW, is_charging=True)
    assert plan is not None
    return [(round((w.start - NOW) / HOUR, 1), round((w.end - NOW) / HOUR, 1)) for w in plan.windows]


@pytest.mark.parametrize(
    ("periods", "windows"),
    [
        pytest.param((), [(4.0, 6.8)], id="none"),
        pytest.param(within((2.0, 10.0)), [(4.0, 6.8)], id="around the cheap hours"),
        pytest.param(within((5.0, 10.0)), [(5.0, 7.8)], id="opens in the cheap hours"),
        pytest.param(within((0.0, 6.5)), [(3.4, 6.2)], id="closes in the cheap hours, reserve kept"),
        pytest.param(within((0.0, 3.0)), [(0.0, 2.8)], id="before the cheap hours"),
        pytest.param(within((0.0, 1.0), (7.5, 10.0)), [(0.0, 0.6), (7.5, 9.7)], id="two"),
    ],
)
def test_a_plan_keeps_to_the_hours(periods: tuple[Period, ...], windows: list[tuple[float, float]]) -> None:
    assert planned(replace(FREE, foreign_window=periods)) == windows


def a_plan(facts: Facts, now: datetime = NOW) -> tuple[str, Decimal, Decimal, float]:
    need = need_of(facts.car, facts.policy)
    assert need is not None
    plan = make_plan(facts, need, now, is_charging=True)
    assert plan is not None
    return plan.reason, plan.cost_charged_at_once, plan.cost, plan.shortfall_kwh


def test_it_is_compared_with_charging_at_once_as_ever_and_says_why_it_looks_so() -> None:
    free_reason, free_at_once, free_cost, _ = a_plan(FREE)
    reason, at_once, cost, _ = a_plan(replace(FREE, foreign_window=within((5.0, 10.0))))
    untouched, *_ = a_plan(replace(FREE, foreign_window=within((2.0, 10.0))))

    assert (reason, untouched) == (REASON, free_reason)
    assert at_once == free_at_once
    assert cost > free_cost


@pytest.mark.parametrize(
    "periods",
    [
        pytest.param(within((8.0, 10.0)), id="too short"),
        pytest.param(within((0.0, 1.0), (9.0, 10.0)), id="two, too short together"),
        pytest.param(within((0.05, 0.15)), id="without a whole price"),
    ],
)
def test_hours_that_cannot_hold_the_need_are_given_up_for_charging_at_once(periods: tuple[Period, ...]) -> None:
    facts = replace(FREE, foreign_window=periods)

    assert planned(facts) == [(0.0, 2.8)]
    assert a_plan(facts)[0] == REASON
    assert a_plan(facts)[3] == 0
    assert Case(facts, NOW).latest_start == NOW


def test_a_need_that_no_time_can_hold_falls_short_by_as_much_as_ever() -> None:
    late = make_facts(policy=make_policy(deadline_at=NOW + HOUR))

    assert a_plan(replace(late, foreign_window=within((0.5, 1.0))))[3] == a_plan(late)[3] > 0


def test_charging_to_the_minimum_comes_first_whatever_the_hours() -> None:
    facts = make_facts(policy=make_policy(minimum_percent=60.0), foreign_window=within((5.0, 10.0)))

    first, second = planned(facts)

    assert first[0] == 0.0
    assert second[0] == 5.0


def test_a_forced_part_that_lasts_until_the_hours_are_over_leaves_the_rest_for_charging_at_once() -> None:
    facts = make_facts(policy=make_policy(minimum_percent=75.0), foreign_window=within((0.0, 1.0)))

    assert planned(facts) == [(0.0, 2.3), (2.3, 2.8)]


def test_a_full_car_needs_no_hours() -> None:
    facts = make_facts(car=make_car(soc_percent=80.0), foreign_window=within((5.0, 5.1)))

    assert planned(facts) == []


@pytest.mark.parametrize(
    ("periods", "reserve", "duration", "latest"),
    [
        pytest.param((), 1.0, 2.0, 7.0, id="all time"),
        pytest.param(within((1.0, 10.0)), 1.0, 2.0, 7.0, id="a timer"),
        pytest.param(within((0.0, 8.0)), 1.0, 2.0, 5.0, id="an end: like a deadline"),
        pytest.param(within((0.0, 2.0), (8.0, 10.0)), 1.0, 2.0, 1.0, id="one hour in each of two"),
        pytest.param(within((0.0, 4.0), (9.9, 10.0)), 0.5, 2.5, 1.5, id="the last shorter than the reserve"),
        pytest.param(within((8.0, 10.0)), 1.0, 2.0, 0.0, id="too few: at once"),
    ],
)
def test_the_latest_start_counts_the_open_hours_only(
    periods: tuple[Period, ...], reserve: float, duration: float, latest: float
) -> None:
    found = latest_start(periods, deadline=NOW + 10 * HOUR, reserve=hours(reserve), duration=hours(duration), now=NOW)

    assert found == NOW + hours(latest)


def test_a_car_is_not_held_where_the_hours_are_too_few() -> None:
    held = make_facts(State.STOPPED, car=make_car(is_charging=False), foreign_window=within((8.0, 9.0)))

    decision = decide(held, NOW)

    assert decision.state is State.STARTING
    assert decision.command is not None
    assert decision.command.kind is CommandKind.START


def test_a_car_is_held_for_the_hours_that_are_open() -> None:
    decision = decide(replace(FREE, foreign_window=within((5.0, 10.0))), NOW)

    assert decision.state is State.STOPPING
    assert decision.command is not None
    assert decision.command.hold is not None
    assert decision.command.hold.until == NOW + 5 * HOUR
    assert decision.plan is not None
    assert decision.plan.reason == REASON


LEVELS = st.floats(min_value=20.0, max_value=79.0)
EDGES = st.lists(st.integers(min_value=0, max_value=40), min_size=2, max_size=4, unique=True).map(sorted)


@given(soc_percent=LEVELS, edges=EDGES)
def test_no_hours_make_a_car_start_later_than_it_must_without_them(soc_percent: float, edges: list[int]) -> None:
    quarters = [NOW + number * 15 * MINUTE for number in edges[: len(edges) // 2 * 2]]
    periods = tuple(Period(start, end) for start, end in zip(quarters[::2], quarters[1::2], strict=True))
    free = make_facts(car=make_car(soc_percent=soc_percent), prices=make_prices(((2, 0.3), (3, 0.1), (9, 0.5))))
    facts = replace(free, foreign_window=periods)
    need = need_of(facts.car, facts.policy)
    assert need is not None

    plan = make_plan(facts, need, NOW, is_charging=True)
    latest, latest_free = Case(facts, NOW).latest_start, Case(free, NOW).latest_start

    assert plan is not None
    assert latest is not None
    assert latest_free is not None
    assert latest <= max(latest_free, NOW)
    assert sum(window.energy_kwh for window in plan.windows) == pytest.approx(need.energy_kwh, abs=0.01)
    is_inside = all(any(p.start <= w.start and w.end <= p.end for p in periods) for w in plan.windows)
    assert is_inside or (len(plan.windows) == 1 and plan.windows[0].start == NOW)
    assert plan.windows[-1].end <= DEADLINE
