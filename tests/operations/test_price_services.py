"""A service in trouble is left alone, longer each time and as long as it asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from charging.adapters.prices.price_day import PriceAnswerError
from charging.models import PriceArea, PriceCall, PriceService
from charging.operations.price_calls import chance_of
from charging.operations.price_fetching import fetch_prices
from charging.operations.price_services import note_failure, note_success
from charging.operations.prices import ensure_price_areas
from tests.factories import make_driver, make_location
from tests.feeds.in_memory import Services

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
"""13:00 market time."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def failure(*, retry_after: timedelta = timedelta(0)) -> PriceAnswerError:
    return PriceAnswerError("refused", "HTTP 503", is_of_service=True, retry_after=retry_after)


def rests_after(failures: int, *, retry_after: timedelta = timedelta(0)) -> timedelta:
    for _ in range(failures - 1):
        note_failure(name="a service", error=failure(), now=NOW)
    return note_failure(name="a service", error=failure(retry_after=retry_after), now=NOW) - NOW


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (20, 60)])
def test_it_rests_longer_after_each_failure_in_a_row(failures: int, minutes: int) -> None:
    assert minutes * MINUTE <= rests_after(failures) <= minutes * MINUTE * 1.25


def test_it_rests_for_at_least_as_long_as_it_asks_for() -> None:
    assert 3 * HOUR <= rests_after(1, retry_after=3 * HOUR) <= 3 * HOUR + MINUTE


def test_an_answer_ends_the_rest_and_the_count() -> None:
    rests_after(5)

    note_success(name="a service", now=NOW)

    service = PriceService.objects.get()
    assert (service.failures, service.rests_until, service.reason, service.succeeded_at) == (0, None, "", NOW)
    assert rests_after(1) < 2 * MINUTE


def test_the_first_failure_and_the_return_are_logged_and_nothing_between() -> None:
    with capture_logs() as logs:
        note_success(name="a service", now=NOW)
        rests_after(4)
        note_success(name="a service", now=NOW)
        note_success(name="a service", now=NOW)

    assert [(log["log_level"], log["event"], log["source"]) for log in logs] == [
        ("warning", "price service rests", "a service"),
        ("info", "price service is back", "a service"),
    ]
    assert logs[0]["reason"] == "refused: HTTP 503"


def test_the_count_has_an_end() -> None:
    note_failure(name="a service", error=failure(), now=NOW)
    PriceService.objects.update(failures=10_000)

    note_failure(name="a service", error=failure(), now=NOW)

    assert PriceService.objects.get().failures == 10_000


def test_chances_are_spread_always_the_same_and_others_elsewhere(settings: object) -> None:
    chances = [chance_of(f"NO2 2026-01-{day:02}") for day in range(1, 32)]

    assert all(0 <= chance < 1 for chance in chances)
    assert max(chances) - min(chances) > 0.5
    assert chances[0] == chance_of("NO2 2026-01-01")
    settings.SECRET_KEY = "the key of another installation"  # type: ignore[attr-defined]
    assert chances[0] != chance_of("NO2 2026-01-01")


class TestAsking:
    @pytest.fixture
    def services(self) -> Services:
        ensure_price_areas()
        make_location(driver=make_driver(), price_area=PriceArea.objects.get(code="NO2"))
        return Services()

    def fetch(self, services: Services, now: datetime) -> int:
        before = len(services.asked)
        with services.client() as client:
            fetch_prices(now=now, client=client)
        return len(services.asked) - before

    def test_one_that_wants_to_be_left_alone_is_left_alone_that_long(self, services: Services) -> None:
        services.failure = httpx.Response(429, headers={"Retry-After": "5400"})

        assert self.fetch(services, NOW) == 1
        assert sum(self.fetch(services, NOW + minutes * MINUTE) for minutes in range(1, 90)) == 0
        assert sum(self.fetch(services, NOW + minutes * MINUTE) for minutes in range(90, 95)) == 1

    def test_a_bell_every_minute_for_a_day_of_trouble_is_a_few_dozen_questions(self, services: Services) -> None:
        services.failure = httpx.ConnectError

        asked = sum(self.fetch(services, NOW + minutes * MINUTE) for minutes in range(0, 1440, 2))

        assert 15 <= asked <= 35

    def test_what_waits_for_a_resting_service_is_asked_when_it_may_be_again(self, services: Services) -> None:
        services.failure = httpx.ConnectError
        self.fetch(services, NOW)

        rests_until = PriceService.objects.get().rests_until
        assert set(PriceCall.objects.values_list("next_at", flat=True)) == {rests_until}
