"""How soon news becomes a reading: what changes almost at once, numbers ever so often, and nothing without end."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest

from charging.core.news_pace import AT_ONCE, NUMBERS_EVERY, SETTLES_IN, NewsPace


def readings(news: list[tuple[float, bool]], *, until: float, tick: float = 0.25) -> list[float]:
    """The instants at which readings are taken of news, each of which is a change or not."""
    pace, taken, told = NewsPace(), [], sorted(news)
    for step in range(int(until / tick) + 1):
        at = step * tick
        while told and told[0][0] <= at:
            pace.hear(is_change=told.pop(0)[1], at=at)
        if pace.is_due(at):
            pace.take(at)
            taken.append(at)
    return taken


def test_what_is_told_in_one_breath_is_one_reading() -> None:
    assert readings([(1.0, True), (1.25, True), (1.25, False)], until=100) == [1.0 + SETTLES_IN]


def test_a_change_does_not_wait_for_the_numbers() -> None:
    taken = readings([(1.0, False), (2.0, False), (5.0, True)], until=100)

    assert taken == [1.5, 5.5]


def test_numbers_that_move_every_second_are_a_reading_ever_so_often() -> None:
    taken = readings([(float(at), False) for at in range(300)], until=330)

    assert taken[0] == SETTLES_IN
    assert [later - earlier for earlier, later in pairwise(taken)] == [NUMBERS_EVERY] * 10


@pytest.mark.parametrize("every", [0.25, 1.0, 7.0])
def test_who_changes_its_mind_without_end_is_heard_ever_so_often(every: float) -> None:
    hour = 3600
    news = [(step * every, True) for step in range(int(hour / every))]

    taken = readings(news, until=hour)

    assert len(taken) <= AT_ONCE + hour / NUMBERS_EVERY + 1
    assert taken[-1] > hour - 2 * NUMBERS_EVERY


def test_after_a_rest_changes_count_at_once_again() -> None:
    flood = [(float(step), True) for step in range(60)]

    taken = readings([*flood, (2000.0, True)], until=2100)

    assert taken[-1] == 2000.0 + SETTLES_IN


def test_without_news_nothing_is_due() -> None:
    pace = NewsPace()

    assert pace.due_at == inf
    assert not pace.is_due(1e9)
