"""Nobody is accused of anything in months of look-alikes; what is really there is found among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from charging.core.causes import Cause
from charging.core.interference import judge
from charging.core.nights import Night
from tests.core.clean_months import NIGHTS, SURPRISES, SURPRISES_APART, clean_month, end_of
from tests.core.interference_stories import TIMER
from tests.core.night_stories import MONDAY, next_days

JUDGED_TOGETHER = 14
BOTH_CHANGES_OF_CLOCKS = (date(2026, 2, 10), date(2026, 9, 10))


def causes_by_night(nights: tuple[Night, ...]) -> list[tuple[int, list[Cause]]]:
    """What is found at the end of each night, where something is."""
    found = []
    for end in range(1, len(nights) + 1):
        told = nights[max(0, end - JUDGED_TOGETHER) : end]
        found.append((end, [finding.cause for finding in judge(told, now=told[-1].seen_until)]))
    return [(end, causes) for end, causes in found if causes]


@pytest.mark.parametrize("seed", range(8))
def test_sixty_clean_nights_raise_no_finding(seed: int) -> None:
    assert causes_by_night(clean_month(Random(seed))) == []


@pytest.mark.parametrize("first", BOTH_CHANGES_OF_CLOCKS, ids=str)
def test_nor_do_they_when_clocks_change(first: date) -> None:
    assert causes_by_night(clean_month(Random(1), first=first)) == []


@pytest.mark.parametrize("story", NIGHTS, ids=lambda story: story.__name__)
def test_nor_does_any_look_alike_night_after_night(story: Callable[[Random], tuple[str, ...]]) -> None:
    rng = Random(7)

    nights = tuple(end_of(story(rng), rng, MONDAY + timedelta(days=number)) for number in range(10))

    assert causes_by_night(nights) == []


def test_a_timer_among_look_alikes_is_found() -> None:
    nights = clean_month(Random(3), count=12)

    told = (*nights[:10], *next_days(2, *TIMER, first=nights[-1].plugged_in_at.date()))

    assert causes_by_night(told) == [(12, [Cause.TIMER])]


def test_one_surprise_of_a_kind_lies_among_the_nights_that_are_judged_together() -> None:
    assert len(SURPRISES) < JUDGED_TOGETHER < SURPRISES_APART
