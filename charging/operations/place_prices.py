"""What energy costs at a place: the prices of its area on the terms of the driver."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.conf import settings

from charging.adapters.holidays import is_public_holiday
from charging.core.facts import PriceInterval
from charging.core.price_estimates import estimate_unpublished
from charging.core.tariffs import price_parts
from charging.models import Driver, Location, PlaceTerms
from charging.operations.prices import LIVE_WITHIN, PricePeriod, prices_between

LOOK_BACK = timedelta(days=8)
"""How far back known prices are read, so that unpublished ones can be estimated from them."""

CURRENCY_WITHOUT_AREA = "EUR"


def prices_for(
    *, location: Location, driver: Driver, start: datetime, end: datetime, now: datetime
) -> PricePeriod | None:
    """Known prices at a place around `[start, end)`; None where it has neither price area nor rates.

    The week before is most rows; it is read only where prices are missing before `end`, to estimate them from.
    """
    area = location.pricing_area

    def known_since(since: datetime) -> PricePeriod | None:
        code, until = area.code if area is not None else "", end + timedelta(hours=1)
        return prices_at(area_code=code, location=location, driver=driver, start=since, end=until, now=now)

    period = known_since(start - LIVE_WITHIN)
    return period if period is None or _covers(period.intervals, end) else known_since(start - LOOK_BACK)


def prices_at(
    *, area_code: str, location: Location | None, driver: Driver, start: datetime, end: datetime, now: datetime
) -> PricePeriod | None:
    """Prices that touch `[start, end)`: of the area, on the terms of the place; None where there is neither."""
    terms = terms_of(location) if location is not None else None
    if not area_code:
        none = PricePeriod("", CURRENCY_WITHOUT_AREA, (), ())
        return None if terms is None else on_terms(none, terms, start, end)
    period = prices_between(
        area_code=area_code,
        start=start,
        end=end,
        is_accelerated=not driver.clock.shows_wall_time,
        now=now,
        allows_sample=not (settings.READYBY_LIVE_PRICES and driver.has_real_car),
    )
    return period if terms is None else on_terms(period, terms, start, end)


def _covers(intervals: tuple[PriceInterval, ...], end: datetime) -> bool:
    """Whether these reach `end` without a gap."""
    return bool(intervals) and intervals[-1].end >= end and all(a.end == b.start for a, b in pairwise(intervals))


def terms_of(location: Location) -> PlaceTerms | None:
    """The terms of a place; None where the market's price alone counts."""
    try:
        return location.terms
    except PlaceTerms.DoesNotExist:
        return None


def on_terms(period: PricePeriod, row: PlaceTerms, start: datetime, end: datetime) -> PricePeriod:
    """The period at the driver's prices. Quarters that a rate covers are priced without the market, too."""
    terms = row.as_terms(period.currency)
    parts = price_parts(terms, period.intervals, start=start, end=end)
    recorded = dict(zip((interval.start for interval in period.intervals), period.recorded_on, strict=True))
    return PricePeriod(
        area_code=period.area_code,
        currency=row.currency or period.currency,
        intervals=tuple(part.as_interval() for part in parts),
        recorded_on=tuple(None if part.market_price is None else recorded[part.start] for part in parts),
        terms=terms,
        spot=period.intervals,
        parts=parts,
    )


def with_estimates(period: PricePeriod, until: datetime, location: Location) -> PricePeriod:
    """The period with estimates for what is not published until then, marked as such."""
    market = period.intervals if period.terms is None else period.spot
    zone = location.timezone_name
    estimates = estimate_unpublished(
        market, until=until, timezone_name=zone, is_holiday=lambda day: is_public_holiday(day, zone)
    )
    if period.terms is None:
        return replace(
            period,
            intervals=tuple(sorted((*period.intervals, *estimates), key=lambda interval: interval.start)),
            recorded_on=_in_order(period.intervals, period.recorded_on, estimates),
        )
    return _with_parts(period, estimates, until)


def known_and_estimated(
    period: PricePeriod, start: datetime, deadline_at: datetime | None, location: Location | None
) -> tuple[PriceInterval, ...]:
    """The known prices from `start` on, with estimates for what is not published until the deadline."""
    if deadline_at is not None and location is not None:
        period = with_estimates(period, deadline_at, location)
    return tuple(interval for interval in period.intervals if interval.end > start)


def _with_parts(period: PricePeriod, estimates: tuple[PriceInterval, ...], until: datetime) -> PricePeriod:
    """Estimates of the market's price, on the terms of the place; what a rate covers needs none."""
    assert period.terms is not None, "the market's price is the driver's otherwise"
    covered = {part.start for part in period.parts}
    first = min((interval.start for interval in estimates), default=until)
    estimated = price_parts(period.terms, estimates, start=first, end=until)
    new = tuple(part for part in estimated if part.start not in covered)
    parts = tuple(sorted((*period.parts, *new), key=lambda part: part.start))
    return replace(
        period,
        intervals=tuple(part.as_interval() for part in parts),
        recorded_on=_in_order(period.intervals, period.recorded_on, tuple(part.as_interval() for part in new)),
        parts=parts,
    )


def _in_order(
    known: tuple[PriceInterval, ...], recorded_on: tuple[date | None, ...], estimates: tuple[PriceInterval, ...]
) -> tuple[date | None, ...]:
    """The days of recording beside known and estimated prices in time order; an estimate has none."""
    by_start = dict(zip((interval.start for interval in known), recorded_on, strict=True))
    starts = sorted([*by_start, *(interval.start for interval in estimates)])
    return tuple(by_start.get(start) for start in starts)
