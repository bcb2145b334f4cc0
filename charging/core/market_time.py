"""Local times that become instants, quarters of an hour, and the days of the day-ahead market. Results are aware UTC.

A local time that does not exist (clocks go forward) is the first instant after the gap; one that exists twice (clocks
go back) is the first of the two.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from charging.core.facts import PriceInterval

QUARTER = timedelta(minutes=15)
_FIRST_MARK = datetime.min.replace(tzinfo=UTC)
MARKET_TIMEZONE = "Europe/Brussels"
"""The day-ahead auction of the coupled European markets delivers days of Central European time."""
PUBLICATION_TIME = time(12, 45)
"""When a day's prices are out, in market time of the day before: the results are due by then at the latest."""


def time_zone(name: str) -> ZoneInfo:
    """The time zone `name`; raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"unknown time zone: {name!r}") from error


@lru_cache(maxsize=4096)
def local_instant(day: date, local_time: time, timezone_name: str) -> datetime:
    """The instant of a local time on a local day."""
    local = datetime.combine(day, local_time.replace(tzinfo=None, fold=0), tzinfo=time_zone(timezone_name))
    instant = local.astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # In a gap the two readings of the time lie on either side of the change of clocks.
    return _change_of_clocks(local.replace(fold=1).astimezone(UTC), instant, local)


def _change_of_clocks(before: datetime, after: datetime, local: datetime) -> datetime:
    """The first whole second after `before` that has the offset of `after`, found by halving."""
    offset_after = after.astimezone(local.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(local.tzinfo).utcoffset() == offset_after:
            after = middle
        else:
            before = middle
    return after


def next_deadline(deadline: time, timezone_name: str, after: datetime) -> datetime:
    """The next instant strictly after `after` at which the clocks of the zone show `deadline`.

    Raises ValueError for an unknown zone or when `after` carries no time zone.
    """
    _check_aware(after)
    day = after.astimezone(time_zone(timezone_name)).date() - timedelta(days=1)
    while (instant := local_instant(day, deadline, timezone_name)) <= after:
        day += timedelta(days=1)
    return instant


def previous_deadline(deadline: time, timezone_name: str, until: datetime) -> datetime:
    """The last instant at or before `until` at which the clocks of the zone showed `deadline`.

    Raises ValueError for an unknown zone or when `until` carries no time zone.
    """
    _check_aware(until)
    day = until.astimezone(time_zone(timezone_name)).date() + timedelta(days=1)
    while (instant := local_instant(day, deadline, timezone_name)) > until:
        day -= timedelta(days=1)
    return instant


def floor_to_quarter(instant: datetime) -> datetime:
    """The last quarter mark at or before `instant`."""
    _check_aware(instant)
    utc = instant.astimezone(UTC)
    return utc - (utc - _FIRST_MARK) % QUARTER


def ceil_to_quarter(instant: datetime) -> datetime:
    """The first quarter mark at or after `instant`."""
    floor = floor_to_quarter(instant)
    return floor if floor == instant else floor + QUARTER


def quarters(start: datetime, end: datetime) -> tuple[datetime, ...]:
    """The starts of all quarters that overlap `[start, end)`."""
    if end <= start:
        return ()
    first, last = floor_to_quarter(start), ceil_to_quarter(end)
    return tuple(first + number * QUARTER for number in range((last - first) // QUARTER))


def split_into_quarters(interval: PriceInterval) -> tuple[PriceInterval, ...]:
    """The same price cut at quarter marks; what begins or ends between two marks stays as short as it is."""
    if interval.end - interval.start <= QUARTER and floor_to_quarter(interval.start) == interval.start:
        return (interval,)
    return tuple(
        replace(interval, start=max(mark, interval.start), end=min(mark + QUARTER, interval.end))
        for mark in quarters(interval.start, interval.end)
    )


def local_day_bounds(day: date, timezone_name: str) -> tuple[datetime, datetime]:
    """Start and end of a local day: 23, 24 or 25 hours."""
    return (
        local_instant(day, time(0), timezone_name),
        local_instant(day + timedelta(days=1), time(0), timezone_name),
    )


def market_day(instant: datetime, timezone_name: str = MARKET_TIMEZONE) -> date:
    """The delivery day of the day-ahead market that `instant` belongs to."""
    _check_aware(instant)
    return instant.astimezone(time_zone(timezone_name)).date()


def market_day_bounds(delivery_date: date, timezone_name: str = MARKET_TIMEZONE) -> tuple[datetime, datetime]:
    """Start and end of a delivery day: 92, 96 or 100 quarters."""
    return local_day_bounds(delivery_date, timezone_name)


def published_at(delivery_date: date, at: time = PUBLICATION_TIME, timezone_name: str = MARKET_TIMEZONE) -> datetime:
    """When the prices of a delivery day are out: 12:45 market time on the day before, unless said otherwise."""
    return local_instant(delivery_date - timedelta(days=1), at, timezone_name)


def published_until(now: datetime) -> datetime:
    """The end of the last market day whose prices are public at `now`: from 12:45 market time on, tomorrow's."""
    today = market_day(now)
    tomorrow = today + timedelta(days=1)
    return market_day_bounds(tomorrow if now >= published_at(tomorrow) else today)[1]


def _check_aware(instant: datetime) -> None:
    if instant.utcoffset() is None:
        raise ValueError(f"an instant must carry a time zone, got {instant!r}")
