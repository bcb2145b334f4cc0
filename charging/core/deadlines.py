"""The weekly rule by which a car has to be ready: a usual time, other times on some days, holidays like Sundays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from charging.core.market_time import local_instant, time_zone

SUNDAY = 6


def no_holidays(day: date) -> bool:
    """The calendar where no holidays count."""
    return False


@dataclass(frozen=True, slots=True)
class WeeklyDeadline:
    """Wall-clock times of a place. `other` holds those of weekdays that differ, 0 = Monday ... 6 = Sunday.

    A local day for which `is_holiday` says yes has the time of Sundays. Every local day has exactly one deadline.
    """

    usual: time
    other: Mapping[int, time] = field(default_factory=dict)
    is_holiday: Callable[[date], bool] = no_holidays

    def on(self, day: date) -> time:
        """The time on a local day."""
        weekday = SUNDAY if self.is_holiday(day) else day.weekday()
        return self.other.get(weekday, self.usual)

    def next_after(self, after: datetime, timezone_name: str) -> datetime:
        """The first deadline strictly after `after`, aware UTC.

        Raises ValueError for an unknown zone or when `after` carries no time zone.
        """
        day = _local_day(after, timezone_name) - timedelta(days=1)
        while (instant := local_instant(day, self.on(day), timezone_name)) <= after:
            day += timedelta(days=1)
        return instant

    def last_until(self, until: datetime, timezone_name: str) -> datetime:
        """The last deadline at or before `until`, aware UTC.

        Raises ValueError for an unknown zone or when `until` carries no time zone.
        """
        day = _local_day(until, timezone_name) + timedelta(days=1)
        while (instant := local_instant(day, self.on(day), timezone_name)) > until:
            day -= timedelta(days=1)
        return instant


def _local_day(instant: datetime, timezone_name: str) -> date:
    if instant.utcoffset() is None:
        raise ValueError(f"an instant must carry a time zone, got {instant!r}")
    return instant.astimezone(time_zone(timezone_name)).date()
