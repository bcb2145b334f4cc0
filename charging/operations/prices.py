"""Prices: the areas, what was published for them, and what holds in a period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet

from charging.adapters.prices.areas import Area, areas
from charging.adapters.prices.price_day import PriceDay
from charging.adapters.prices.sample import recorded_intervals, sample_areas, sample_intervals
from charging.adapters.prices.source_order import rank_of
from charging.core.facts import PriceInterval
from charging.core.market_time import market_day, split_into_quarters
from charging.core.tariffs import PriceParts, PriceTerms
from charging.models import Price, PriceArea, PriceDocument

SAMPLE_AHEAD = timedelta(days=14)
LIVE_WITHIN = timedelta(days=1)
"""An area with published prices this young lives on published prices: the sample never continues them."""

Quarters = dict[datetime, PriceInterval]
Days = tuple[date, date]
_read_once: ContextVar[dict[tuple[str, Days], Quarters] | None] = ContextVar("read_once", default=None)


@contextmanager
def prices_read_once() -> Iterator[None]:
    """While this lasts, what is published for the same area and days is read once: for cars looked at together."""
    token = _read_once.set({})
    try:
        yield
    finally:
        _read_once.reset(token)


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """Quarters of an hour of one area in time order; `recorded_on` holds per quarter the day a sample is from.

    `intervals` is what a driver pays. Where that is more than the market's price, `terms` says by which rule, `spot`
    keeps the market's quarters, and `parts` takes each of `intervals` apart.
    """

    area_code: str
    currency: str
    intervals: tuple[PriceInterval, ...]
    recorded_on: tuple[date | None, ...]
    terms: PriceTerms | None = None
    spot: tuple[PriceInterval, ...] = ()
    parts: tuple[PriceParts, ...] = ()

    @property
    def is_sample(self) -> bool:
        """Whether any of the prices are sample prices."""
        return any(day is not None for day in self.recorded_on)

    def recorded_between(self, start: datetime, end: datetime) -> tuple[date, ...]:
        """The days on which the sample prices that touch `[start, end)` were recorded; none where all are real."""
        rows = zip(self.intervals, self.recorded_on, strict=True)
        return tuple(sorted({day for at, day in rows if day is not None and at.end > start and at.start < end}))


@transaction.atomic
def ensure_price_areas() -> int:
    """Writes all known price areas or brings them up to date; returns how many there are. May run again and again."""
    rows = [
        PriceArea(
            code=area.code,
            name=area.name,
            country=area.country,
            currency=area.currency,
            timezone_name=area.timezone_name,
            bidding_zone_eic=area.bidding_zone_eic,
            market_timezone_name=area.market_timezone_name,
            market_time_unit_minutes=area.market_time_unit_minutes,
        )
        for area in areas().values()
    ]
    fields = [field.name for field in PriceArea._meta.concrete_fields if field.name not in {"id", "code"}]
    PriceArea.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return len(rows)


def known_areas() -> dict[str, Area]:
    """All price areas by code, with those of the operator's own."""
    own = {
        row.code: Area(
            code=row.code,
            name=row.name,
            country=row.country,
            currency=row.currency,
            timezone_names=(row.timezone_name,),
            market_timezone_name=row.market_timezone_name,
            market_time_unit_minutes=row.market_time_unit_minutes,
        )
        for row in PriceArea.objects.exclude(code__in=areas())
    }
    return areas() | own


@transaction.atomic
def store_price_day(*, day: PriceDay, now: datetime) -> PriceDocument | None:
    """Stores a day as a new version and returns it; None where the newest version already says the same.

    Raises PriceArea.DoesNotExist for an area that is not stored.
    """
    area = PriceArea.objects.select_for_update().get(code=day.area_code)
    same_day = PriceDocument.objects.filter(area=area, delivery_date=day.delivery_date, source=day.source)
    newest = same_day.order_by("-version").first()
    if newest is not None and _says_the_same(newest, day):
        return None
    document = PriceDocument.objects.create(
        area=area,
        delivery_date=day.delivery_date,
        source=day.source,
        version=newest.version + 1 if newest is not None else 1,
        market_time_unit_minutes=day.market_time_unit // timedelta(minutes=1),
        currency=day.currency,
        licence=day.licence,
        fetched_at=now,
    )
    Price.objects.bulk_create(
        Price(document=document, start=row.start, end=row.end, price_per_kwh=row.price_per_kwh) for row in day.intervals
    )
    return document


def prices_between(
    *,
    area_code: str,
    start: datetime,
    end: datetime,
    is_accelerated: bool,
    now: datetime,
    allows_sample: bool = True,
) -> PricePeriod:
    """The prices of an area that touch `[start, end)`, with one query, none for accelerated clocks.

    Clocks that are or once were faster than the wall's get the sample. Others get what is published: of several sources
    the first in their order, of several versions the newest. The sample stands in only where it is allowed, for an
    area without published prices for the last day and what follows.
    """
    published = {} if is_accelerated else _published(area_code, start, end)
    recorded: dict[datetime, date] = {}
    intervals = published
    is_live = any(at > now - LIVE_WITHIN for at in published)
    if allows_sample and not is_live and area_code in sample_areas():
        rows = sample_intervals(area_code, start, min(end, now + SAMPLE_AHEAD))
        recorded = {interval.start: day for interval, day in rows if interval.start not in published}
        intervals = {interval.start: interval for interval, _ in rows} | published
    in_order = sorted(intervals)
    return PricePeriod(
        area_code=area_code,
        currency=_currency(area_code),
        intervals=tuple(intervals[at] for at in in_order),
        recorded_on=tuple(recorded.get(at) for at in in_order),
    )


def recorded_prices(*, area_code: str) -> PricePeriod | None:
    """The recorded month of an area, at its own time; None for an area without one."""
    if area_code not in sample_areas():
        return None
    rows = recorded_intervals(area_code)
    return PricePeriod(
        area_code=area_code,
        currency=_currency(area_code),
        intervals=tuple(interval for interval, _ in rows),
        recorded_on=tuple(day for _, day in rows),
    )


def _currency(area_code: str) -> str:
    """The currency of an area; only areas of the operator's own have to be looked up."""
    if area_code in areas():
        return areas()[area_code].currency
    return PriceArea.objects.get(code=area_code).currency


def _published(area_code: str, start: datetime, end: datetime) -> Quarters:
    """Quarters that touch `[start, end)` by their start."""
    day = timedelta(days=1)
    days, known = (market_day(start) - day, market_day(end) + day), _read_once.get()
    if known is None:
        quarters = _quarters(_rows(area_code, days).filter(end__gt=start, start__lt=end), area_code)
    else:
        if (area_code, days) not in known:
            known[area_code, days] = _quarters(_rows(area_code, days), area_code)
        quarters = known[area_code, days]
    return {at: quarter for at, quarter in quarters.items() if quarter.end > start and at < end}


def _rows(area_code: str, days: Days) -> QuerySet[Price]:
    """What is published for these days. Documents in another currency than the area's are not comparable."""
    return Price.objects.filter(
        document__area__code=area_code,
        document__currency=F("document__area__currency"),
        document__delivery_date__range=days,
    )


def _quarters(published: QuerySet[Price], area_code: str) -> Quarters:
    """Quarters by their start."""
    in_order = published.order_by("document__fetched_at", "document__version", "document_id", "start")
    rows = in_order.values_list("start", "end", "price_per_kwh", "document__source")
    ranks = {source: rank_of(area_code, source) for _, _, _, source in rows}
    quarters: Quarters = {}
    # What comes later replaces what came before it: the first source last, and of one source the newest version.
    latest: dict[tuple[datetime, datetime], Decimal] = {}
    for at, until, price, _ in sorted(rows, key=lambda row: -ranks[row[3]]):
        latest.pop((at, until), None)
        latest[at, until] = price
    for (at, until), price in latest.items():
        quarters |= {quarter.start: quarter for quarter in split_into_quarters(PriceInterval(at, until, price))}
    return quarters


def _says_the_same(document: PriceDocument, day: PriceDay) -> bool:
    stored = document.prices.order_by("start").values_list("start", "end", "price_per_kwh")
    return list(stored) == [(row.start, row.end, row.price_per_kwh) for row in day.intervals]
