"""What is said of days that cannot be fetched: once each, until it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from charging.models import PriceCall, PriceDocument
from charging.operations.prices import ensure_price_areas
from tests.feeds.in_memory import Services
from tests.operations.price_asking import AFTER, HTML, MINUTE, MORNING, TODAY, TOMORROW, fetch, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> Services:
    ensure_price_areas()
    return Services(TODAY, TOMORROW)


def fetch_logged(services: Services, *instants: datetime) -> Iterator[dict[str, Any]]:
    with capture_logs() as logs:
        for now in instants:
            fetch(services, now)
    return (dict(log) for log in logs if log.get("delivery_date", "2026-01-20") >= "2026-01-20")


def test_a_lasting_failure_is_logged_once_per_area_and_day(services: Services) -> None:
    make_place("NO2")
    make_place("DK1")
    services.published, services.failure = {TODAY}, httpx.Response(404)

    logs = fetch_logged(services, *(AFTER + minutes * MINUTE for minutes in range(0, 60, 5)))

    assert [(log["event"], log["price_area"], log["delivery_date"], log["reason"]) for log in logs] == [
        ("prices not fetched", "DK1", "2026-01-21", "energy-charts: refused"),
        ("prices not fetched", "NO2", "2026-01-21", "energy-charts: refused"),
    ]


def test_what_is_late_is_no_reason_for_concern(services: Services) -> None:
    make_place("NO2")
    services.published = {TODAY}

    (log,) = fetch_logged(services, AFTER)

    assert (log["log_level"], log["reason"]) == ("info", "energy-charts: not published")


def test_another_failure_is_logged_again(services: Services) -> None:
    make_place("NO2")
    services.published, services.failure = set(), httpx.Response(404)
    logs = list(fetch_logged(services, MORNING))
    services.failure = HTML
    logs += fetch_logged(services, MORNING + 20 * MINUTE)

    assert [(log["log_level"], log["reason"]) for log in logs] == [
        ("warning", "energy-charts: refused"),
        ("warning", "energy-charts: not JSON"),
    ]


def test_a_failure_after_a_success_is_logged_again(services: Services) -> None:
    make_place("NO2")
    services.failure = httpx.Response(404)
    logs: list[dict[str, Any]] = []
    for minutes, published in ((0, set()), (20, {TODAY}), (40, set())):
        services.published = published
        PriceCall.objects.update(next_at=MORNING)
        logs += fetch_logged(services, MORNING + minutes * MINUTE)
        PriceDocument.objects.all().delete()

    assert [log["reason"] for log in logs] == ["energy-charts: refused"] * 2
