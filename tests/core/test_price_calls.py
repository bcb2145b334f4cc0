"""When a day of prices is asked for again: often while it is late, seldom later, hardly ever once it is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.market_time import market_day_bounds, published_at
from charging.core.price_calls import LATE_FOR, Outcome, next_call_at, rest_of

TOMORROW = date(2026, 1, 21)
PUBLISHED = published_at(TOMORROW)
START, END = market_day_bounds(TOMORROW)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANCES = st.floats(0, 1, exclude_max=True)


def next_call(outcome: Outcome, now: datetime, *, chance: float = 0.5, calls: int = 1) -> datetime | None:
    return next_call_at(outcome, calls=calls, published_at=PUBLISHED, day_end=END, now=now, chance=chance)


@pytest.mark.parametrize(
    ("outcome", "now", "shortest", "longest"),
    [
        pytest.param(Outcome.NOTHING, PUBLISHED, 2, 5, id="just late"),
        pytest.param(Outcome.NOTHING, PUBLISHED + LATE_FOR - MINUTE, 2, 5, id="late until four"),
        pytest.param(Outcome.NOTHING, PUBLISHED + LATE_FOR, 15, 18, id="very late"),
        pytest.param(Outcome.NOTHING, END - MINUTE, 15, 18, id="the day itself"),
        pytest.param(Outcome.SECOND_BEST, PUBLISHED, 15, 18, id="a better source may come"),
        pytest.param(Outcome.BEST, PUBLISHED, 360, 420, id="a correction may come"),
    ],
)
def test_how_soon_a_day_is_asked_for_again(outcome: Outcome, now: datetime, shortest: int, longest: int) -> None:
    assert next_call(outcome, now, chance=0) == now + shortest * MINUTE
    assert next_call(outcome, now, chance=1) == now + longest * MINUTE


@pytest.mark.parametrize(
    ("outcome", "calls", "is_over"),
    [(Outcome.BEST, 1, True), (Outcome.SECOND_BEST, 1, True), (Outcome.NOTHING, 2, False), (Outcome.NOTHING, 3, True)],
)
def test_a_day_that_is_over_is_asked_for_three_times_at_most(outcome: Outcome, calls: int, is_over: bool) -> None:
    assert (next_call(outcome, END, calls=calls) is None) is is_over


@given(CHANCES)
def test_a_day_that_never_comes_is_asked_for_a_bounded_number_of_times(chance: float) -> None:
    calls = [PUBLISHED]
    while calls[-1] < END:
        following = next_call(Outcome.NOTHING, calls[-1], chance=chance)
        assert following is not None
        calls.append(following)

    assert all(later - earlier <= 18 * MINUTE for earlier, later in pairwise(calls))
    assert len(calls) <= 40 + LATE_FOR / (2 * MINUTE) + (END - PUBLISHED) / (15 * MINUTE)


@given(st.integers(1, 10_000), st.integers(0, 10**6), CHANCES)
def test_a_rest_is_never_shorter_than_asked_for_and_never_much_longer_than_needed(
    failures: int, seconds: int, chance: float
) -> None:
    wanted = timedelta(seconds=seconds)

    rest = rest_of(failures=failures, wanted=wanted, chance=chance)

    assert rest >= wanted
    assert rest <= max(wanted, HOUR) + 15 * MINUTE
    assert rest >= min(2 ** min(failures - 1, 20), 60) * MINUTE
