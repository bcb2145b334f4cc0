"""Who published the prices of an area that hold in a period, and since when they are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from charging.adapters.prices.source_order import rank_of
from charging.models import PriceDocument


@dataclass(frozen=True, slots=True)
class Publication:
    """A source by its short name ("nord-pool"), the licence it names, and when its newest prices came here."""

    source: str
    licence: str
    received_at: datetime


def publications(*, area_code: str, start: datetime, end: datetime) -> tuple[Publication, ...]:
    """The sources of the published prices that touch `[start, end)`, of each delivery day the one that counts.

    In the order of the delivery days; a source of several days stands once, with the newest of its prices.
    """
    rows = (
        PriceDocument.objects.filter(
            area__code=area_code, currency=F("area__currency"), prices__start__lt=end, prices__end__gt=start
        )
        .distinct()
        .order_by("delivery_date", "fetched_at", "version", "pk")
    )
    of_day: dict[object, PriceDocument] = {}
    for row in rows:
        known = of_day.get(row.delivery_date)
        if known is None or rank_of(area_code, row.source) <= rank_of(area_code, known.source):
            of_day[row.delivery_date] = row
    of_source: dict[str, Publication] = {}
    for row in of_day.values():
        before = of_source.get(row.source)
        received_at = row.fetched_at if before is None else max(before.received_at, row.fetched_at)
        of_source[row.source] = Publication(row.source, row.licence, received_at)
    return tuple(of_source.values())
