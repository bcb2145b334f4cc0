"""Times of day that come back every week, in some months of the year or in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
EVERY_DAY = frozenset(range(7))
EVERY_MONTH = frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """A time of day `[from_minute, to_minute)` in local minutes, on some weekdays (0 = Monday) of some months.

    A span that ends before it begins runs over midnight: the part after midnight belongs to the day it began on.
    """

    from_minute: int = 0
    to_minute: int = DAY_MINUTES
    weekdays: frozenset[int] = EVERY_DAY
    months: frozenset[int] = EVERY_MONTH

    def covers(self, local: datetime) -> bool:
        """Whether a local time lies within."""
        minute = local.hour * 60 + local.minute
        if self.from_minute < self.to_minute:
            return self.from_minute <= minute < self.to_minute and self._is_on(local)
        if minute >= self.from_minute:
            return self._is_on(local)
        return minute < self.to_minute and self._is_on(local - timedelta(days=1))

    def _is_on(self, local: datetime) -> bool:
        return local.weekday() in self.weekdays and local.month in self.months


def overlap(spans: Sequence[WeeklySpan]) -> bool:
    """Whether two of the spans cover the same minute of a week in the same month."""
    pieces = sorted((month, *piece) for span in spans for month in span.months for piece in _pieces(span))
    return any(before[0] == after[0] and after[1] < before[2] for before, after in pairwise(pieces))


def _pieces(span: WeeklySpan) -> list[tuple[int, int]]:
    """The span as minutes of a week, `[begin, end)`; what runs over the end of Sunday begins the week."""
    lasts = (span.to_minute - span.from_minute - 1) % DAY_MINUTES + 1
    pieces = []
    for weekday in span.weekdays:
        begin = weekday * DAY_MINUTES + span.from_minute
        end = begin + lasts
        pieces += [(begin, end)] if end <= WEEK_MINUTES else [(begin, WEEK_MINUTES), (0, end - WEEK_MINUTES)]
    return pieces
