"""Asking the services that publish prices, in tests: the days around one afternoon, and places to ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from charging.models import PriceArea, PriceDocument
from charging.operations.price_fetching import fetch_prices
from charging.operations.prices import prices_between
from tests.factories import make_driver, make_location
from tests.feeds.in_memory import Services

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TODAY = date(2026, 1, 20)
TOMORROW = TODAY + DAY
PAST = [TODAY - number * DAY for number in range(1, 8)]
MORNING = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)
BEFORE = datetime(2026, 1, 20, 11, 44, 59, tzinfo=UTC)
AFTER = datetime(2026, 1, 20, 11, 45, tzinfo=UTC)
"""12:45 in Brussels."""
HTML = httpx.Response(200, content=b"<html>")


def make_place(area_code: str, **values: Any) -> None:
    make_location(driver=make_driver(), price_area=PriceArea.objects.get(code=area_code), **values)


def fetch(services: Services, now: datetime) -> tuple[PriceDocument, ...]:
    with services.client() as client:
        return fetch_prices(now=now, client=client)


def asked_days(services: Services) -> list[tuple[str, date]]:
    return [(area_code, day) for _, area_code, day in services.asked]


def asked_sources(services: Services, day: date) -> list[str]:
    return [source for source, _, asked in services.asked if asked == day]


def price_at(at: datetime, area_code: str = "FI") -> object:
    period = prices_between(area_code=area_code, start=at, end=at + MINUTE, is_accelerated=False, now=at)
    return period.intervals[0].price_per_kwh
