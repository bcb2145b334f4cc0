"""Several sources of one area: who is asked, who wins, and what is said when they disagree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from charging.adapters.prices.areas import areas
from charging.models import PriceCall, PriceDocument
from charging.operations.prices import ensure_price_areas
from tests.feeds.answers import Day, make_day
from tests.feeds.in_memory import Services
from tests.operations.price_asking import (
    DAY,
    HTML,
    MINUTE,
    MORNING,
    TODAY,
    TOMORROW,
    asked_sources,
    fetch,
    make_place,
    price_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everything_is_allowed_in_finland(settings: Settings) -> None:
    settings.READYBY_ENTSOE_TOKEN = "a token"
    settings.READYBY_NORD_POOL = True
    ensure_price_areas()
    make_place("FI")


@pytest.fixture
def services() -> Services:
    return Services(TODAY, TOMORROW)


def test_the_first_source_that_has_the_day_is_the_last_that_is_asked(services: Services) -> None:
    (document, *_) = fetch(services, MORNING)

    assert document.source == "nord-pool"
    assert asked_sources(services, TODAY) == ["nord-pool"]


@pytest.mark.parametrize(
    ("failing", "source"),
    [
        ({"nord-pool"}, "entsoe"),
        ({"nord-pool", "entsoe"}, "energy-charts"),
        ({"nord-pool", "entsoe", "energy-charts"}, "elering"),
    ],
    ids=["second", "third", "last"],
)
@pytest.mark.parametrize(
    "failure",
    [httpx.Response(204), HTML, httpx.Response(503), httpx.ConnectError],
    ids=["late", "HTML", "503", "-"],
)
def test_where_one_is_late_or_broken_the_next_is_asked(
    services: Services, failing: set[str], source: str, failure: Any
) -> None:
    services.failing, services.failure = failing, failure

    document = fetch(services, MORNING)[0]

    assert (document.source, document.delivery_date) == (source, TODAY)


def test_a_better_source_is_asked_on_and_wins_when_it_comes(services: Services) -> None:
    services.failing = {"nord-pool", "entsoe"}
    fetch(services, MORNING)
    services.failing = {"nord-pool"}
    services.asked.clear()
    services.prices = lambda source, code, day: make_day(code, day, price=lambda at: 500)

    (document,) = fetch(services, MORNING + 20 * MINUTE)

    assert document.source == "entsoe"
    assert asked_sources(services, TODAY) == ["nord-pool", "entsoe"]
    assert str(price_at(MORNING)) == "0.50000"


def test_a_worse_source_cannot_change_anything_and_is_not_asked(services: Services) -> None:
    services.published = {TODAY}
    fetch(services, MORNING)
    services.asked.clear()
    services.failing, services.failure = {"nord-pool"}, HTML

    assert fetch(services, MORNING + timedelta(hours=7)) == ()
    assert asked_sources(services, TODAY) == ["nord-pool"]


def test_a_correction_is_a_new_version_and_the_old_one_stays(services: Services) -> None:
    fetch(services, MORNING)
    services.prices = lambda source, code, day: make_day(code, day).with_value(40, 333)

    documents = fetch(services, MORNING + timedelta(hours=7))

    assert {(row.source, row.version) for row in documents if row.delivery_date == TODAY} == {("nord-pool", 2)}
    assert PriceDocument.objects.filter(delivery_date=TODAY).count() == 2
    assert str(price_at(areas()["FI"].day_bounds(TODAY)[0] + timedelta(hours=10))) == "0.33300"


def test_sources_that_disagree_are_logged_once_and_the_first_in_the_order_wins(services: Services) -> None:
    def tell(source: str, code: str, day: date) -> Day:
        return make_day(code, day, price=lambda at: 100 if source == "entsoe" else 110)

    services.prices, services.failing = tell, {"nord-pool", "entsoe"}
    with capture_logs() as logs:
        fetch(services, MORNING)
        services.failing = {"nord-pool"}
        for hours in range(1, 15):
            fetch(services, MORNING + timedelta(hours=hours))

    told = [log for log in logs if log["event"] == "price sources disagree" and log["delivery_date"] == "2026-01-20"]
    assert [(log["sources"], log["difference"]) for log in told] == [(["entsoe", "energy-charts"], "0.01000")]
    assert str(price_at(MORNING)) == "0.10000"


def test_a_day_that_repeats_the_day_before_is_not_believed_and_the_next_source_asked(services: Services) -> None:
    def tell(source: str, code: str, day: date) -> Day:
        told = make_day(code, day)
        old = make_day(code, TODAY - DAY).values
        stale = tuple((at, price) for (at, _), (_, price) in zip(told.values, old, strict=True))
        return Day(code, day, stale) if source == "nord-pool" else told

    services.published.add(TODAY - DAY)
    fetch(services, MORNING - DAY)
    services.prices = tell

    document = fetch(services, MORNING)[0]

    assert (document.delivery_date, document.source) == (TODAY, "entsoe")
    assert PriceCall.objects.get(delivery_date=TODAY).reason == "nord-pool: same as the day before"
