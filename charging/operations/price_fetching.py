"""Fetches published prices. It holds no transaction while it waits for the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import httpx
import structlog
from django.core.cache import cache

from charging.adapters.prices import energy_charts
from charging.adapters.prices.price_day import PriceAnswerError
from charging.core.market_time import market_day, published_at
from charging.models import Location, PriceArea, PriceDocument
from charging.operations.price_arrival import wake_cars
from charging.operations.prices import store_price_day

logger = structlog.get_logger(__name__)

SILENT_FOR = timedelta(days=1)


def fetch_prices(*, now: datetime, client: httpx.Client | None = None) -> tuple[PriceDocument, ...]:
    """Fetches today's and, from 12:45 market time on, tomorrow's prices of the areas in use; returns what is new.

    A day that is stored is not asked for again. A failure leaves what is stored as it is and is logged once; when
    the service cannot be reached the rest waits for the next call.
    """
    if client is None:
        with energy_charts.make_client() as own_client:
            return fetch_prices(now=now, client=own_client)
    stored: list[PriceDocument] = []
    for area_code, delivery_date in _wanted(now):
        try:
            day = energy_charts.fetch_day(area_code, delivery_date, client=client)
        except PriceAnswerError as error:
            _log_once(area_code, delivery_date, error.reason)
            if error.reason == energy_charts.NOT_REACHABLE:
                break
            continue
        cache.delete(_log_key(area_code, delivery_date))
        document = store_price_day(day=day, now=now)
        if document is not None:
            stored.append(document)
    wake_cars(area_codes={document.area.code for document in stored}, at_wall=now)
    return tuple(stored)


def areas_in_use() -> tuple[str, ...]:
    """Codes of the areas that price any charging location, in alphabetical order."""
    columns = ("price_area_id", "example_area_id")
    used = {pk for row in Location.objects.values_list(*columns).distinct() for pk in row if pk is not None}
    return tuple(PriceArea.objects.filter(pk__in=used).order_by("code").values_list("code", flat=True))


def _wanted(now: datetime) -> Iterator[tuple[str, date]]:
    """Areas and days that should be published and are not stored."""
    today = market_day(now)
    tomorrow = today + timedelta(days=1)
    days = [today, tomorrow] if now >= published_at(tomorrow) else [today]
    documents = PriceDocument.objects.filter(delivery_date__in=days, source=energy_charts.SOURCE)
    stored = set(documents.values_list("area__code", "delivery_date"))
    for area_code in areas_in_use():
        yield from ((area_code, day) for day in days if (area_code, day) not in stored)


def _log_once(area_code: str, delivery_date: date, reason: str) -> None:
    key = _log_key(area_code, delivery_date)
    if cache.get(key) == reason:
        return
    cache.set(key, reason, SILENT_FOR.total_seconds())
    logger.warning("prices not fetched", price_area=area_code, delivery_date=delivery_date.isoformat(), reason=reason)


def _log_key(area_code: str, delivery_date: date) -> str:
    return f"prices-not-fetched:{area_code}:{delivery_date.isoformat()}"
