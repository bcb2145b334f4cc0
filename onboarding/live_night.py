"""The newest whole night whose prices were published: near the driver's place, or else where prices are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from charging.models import Driver, Location, PriceArea
from charging.operations.prices import PricePeriod, prices_between

AROUND = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LiveNight:
    """An area, its published prices around a night, and the two ends of it."""

    area: PriceArea
    period: PricePeriod
    plugged_in_at: datetime
    deadline_at: datetime


def live_night(
    *, plugged_in: time, deadline: time, usual_area: str, driver: Driver | None, now: datetime
) -> LiveNight | None:
    """Tonight, or the night before, from one time on the clock to the other; None where neither is published whole."""
    area = _area(usual_area, driver, now)
    if area is None:
        return None
    today = now.astimezone(ZoneInfo(area.timezone_name)).date()
    nights = (_night(area, day, plugged_in, deadline, now) for day in (today, today - timedelta(days=1)))
    return next((night for night in nights if night is not None), None)


def _area(usual_area: str, driver: Driver | None, now: datetime) -> PriceArea | None:
    """Of the driver's first place, else the usual one, else the first of those with prices of today."""
    if driver is not None:
        place = Location.objects.of_driver(driver).with_prices().order_by("created_at", "pk").first()
        if place is not None:
            return place.pricing_area
    known = PriceArea.objects.filter(documents__delivery_date__gte=now.date()).distinct().order_by("code")
    areas = {area.code: area for area in known}
    return areas.get(usual_area) or next(iter(areas.values()), None)


def _night(area: PriceArea, day: date, plugged_in: time, deadline: time, now: datetime) -> LiveNight | None:
    zone = ZoneInfo(area.timezone_name)
    start = datetime.combine(day, plugged_in, zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), deadline, zone).astimezone(UTC)
    period = prices_between(
        area_code=area.code,
        start=start - AROUND,
        end=end + AROUND,
        is_accelerated=False,
        now=now,
        allows_sample=False,
    )
    within = [interval for interval in period.intervals if interval.end > start and interval.start < end]
    is_whole = bool(within) and within[0].start <= start and within[-1].end >= end
    has_gap = any(one.end != other.start for one, other in pairwise(within))
    return LiveNight(area, period, start, end) if is_whole and not has_gap else None
