"""When clocks change, and what they show: found by looking at them minute by minute, not by calculating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SEARCH_STEP = 6 * HOUR
BEFORE, AFTER = 50 * HOUR, 74 * HOUR
"""From the day before a change to the day after it."""


@dataclass(frozen=True)
class Change:
    """Clocks of a zone jump at `at` from `before` to `after`, the times that they show."""

    zone: str
    at: datetime
    before: datetime
    after: datetime

    @property
    def day(self) -> date:
        """The local day that has the time in the gap, or twice."""
        return min(self.before, self.after).date()

    @property
    def deadlines(self) -> tuple[time, ...]:
        """Four times of the day: in the middle of the jump, at its beginning, at midnight and in the morning."""
        first, last = sorted((self.before, self.after))
        return (first + (last - first) / 2).time(), first.time(), time(0), time(7)


def changes_of(zone: str, first_year: int, last_year: int) -> list[Change]:
    """Every jump of the clocks of a zone in these years."""
    info, found = ZoneInfo(zone), []
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if at.astimezone(info).utcoffset() != (at + SEARCH_STEP).astimezone(info).utcoffset():
            found.append(_change(zone, at, at + SEARCH_STEP))
        at += SEARCH_STEP
    return found


def _change(zone: str, before: datetime, after: datetime) -> Change:
    info = ZoneInfo(zone)
    at = next(
        at
        for at in (before + number * MINUTE for number in range(1, int(SEARCH_STEP / MINUTE) + 1))
        if at.astimezone(info).utcoffset() == after.astimezone(info).utcoffset()
    )
    old = before.astimezone(info).utcoffset()
    assert old is not None
    return Change(zone, at, (at + old).replace(tzinfo=None), at.astimezone(info).replace(tzinfo=None))


@cache
def clock_around(change: Change) -> tuple[tuple[datetime, datetime], ...]:
    """What the clock shows in the hours around a change: instants, each with its local time."""
    info = ZoneInfo(change.zone)
    instants = [change.at - BEFORE + number * MINUTE for number in range(int((BEFORE + AFTER) / MINUTE))]
    return tuple((at, at.astimezone(info).replace(tzinfo=None)) for at in instants)


def seen_instant(change: Change, day: date, deadline: time) -> datetime:
    """The first time the clock shows the deadline on a day around the change; else the first time it shows more."""
    wanted = datetime.combine(day, deadline)
    assert clock_around(change)[0][1] < wanted < clock_around(change)[-1][1]
    shown = [at for at, local in clock_around(change) if local == wanted]
    return min(shown) if shown else min(at for at, local in clock_around(change) if local > wanted)
