"""How old the prices of the areas in use are, and whether tomorrow's are late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max

from charging.adapters.prices.areas import areas
from charging.adapters.prices.source_order import sources_of
from charging.models import PriceDocument
from charging.operations.price_calls import areas_in_use
from charging.operations.price_fetching import source_options

LATE_AFTER = timedelta(hours=3, minutes=15)
"""From the usual time of publication on: 16:00 where that is 12:45."""


@dataclass(frozen=True, slots=True)
class AreaPrices:
    """Of one area: how long ago its newest prices came, None where none ever did, and whether tomorrow's are late."""

    area_code: str
    age: timedelta | None
    are_late: bool


def prices_of_areas(*, at_wall: datetime) -> tuple[AreaPrices, ...]:
    """Returns the state of the prices of each area that prices a place, in three queries.

    Prices are late only where they are fetched at all: sample prices are always there.
    """
    codes = areas_in_use()
    documents = PriceDocument.objects.filter(area__code__in=codes).order_by().values_list("area__code")
    newest = {
        code: (fetched_at, last)
        for code, fetched_at, last in documents.annotate(fetched=Max("fetched_at"), last=Max("delivery_date"))
    }
    fetched = _fetched(codes)
    found = []
    for code in codes:
        fetched_at, last = newest.get(code, (None, None))
        age = None if fetched_at is None else max(timedelta(0), at_wall - fetched_at)
        are_late = False
        if code in fetched:
            today = areas()[code].market_day(at_wall)
            tomorrow = today + timedelta(days=1)
            # Tomorrow's become today's at midnight, and absent ones do not come by that.
            has_no_today = last is not None and last < today
            are_late = has_no_today or ((last is None or last < tomorrow) and _is_overdue(code, tomorrow, at_wall))
        found.append(AreaPrices(code, age, are_late))
    return tuple(found)


def _is_overdue(code: str, day: date, at_wall: datetime) -> bool:
    return at_wall >= areas()[code].published_at(day) + LATE_AFTER


def _fetched(codes: Collection[str]) -> set[str]:
    if not settings.READYBY_LIVE_PRICES:
        return set()
    return {code for code in codes if sources_of(code, source_options())}
