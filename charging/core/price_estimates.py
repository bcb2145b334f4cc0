"""Estimates for prices that the market has not published, so that the time after the known prices can be ranked.

They follow the days before: the same local quarter of an hour on recent days of the same kind, since demand follows
local clocks and working days. A public holiday is a day off, whatever weekday it falls on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from charging.core.deadlines import no_holidays
from charging.core.facts import PriceInterval
from charging.core.market_time import floor_to_quarter, quarters, split_into_quarters, time_zone

PREMIUM = Decimal("0.02")
"""Share of its size by which an estimate is raised: of equal prices the published one is to be preferred."""
RECENT_DAYS = 14
DAYS_AVERAGED = 3
SATURDAY = 5
PRICE_STEP = Decimal("0.00001")

Quarter = tuple[date, int, int]
"""Local day, hour and minute."""


def estimate_unpublished(
    known: Sequence[PriceInterval],
    *,
    until: datetime,
    timezone_name: str,
    since: datetime | None = None,
    premium: Decimal = PREMIUM,
    is_holiday: Callable[[date], bool] = no_holidays,
) -> tuple[PriceInterval, ...]:
    """Estimates for all time without a known price from `since` (or the first known price) to `until`, in time order.

    The mean of the same local quarter on the up to three latest of the last 14 days of the same kind (a working day, or
    a weekend or holiday); else the same quarter on the nearest known day; else the mean of all that is known. Estimates
    among `known` are no source and are replaced. Empty only when nothing is known or nothing is missing. Raises
    ValueError for an unknown time zone.
    """
    published = sorted((price for price in known if not price.is_estimate), key=lambda price: price.start)
    zone = time_zone(timezone_name)
    missing = list(_missing(published, published[0].start if since is None else since, until)) if published else []
    if not missing:
        return ()
    source = _by_local_quarter(published, zone)
    mean = sum(source.values(), Decimal(0)) / len(source)
    is_day_off = cache(lambda day: day.weekday() >= SATURDAY or is_holiday(day))
    estimates = []
    for start, end in missing:
        for mark in quarters(start, end):
            price = _similar(source, _local_quarter(mark, zone), mean, is_day_off)
            raised = (price + abs(price) * premium).quantize(PRICE_STEP)
            stop = min(mark + timedelta(minutes=15), end)
            estimates.append(PriceInterval(max(mark, start), stop, raised, is_estimate=True))
    return tuple(estimates)


def _by_local_quarter(published: Sequence[PriceInterval], zone: ZoneInfo) -> dict[Quarter, Decimal]:
    """Prices by local quarter; of the hour that exists twice in autumn the first counts."""
    source: dict[Quarter, Decimal] = {}
    for interval in published:
        for part in split_into_quarters(interval):
            quarter = _local_quarter(floor_to_quarter(part.start), zone)
            source.setdefault(quarter, Decimal(str(part.price_per_kwh)))
    return source


def _local_quarter(mark: datetime, zone: ZoneInfo) -> Quarter:
    local = mark.astimezone(zone)
    return local.date(), local.hour, local.minute


def _missing(
    published: Sequence[PriceInterval], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The periods between `since` and `until` that no published price covers."""
    reached = since.astimezone(UTC)
    for interval in published:
        if min(interval.start, until) > reached:
            yield reached, min(interval.start, until)
        reached = max(reached, interval.end)
    if until > reached:
        yield reached, until.astimezone(UTC)


def _similar(
    source: dict[Quarter, Decimal], wanted: Quarter, mean: Decimal, is_day_off: Callable[[date], bool]
) -> Decimal:
    day, hour, minute = wanted
    before = [day - timedelta(days=back) for back in range(1, RECENT_DAYS + 1)]
    alike = [(other, hour, minute) for other in before if is_day_off(other) == is_day_off(day)]
    prices = [source[quarter] for quarter in alike if quarter in source][:DAYS_AVERAGED]
    if prices:
        return sum(prices, Decimal(0)) / len(prices)
    after = [day + timedelta(days=ahead) for ahead in range(1, RECENT_DAYS + 1)]
    near = [(other, hour, minute) for pair in zip(before, after, strict=True) for other in pair]
    return next((source[quarter] for quarter in near if quarter in source), mean)
