"""Fetching published prices: what is asked for, what is kept, and what is said when it fails."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from django.core.cache import cache
from structlog.testing import capture_logs

from charging.adapters.prices.energy_charts import ADDRESS
from charging.core.market_time import market_day, market_day_bounds
from charging.models import Price, PriceArea, PriceDocument
from charging.operations.price_fetching import areas_in_use, fetch_prices
from charging.operations.prices import ensure_price_areas
from tests.factories import make_driver, make_due, make_location, make_policy, make_vehicle

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 20)
TOMORROW = date(2026, 1, 21)
MORNING = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)
BEFORE = datetime(2026, 1, 20, 11, 44, 59, tzinfo=UTC)
AFTER = datetime(2026, 1, 20, 11, 45, tzinfo=UTC)
"""12:45 in Brussels."""


class FakeService:
    """Answers like Energy-Charts for the days and areas it has; `failure` answers everything else."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.asked: list[tuple[str, date]] = []
        self.published = {TODAY, TOMORROW}
        self.failure: httpx.Response | type[Exception] = httpx.Response(404, json={"detail": "no content available"})
        self.failing_areas: set[str] = set()
        self.meanwhile: Callable[[], object] = lambda: None
        router.get(ADDRESS).mock(side_effect=self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        day = market_day(datetime.fromisoformat(params["start"]))
        self.asked.append((params["bzn"], day))
        self.meanwhile()
        if params["bzn"] in self.failing_areas or day not in self.published:
            if isinstance(self.failure, httpx.Response):
                return self.failure
            raise self.failure("no way")
        start, end = market_day_bounds(day)
        seconds = list(range(int(start.timestamp()), int(end.timestamp()), 900))
        content = {"unix_seconds": seconds, "price": [80.0] * len(seconds), "unit": "EUR/MWh"}
        return httpx.Response(200, content=json.dumps(content))


@pytest.fixture
def service() -> Iterator[FakeService]:
    with respx.mock(assert_all_called=False) as router:
        yield FakeService(router)


@pytest.fixture(autouse=True)
def _clean_start() -> None:
    cache.clear()
    ensure_price_areas()


def make_place(area_code: str, **values: Any) -> None:
    make_location(driver=make_driver(), price_area=PriceArea.objects.get(code=area_code), **values)


def test_the_areas_in_use_are_those_of_places_and_of_their_examples() -> None:
    make_place("NO1", example_area=PriceArea.objects.get(code="NO2"))
    make_place("NO1")
    make_location(driver=make_driver(), price_area=None)
    assert areas_in_use() == ("NO1", "NO2")


def test_without_places_nothing_is_asked(service: FakeService) -> None:
    assert fetch_prices(now=AFTER) == ()
    assert service.asked == []


@pytest.mark.parametrize(
    ("now", "days"),
    [
        pytest.param(BEFORE, [TODAY], id="before 12:45 only today"),
        pytest.param(AFTER, [TODAY, TOMORROW], id="from 12:45 tomorrow too"),
    ],
)
def test_today_and_later_tomorrow_are_fetched_for_each_area(
    service: FakeService, now: datetime, days: list[date]
) -> None:
    make_place("NO2")
    make_place("FI")

    documents = fetch_prices(now=now)

    expected = [(code, day) for code in ("FI", "NO2") for day in days]
    assert service.asked == expected
    assert [(document.area.code, document.delivery_date) for document in documents] == expected
    assert Price.objects.count() == 96 * len(expected)


def test_what_is_stored_is_not_asked_for_again(service: FakeService) -> None:
    make_place("NO2")
    fetch_prices(now=AFTER)
    service.asked.clear()

    assert fetch_prices(now=AFTER + timedelta(minutes=15)) == ()
    assert service.asked == []


def test_a_day_that_is_not_published_yet_is_fetched_when_it_is(service: FakeService) -> None:
    make_place("NO2")
    service.published = {TODAY}
    fetch_prices(now=AFTER)
    service.published.add(TOMORROW)

    (document,) = fetch_prices(now=AFTER + timedelta(hours=2))

    assert document.delivery_date == TOMORROW


def test_one_bad_area_does_not_hinder_the_others(service: FakeService) -> None:
    make_place("DK1")
    make_place("NO2")
    service.failing_areas = {"DK1"}
    service.failure = httpx.Response(200, content=b"<html>")

    documents = fetch_prices(now=MORNING)

    assert [document.area.code for document in documents] == ["NO2"]


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(httpx.Response(500), id="server error"),
        pytest.param(httpx.Response(200, content=b"<html>"), id="HTML"),
        pytest.param(httpx.Response(200, content=b'{"unix_seconds": [1'), id="truncated"),
        pytest.param(httpx.ReadTimeout, id="time-out"),
    ],
)
def test_a_failure_leaves_good_prices_as_they_are(
    service: FakeService, failure: httpx.Response | type[Exception]
) -> None:
    make_place("NO2")
    fetch_prices(now=MORNING)
    before = list(Price.objects.order_by("pk").values_list())
    service.published = set()
    service.failure = failure

    assert fetch_prices(now=AFTER) == ()
    assert list(Price.objects.order_by("pk").values_list()) == before
    assert PriceDocument.objects.count() == 1


def test_a_lasting_failure_is_logged_once_per_area_and_day(service: FakeService) -> None:
    make_place("NO2")
    make_place("DK1")
    service.published = {TODAY}

    with capture_logs() as logs:
        for minutes in (0, 15, 30):
            fetch_prices(now=AFTER + timedelta(minutes=minutes))

    assert [(log["event"], log["price_area"], log["delivery_date"], log["reason"]) for log in logs] == [
        ("prices not fetched", "DK1", "2026-01-21", "refused"),
        ("prices not fetched", "NO2", "2026-01-21", "refused"),
    ]


def test_another_failure_is_logged_again(service: FakeService) -> None:
    make_place("NO2")
    service.published = set()
    with capture_logs() as logs:
        fetch_prices(now=MORNING)
        service.failure = httpx.Response(200, content=b"<html>")
        fetch_prices(now=MORNING)
    assert [log["reason"] for log in logs] == ["refused", "not JSON"]


def test_a_failure_after_a_success_is_logged_again(service: FakeService) -> None:
    make_place("NO2")
    with capture_logs() as logs:
        for published in (set(), {TODAY}, set()):
            service.published = published
            fetch_prices(now=MORNING)
            PriceDocument.objects.all().delete()
    assert [log["reason"] for log in logs] == ["refused", "refused"]


def test_when_the_service_cannot_be_reached_the_other_areas_wait_for_the_next_time(service: FakeService) -> None:
    for code in ("DK1", "NO2", "SE4"):
        make_place(code)
    service.published = set()
    service.failure = httpx.ConnectTimeout

    fetch_prices(now=AFTER)

    assert service.asked == [("DK1", TODAY)]


def test_a_client_can_be_brought_along_and_stays_open(service: FakeService) -> None:
    make_place("NO2")
    with httpx.Client() as client:
        assert len(fetch_prices(now=MORNING, client=client)) == 1
        assert not client.is_closed


def test_new_prices_wake_the_cars_of_their_area(service: FakeService) -> None:
    driver = make_driver()
    place = make_location(driver=driver, price_area=PriceArea.objects.get(code="NO2"))
    vehicle = make_vehicle(driver=driver, view={"location": place})
    make_policy(vehicle=vehicle)
    due = make_due(vehicle=vehicle, due_at=MORNING + timedelta(minutes=5))

    fetch_prices(now=MORNING)

    due.refresh_from_db()
    assert due.due_at == MORNING


def test_a_day_that_another_process_stored_meanwhile_is_not_new(service: FakeService) -> None:
    make_place("NO2")

    def fetch_elsewhere() -> None:
        service.meanwhile = lambda: None
        fetch_prices(now=MORNING)

    service.meanwhile = fetch_elsewhere

    assert fetch_prices(now=MORNING) == ()
    assert PriceDocument.objects.count() == 1
