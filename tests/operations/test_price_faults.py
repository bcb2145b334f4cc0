"""Every fault of a feed, before, at and after 13:00 market time: nothing crashes, nothing good is lost, and no car is
stopped because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from charging.adapters.prices import reading
from charging.adapters.prices.areas import areas
from charging.core.case import Case
from charging.core.facts import Facts
from charging.core.facts_json import from_json
from charging.models import DecisionLog, Price, PriceArea, PriceCall, PriceDocument
from charging.operations.price_fetching import fetch_prices
from tests.feeds.answers import Day, make_day, usual_price
from tests.feeds.faults import DRIPPING, FAULTS, bad_reply, good_reply
from tests.feeds.server import Feed, Reply, serve
from tests.operations.obedient_car import ObedientCar, make_obedient_car, publish_days

pytestmark = pytest.mark.django_db

TODAY, TOMORROW = date(2026, 10, 24), date(2026, 10, 25)
"""Tomorrow has 25 hours."""
EVENING = datetime(2026, 10, 24, 16, 0, tzinfo=UTC)
"""19:00 in Helsinki, two hours before the end of what is known."""
KNOWN_UNTIL = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 10, 25, 5, 0, tzinfo=UTC)
INSTANTS = {
    "before": datetime(2026, 10, 24, 10, 59, tzinfo=UTC),
    "at": datetime(2026, 10, 24, 11, 0, tzinfo=UTC),
    "after": datetime(2026, 10, 24, 11, 7, tzinfo=UTC),
}
"""Around 13:00 market time."""
SOURCES = ("nord-pool", "entsoe", "energy-charts", "elering")
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture(scope="module")
def feed() -> Iterator[Feed]:
    """A server that plays all four services of Finland."""
    with serve(lambda source, day: Reply()) as running:
        yield running


@pytest.fixture(autouse=True)
def _everything_is_allowed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.READYBY_LIVE_PRICES = settings.READYBY_NORD_POOL = True
    settings.READYBY_ENTSOE_TOKEN = "a token"
    monkeypatch.setattr(reading, "WITHIN", timedelta(seconds=20))


@pytest.fixture
def car() -> ObedientCar:
    """With the prices of yesterday and today."""
    car = make_obedient_car(now=EVENING)
    publish_days(TODAY, count=2)
    # Nobody has to be asked for days of the past: they would be answered no better.
    area = PriceArea.objects.get(code="FI")
    days = [TODAY - number * timedelta(days=1) for number in range(1, 8)]
    PriceCall.objects.bulk_create(PriceCall(area=area, delivery_date=day) for day in days)
    return car


def is_bad(fault: str, sources: tuple[str, ...]) -> Callable[[str, date], Reply]:
    """All of these services have the fault, the others tell the truth."""

    def answer(source: str, day: date) -> Reply:
        told = make_day("FI", day)
        return bad_reply(fault, source, told) if source in sources else good_reply(source, told)

    return answer


def fetch(feed: Feed, now: datetime) -> tuple[PriceDocument, ...]:
    with feed.client() as client:
        return fetch_prices(now=now, client=client)


def stored_prices() -> list[tuple[object, ...]]:
    return list(Price.objects.order_by("pk").values_list("pk", "document_id", "start", "end", "price_per_kwh"))


NIGHT = (EVENING, EVENING + HOUR, KNOWN_UNTIL - QUARTER, KNOWN_UNTIL, KNOWN_UNTIL + HOUR, DEADLINE - HOUR / 2)
"""While prices are known, when they end, and until the deadline."""
SHORT_NIGHT = (EVENING, KNOWN_UNTIL, DEADLINE - HOUR / 2)


def live_through(instants: tuple[datetime, ...], car: ObedientCar, feed: Feed) -> None:
    """The bell rings and the car is looked at."""
    for now in instants:
        fetch(feed, now)
        car.evaluate(now)


def stale_stops() -> list[str]:
    """STOPs that were decided without a known price ahead, with a price that is not true, or too late to be safe."""
    found = []
    for row in DecisionLog.objects.filter(command__startswith="STOP").select_related("prices"):
        facts: Facts = from_json(Facts, {**row.facts, "prices": row.prices.prices})
        known = [price for price in facts.prices if not price.is_estimate]
        if not any(price.end > row.at for price in known):
            found.append(f"{row.at}: no known price ahead")
        if any(price.price_per_kwh != true_price(price.start) for price in known):
            found.append(f"{row.at}: a price that is not true")
        latest = Case(facts, row.at).latest_start
        if latest is None or latest <= row.at:
            found.append(f"{row.at}: too late")
    return found


def true_price(at: datetime) -> Decimal:
    return (Decimal(str(usual_price(at))) / 1000).quantize(Decimal("0.00001"))


CASES = [(fault, when) for fault in FAULTS for when in INSTANTS]


@pytest.mark.parametrize(("fault", "when"), CASES, ids=[f"{fault}, {when}" for fault, when in CASES])
def test_a_fault_of_all_services_changes_no_price_and_stops_no_car(
    car: ObedientCar, feed: Feed, fault: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault in DRIPPING:
        monkeypatch.setattr(reading, "WITHIN", timedelta(seconds=0.05))
    feed.answering = is_bad(fault, SOURCES)
    before = stored_prices()

    assert fetch(feed, INSTANTS[when]) == ()
    live_through(NIGHT if when == "after" else SHORT_NIGHT, car, feed)

    assert stored_prices() == before
    assert DecisionLog.objects.filter(command__startswith="STOP").exists()
    assert stale_stops() == []
    assert car.soc_percent == 80
    assert PriceCall.objects.get(delivery_date=TOMORROW).reason != ""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_first_services_leads_to_the_last(
    car: ObedientCar, feed: Feed, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault in DRIPPING:
        monkeypatch.setattr(reading, "WITHIN", timedelta(seconds=1))
        feed.answering = is_bad(fault, SOURCES[:1])
    else:
        feed.answering = is_bad(fault, SOURCES[:3])
    before = stored_prices()

    documents = fetch(feed, INSTANTS["after"])
    car.evaluate(EVENING)

    assert [document.delivery_date for document in documents] == [TOMORROW]
    assert documents[0].source in SOURCES[1:]
    assert [(row.start, row.price_per_kwh) for row in documents[0].prices.order_by("start")] == [
        (at, true_price(at)) for at, _ in make_day("FI", TOMORROW).values
    ]
    assert stored_prices()[: len(before)] == before
    assert stale_stops() == []


def test_the_matrix_is_as_large_as_promised() -> None:
    assert len(FAULTS) >= 25
    assert len(CASES) == 3 * len(FAULTS)


@pytest.mark.parametrize(
    ("opens", "within"),
    [
        pytest.param(timedelta(hours=-1, minutes=-5), timedelta(minutes=8), id="12:55"),
        pytest.param(timedelta(minutes=25), timedelta(minutes=8), id="14:25"),
        pytest.param(timedelta(hours=6), timedelta(minutes=21), id="20:00"),
        pytest.param(None, timedelta(0), id="never"),
    ],
)
def test_a_feed_that_opens_late_is_found_soon_without_being_pestered(
    car: ObedientCar, feed: Feed, opens: timedelta | None, within: timedelta
) -> None:
    """F14: a bell every three minutes from 12:40 until midnight, market time; 14:00 is when `opens` is zero."""
    two_o_clock = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    opens_at = None if opens is None else two_o_clock + opens
    now, arrived_at = two_o_clock - timedelta(minutes=80), None
    feed.asked.clear()

    def answer(source: str, day: date) -> Reply:
        is_out = day < TOMORROW or (opens_at is not None and now >= opens_at)
        return good_reply(source, make_day("FI", day)) if is_out else Reply(status=204)

    feed.answering = answer
    while now < KNOWN_UNTIL:
        documents = fetch(feed, now)
        if any(document.delivery_date == TOMORROW for document in documents):
            arrived_at = arrived_at or now
        now += timedelta(minutes=3)

    asked = [source for source, day in feed.asked if day == TOMORROW]
    assert max(asked.count(source) for source in SOURCES) <= 100
    if opens_at is None:
        assert arrived_at is None
        assert min(asked.count(source) for source in SOURCES) >= 60
    else:
        assert arrived_at is not None
        assert opens_at <= arrived_at <= opens_at + within


def test_an_old_answer_with_a_new_date_is_not_believed(car: ObedientCar, feed: Feed) -> None:
    old = make_day("FI", TODAY).values

    def answer(source: str, day: date) -> Reply:
        told = make_day("FI", day)
        times = [at for at, _ in told.values][: len(old)]
        stale = tuple((at, price) for at, (_, price) in zip(times, old, strict=True))
        return good_reply(source, Day("FI", day, stale) if day == TOMORROW else told)

    feed.answering = answer

    assert fetch(feed, INSTANTS["after"]) == ()
    assert areas()["FI"].market_day(KNOWN_UNTIL) == TOMORROW
