"""When a day of prices is asked for, and asked for again.

The market publishes a day at a known time. When it is late it is asked for often at first, then less and less so, each
installation at moments of its own: `chance` is a number from 0 to 1 that spreads them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

LATE_FOR = timedelta(hours=3, minutes=15)
"""How long after its publication time a day is asked for often: from 12:45 to 16:00."""
OFTEN = timedelta(minutes=2), timedelta(minutes=5)
SELDOM = timedelta(minutes=15), timedelta(minutes=18)
TO_CORRECT = timedelta(hours=6), timedelta(hours=7)
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
MOST_CALLS_FOR_THE_PAST = 3


class Outcome(StrEnum):
    """What asking for a day has led to: prices of the source that comes first, of another one, or none."""

    BEST = "best"
    SECOND_BEST = "second best"
    NOTHING = "nothing"


def next_call_at(
    outcome: Outcome, *, calls: int, published_at: datetime, day_end: datetime, now: datetime, chance: float
) -> datetime | None:
    """When the day is asked for next, None where that is over.

    A day that is there is looked at for corrections until it ends, and a better source is asked for it all the while.
    One of the past only helps to estimate: it is asked for a few times and then given up. `calls` counts the questions
    so far.
    """
    if now >= day_end:
        has_enough = outcome != Outcome.NOTHING or calls >= MOST_CALLS_FOR_THE_PAST
        return None if has_enough else now + _between(TO_CORRECT, chance)
    if outcome == Outcome.BEST:
        return now + _between(TO_CORRECT, chance)
    is_just_late = outcome == Outcome.NOTHING and now < published_at + LATE_FOR
    return now + _between(OFTEN if is_just_late else SELDOM, chance)


def rest_of(*, failures: int, wanted: timedelta, chance: float) -> timedelta:
    """How long a service in trouble is left alone: longer with each failure in a row, and never less than it asked for.

    One minute, two, four, up to an hour, and up to a quarter more by chance.
    """
    rest = min(FIRST_REST * (1 << min(failures - 1, 10)), LONGEST_REST)
    return max(rest, wanted) + rest * (chance / 4)


def _between(bounds: tuple[timedelta, timedelta], chance: float) -> timedelta:
    shortest, longest = bounds
    return shortest + (longest - shortest) * chance
