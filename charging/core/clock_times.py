"""Times on the clock of a place: what happened at the same time on several days, and at which time that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import floor

from charging.core.market_time import next_deadline, time_zone

DAY_MINUTES = 24 * 60
ROUND_STEPS = (60, 30, 15, 5, 1)
"""How people set clocks: the full hour before the half, and so on."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something happened after `after` and at `until` at the latest: two readings tell no more."""

    after: datetime
    until: datetime
    timezone_name: str

    @property
    def clock_minutes(self) -> float:
        """What the clock showed at `until`, in minutes since midnight."""
        local = self.until.astimezone(time_zone(self.timezone_name))
        return local.hour * 60 + local.minute + local.second / 60


def agreeing(moments: Sequence[Moment], tolerance: timedelta) -> tuple[int, ...]:
    """The indexes of the largest group that lies within the tolerance of one of its members on the clock.

    Of groups of the same size that of the latest member; days and changes of clocks do not matter.
    """
    groups = [
        tuple(index for index, other in enumerate(moments) if abs(_ahead(other, center)) <= tolerance / MINUTE)
        for center in moments
    ]
    return max(reversed(groups), key=len, default=())


def roundest(moments: Sequence[Moment]) -> time:
    """The roundest time on the clock at which all of these can have happened; near the first where there is none."""
    center = moments[0]
    latest = min(_ahead(moment, center) for moment in moments)
    earliest = max(_ahead(moment, center) - (moment.until - moment.after) / MINUTE for moment in moments)
    base = center.clock_minutes
    for step in ROUND_STEPS:
        mark = floor((base + latest) / step) * step
        if base + earliest < mark <= base + latest:
            break
    else:
        mark = floor(base + latest)
    hour, minute = divmod(mark % DAY_MINUTES, 60)
    return time(hour, minute)


def shows(clock: time, timezone_name: str, start: datetime, end: datetime) -> bool:
    """Whether the clock of the zone shows that time between the two instants, both included."""
    return next_deadline(clock, timezone_name, start - timedelta(microseconds=1)) <= end


def apart(one: time, other: time) -> timedelta:
    """How far two times on the clock are from each other, the shorter way round."""
    minutes = abs((one.hour - other.hour) * 60 + one.minute - other.minute)
    return min(minutes, DAY_MINUTES - minutes) * MINUTE


def _ahead(moment: Moment, center: Moment) -> float:
    """By how many minutes the clock was ahead of the one at `center`: from -720 to 720."""
    half = DAY_MINUTES / 2
    return (moment.clock_minutes - center.clock_minutes + half) % DAY_MINUTES - half
