"""Fetching published prices: what is asked for, what is kept, and what is said when it fails."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from charging.models import Price, PriceArea, PriceCall, PriceDocument
from charging.operations import price_fetching
from charging.operations.price_calls import areas_in_use
from charging.operations.price_fetching import fetch_prices
from charging.operations.prices import ensure_price_areas
from tests.factories import make_driver, make_due, make_location, make_policy, make_price_area, make_vehicle
from tests.feeds.in_memory import Services
from tests.operations.price_asking import (
    AFTER,
    BEFORE,
    DAY,
    HTML,
    MINUTE,
    MORNING,
    PAST,
    TODAY,
    TOMORROW,
    asked_days,
    asked_sources,
    fetch,
    make_place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> Services:
    return Services(TODAY, TOMORROW)


@pytest.fixture(autouse=True)
def _areas() -> None:
    ensure_price_areas()


class TestWhatIsAsked:
    def test_the_areas_in_use_are_those_of_places_and_of_their_examples(self) -> None:
        make_place("NO1", example_area=PriceArea.objects.get(code="NO2"))
        make_place("NO1")
        make_location(driver=make_driver(), price_area=None)
        assert areas_in_use() == ("NO1", "NO2")

    def test_without_places_nothing_is_asked(self, services: Services) -> None:
        assert fetch(services, AFTER) == ()
        assert services.asked == []

    def test_an_area_of_the_operators_own_has_nobody_to_ask(self, services: Services) -> None:
        make_location(driver=make_driver(), price_area=make_price_area(code="ISLAND", name="An island grid"))
        assert fetch(services, AFTER) == ()

    @pytest.mark.parametrize(
        ("now", "days"),
        [
            pytest.param(BEFORE, [TODAY], id="before 12:45 only today"),
            pytest.param(AFTER, [TODAY, TOMORROW], id="from 12:45 tomorrow too"),
        ],
    )
    def test_today_and_later_tomorrow_come_first_and_then_the_past_week(
        self, services: Services, now: datetime, days: list[date]
    ) -> None:
        make_place("NO2")
        make_place("FI")
        services.published |= set(PAST)

        documents = fetch(services, now)

        expected = [(code, day) for code in ("FI", "NO2") for day in days]
        expected += [(code, day) for day in PAST for code in ("FI", "NO2")]
        assert asked_days(services) == expected
        assert [(document.area.code, document.delivery_date) for document in documents] == expected
        assert Price.objects.count() == 96 * len(expected)

    def test_the_agile_rates_of_britain_are_asked_for_when_they_are_out(self, services: Services) -> None:
        make_place("GB-C")
        four_in_london = datetime(2026, 1, 20, 16, 0, tzinfo=UTC)

        fetch(services, four_in_london - MINUTE)
        assert TOMORROW not in dict(asked_days(services)).values()
        (document,) = fetch(services, four_in_london)

        assert (document.source, document.delivery_date, document.currency) == ("octopus-agile", TOMORROW, "GBP")
        assert document.market_time_unit_minutes == 30

    def test_what_is_stored_is_not_asked_for_again_soon(self, services: Services) -> None:
        make_place("NO2")
        fetch(services, AFTER)
        services.asked.clear()

        assert fetch(services, AFTER + timedelta(hours=5)) == ()
        assert services.asked == []

    def test_days_of_the_past_that_are_stored_are_not_asked_for(self, services: Services) -> None:
        make_place("NO2")
        services.published |= set(PAST)
        fetch(services, MORNING)
        PriceCall.objects.all().delete()
        services.asked.clear()

        fetch(services, MORNING)

        assert asked_days(services) == [("NO2", TODAY)]

    def test_a_client_can_be_brought_along_and_stays_open(self, services: Services) -> None:
        make_place("NO2")
        with services.client() as client:
            assert len(fetch_prices(now=MORNING, client=client)) == 1
            assert not client.is_closed

    def test_without_one_it_makes_its_own(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        make_place("NO2")
        made: list[httpx.Client] = []

        def make_own() -> httpx.Client:
            made.append(services.client())
            return made[-1]

        monkeypatch.setattr(price_fetching, "make_client", make_own)
        assert len(fetch_prices(now=MORNING)) == 1
        assert made[0].is_closed

    def test_a_run_ends_in_time_and_the_next_goes_on(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        make_place("NO2")
        seconds = iter(range(0, 10_000, 10))
        monkeypatch.setattr(price_fetching, "monotonic", lambda: next(seconds))

        fetch(services, MORNING)
        assert asked_days(services) == [("NO2", TODAY)]
        fetch(services, MORNING + MINUTE)

        assert asked_days(services) == [("NO2", TODAY), ("NO2", PAST[0])]

    def test_the_past_is_forgotten_after_a_week(self, services: Services) -> None:
        make_place("NO2")
        fetch(services, MORNING)

        fetch(services, MORNING + 2 * DAY)

        assert min(PriceCall.objects.values_list("delivery_date", flat=True)) == TODAY - 5 * DAY


class TestFailure:
    def test_a_day_that_is_not_published_yet_is_fetched_when_it_is(self, services: Services) -> None:
        make_place("NO2")
        services.published.discard(TOMORROW)
        fetch(services, AFTER)
        services.published.add(TOMORROW)

        (document,) = fetch(services, AFTER + timedelta(hours=2))

        assert document.delivery_date == TOMORROW

    def test_one_bad_area_does_not_hinder_the_others(self, services: Services) -> None:
        make_place("DK1")
        make_place("NO2")
        services.failing, services.failure = {"DK1"}, HTML

        assert {document.area.code for document in fetch(services, MORNING)} == {"NO2"}

    @pytest.mark.parametrize(
        "failure",
        [
            pytest.param(httpx.Response(500), id="server error"),
            pytest.param(HTML, id="HTML"),
            pytest.param(httpx.Response(200, content=b'{"unix_seconds": [1'), id="truncated"),
            pytest.param(httpx.ReadTimeout, id="time-out"),
        ],
    )
    def test_a_failure_leaves_good_prices_as_they_are(self, services: Services, failure: Any) -> None:
        make_place("NO2")
        fetch(services, MORNING)
        before = list(Price.objects.order_by("pk").values_list())
        services.published, services.failure = set(), failure

        for minutes in (0, 15, 400):
            assert fetch(services, AFTER + minutes * MINUTE) == ()

        assert list(Price.objects.order_by("pk").values_list()) == before

    def test_when_the_service_cannot_be_reached_the_other_areas_wait_for_the_next_time(
        self, services: Services
    ) -> None:
        for code in ("DK1", "NO2", "SE4"):
            make_place(code)
        services.published, services.failure = set(), httpx.ConnectTimeout

        fetch(services, AFTER)
        assert asked_days(services) == [("DK1", TODAY)]

        services.published = {TODAY, TOMORROW}
        fetch(services, AFTER + 2 * MINUTE)
        assert {area for area, _ in asked_days(services)} == {"DK1", "NO2", "SE4"}

    def test_a_past_day_that_nobody_has_is_given_up(self, services: Services) -> None:
        make_place("NO2")
        services.published = {TODAY, TOMORROW, TODAY + 2 * DAY}
        for hours in range(48):
            fetch(services, MORNING + timedelta(hours=hours))

        assert asked_sources(services, PAST[2]) == ["energy-charts"] * 3
        assert PriceCall.objects.get(delivery_date=PAST[2]).next_at is None

    def test_a_day_that_another_process_stored_meanwhile_is_not_new(self, services: Services) -> None:
        make_place("NO2")
        services.published = {TODAY}

        def fetch_elsewhere() -> None:
            services.meanwhile = lambda: None
            PriceCall.objects.filter(delivery_date=TODAY).update(next_at=MORNING)
            assert len(fetch(services, MORNING)) == 1

        services.meanwhile = fetch_elsewhere

        assert fetch(services, MORNING) == ()
        assert PriceDocument.objects.count() == 1

    def test_while_one_process_asks_no_other_does(self, services: Services) -> None:
        make_place("NO2")
        services.published = {TODAY}
        inner: list[tuple[PriceDocument, ...]] = []

        def fetch_elsewhere() -> None:
            services.meanwhile = lambda: None
            inner.append(fetch(services, MORNING))

        services.meanwhile = fetch_elsewhere

        assert len(fetch(services, MORNING)) == 1
        assert asked_sources(services, TODAY) == ["energy-charts"]
        assert inner == [()]


def test_new_prices_wake_the_cars_of_their_area(services: Services) -> None:
    driver = make_driver()
    place = make_location(driver=driver, price_area=PriceArea.objects.get(code="NO2"))
    vehicle = make_vehicle(driver=driver, view={"location": place})
    make_policy(vehicle=vehicle)
    due = make_due(vehicle=vehicle, due_at=MORNING + timedelta(minutes=5))

    fetch(services, MORNING)

    due.refresh_from_db()
    assert due.due_at == MORNING
