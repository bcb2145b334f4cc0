"""What every source of prices promises: the whole day or nothing, whatever the service does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus, reading
from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from charging.adapters.prices.reading import fetch_day
from charging.adapters.prices.source import SourceOptions
from charging.adapters.prices.source_order import ORDER, SOURCES, order_of, rank_of, sources_of
from tests.feeds.answers import EXAMPLES, make_day, write
from tests.feeds.faults import ALL, DRIPPING, FAULTS, RETRY_AFTER_SECONDS, bad_reply, example_day, good_reply
from tests.feeds.server import Feed, Reply, serve

SPRING, AUTUMN, WINTER = date(2026, 3, 29), date(2026, 10, 25), date(2026, 1, 20)
TOKEN = "4f1e-a-token-of-nobody-9c2d"
ALLOWED = SourceOptions(entsoe_token=TOKEN, allows_nord_pool=True, octopus_product="AGILE-24-10-01")
SHORT = timedelta(seconds=0.25)


@pytest.fixture(scope="module")
def feed() -> Iterator[Feed]:
    """A server whose replies each test sets."""
    with serve(lambda source, day: Reply()) as running:
        yield running


def fetch(feed: Feed, source: str, delivery_date: date, area_code: str = "") -> PriceDay:
    area = areas()[area_code or EXAMPLES[source]]
    with feed.client() as client:
        return fetch_day(SOURCES[source], area, delivery_date, options=ALLOWED, client=client)


@pytest.mark.parametrize("source", sorted(ALL))
@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(SPRING, 23, id="the spring day"),
        pytest.param(WINTER, 24, id="a winter day"),
        pytest.param(AUTUMN, 25, id="the autumn day"),
    ],
)
def test_a_day_is_taken_whole_from_a_real_socket(feed: Feed, source: str, day: date, hours: int) -> None:
    told = example_day(source, day)
    feed.answering = lambda name, asked: good_reply(name, example_day(name, asked))

    taken = fetch(feed, source, day)

    area = areas()[EXAMPLES[source]]
    assert (taken.area_code, taken.delivery_date, taken.source) == (area.code, day, source)
    assert (taken.currency, taken.market_time_unit) == (area.currency, timedelta(minutes=area.market_time_unit_minutes))
    assert (taken.intervals[0].start, taken.intervals[-1].end) == area.day_bounds(day)
    assert sum((row.end - row.start for row in taken.intervals), timedelta()) == timedelta(hours=hours)
    assert all(earlier.end == later.start for earlier, later in pairwise(taken.intervals))
    expected = [round(Decimal(str(value)) / 1000, 5) for _, value in told.values]
    assert [row.price_per_kwh for row in taken.intervals] == expected


@pytest.mark.parametrize("source", sorted(ALL))
@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_market_time_units_of_all_lengths_are_taken(source: str, minutes: int) -> None:
    code = EXAMPLES[source]

    day = SOURCES[source].parse(write(source, make_day(code, WINTER, minutes=minutes)), areas()[code], WINTER)

    assert len(day.intervals) == 24 * 60 // minutes
    assert day.market_time_unit == timedelta(minutes=minutes)


@pytest.mark.parametrize("source", sorted(ALL))
@pytest.mark.parametrize("price", [-500, -0.01, 0, 4000])
def test_prices_that_the_market_can_have_are_taken(source: str, price: float) -> None:
    code = EXAMPLES[source]

    told = make_day(code, WINTER).with_value(3, price)
    day = SOURCES[source].parse(write(source, told), areas()[code], WINTER)

    assert day.intervals[3].price_per_kwh == round(Decimal(str(price)) / 1000, 5)


CASES = [(source, fault) for fault in FAULTS for source in sorted(FAULTS[fault].sources)]


@pytest.mark.parametrize(("source", "fault"), CASES, ids=[f"{fault} of {source}" for source, fault in CASES])
def test_a_bad_answer_is_refused_as_a_whole_and_in_time(
    feed: Feed, source: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault in DRIPPING:
        monkeypatch.setattr(reading, "WITHIN", SHORT)
    feed.answering = lambda name, asked: bad_reply(fault, name, example_day(name, asked))

    with pytest.raises(PriceAnswerError) as refusal:
        fetch(feed, source, AUTUMN)

    assert refusal.value.reason in FAULTS[fault].reasons
    assert refusal.value.is_of_service is FAULTS[fault].is_of_service
    assert TOKEN not in repr(refusal.value)


def test_there_are_more_than_forty_faults() -> None:
    assert len(FAULTS) >= 40
    assert len(CASES) >= 180


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        pytest.param("too many requests", RETRY_AFTER_SECONDS, id="seconds"),
        pytest.param("unavailable until a time", 5400, id="a date"),
        pytest.param("server error", 0, id="not said"),
    ],
)
def test_how_long_to_wait_is_what_the_service_says(feed: Feed, fault: str, seconds: int) -> None:
    feed.answering = lambda name, asked: bad_reply(fault, name, example_day(name, asked))

    with pytest.raises(PriceAnswerError) as refusal:
        fetch(feed, energy_charts.NAME, WINTER)

    assert refusal.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize("source", sorted(ALL))
def test_answers_may_be_compressed_and_without_a_length(feed: Feed, source: str) -> None:
    import gzip  # noqa: PLC0415 - only here

    def answer(name: str, asked: date) -> Reply:
        content = gzip.compress(write(name, example_day(name, asked)))
        return Reply(content, headers={"Content-Encoding": "gzip"}, manner="without length")

    feed.answering = answer

    assert fetch(feed, source, WINTER).delivery_date == WINTER


class TestOrder:
    def test_every_area_stands_once_in_the_table(self) -> None:
        listed = [code for codes, _ in ORDER for code in codes]

        assert sorted(listed) == sorted(areas())

    @pytest.mark.parametrize("code", list(areas()))
    def test_every_area_has_a_source_that_needs_no_key_and_knows_it(self, code: str) -> None:
        assert all(code in SOURCES[name].codes for name in order_of(code))
        assert sources_of(code, SourceOptions(octopus_product="AGILE-24-10-01"))

    def test_what_needs_a_key_or_a_decision_is_asked_only_with_it(self) -> None:
        def names(**options: object) -> list[str]:
            return [source.name for source in sources_of("FI", SourceOptions(**options))]  # type: ignore[arg-type]

        assert names() == ["energy-charts", "elering"]
        assert names(entsoe_token="x") == ["entsoe", "energy-charts", "elering"]
        assert names(entsoe_token="x", allows_nord_pool=True) == ["nord-pool", "entsoe", "energy-charts", "elering"]
        assert sources_of("GB-C", SourceOptions()) == ()

    def test_sources_rank_by_their_order_and_what_was_loaded_by_hand_before_all(self) -> None:
        assert [rank_of("FI", name) for name in ("my own file", "nord-pool", "entsoe", "elering")] == [-1, 0, 1, 3]
        assert rank_of("AN-ISLAND", "entsoe") == -1
        assert sources_of("AN-ISLAND", ALLOWED) == ()

    def test_the_areas_of_a_service_are_areas_that_we_know(self) -> None:
        for source in SOURCES.values():
            assert source.codes.keys() <= areas().keys()


class TestQuestions:
    @pytest.mark.parametrize(
        ("source", "address"),
        [
            (
                energy_charts,
                "https://api.energy-charts.info/price?bzn=DE-LU&start=2026-01-19T23:00Z&end=2026-01-20T23:00Z",
            ),
            (
                elering,
                "https://dashboard.elering.ee/api/nps/price?start=2026-01-19T23:00:00Z&end=2026-01-20T23:00:00Z",
            ),
            (
                nord_pool,
                "https://dataportal-api.nordpoolgroup.com/api/DayAheadPrices"
                "?date=2026-01-20&market=DayAhead&deliveryArea=SE3&currency=EUR",
            ),
            (
                octopus,
                "https://api.octopus.energy/v1/products/AGILE-24-10-01/electricity-tariffs/E-1R-AGILE-24-10-01-C/"
                "standard-unit-rates/?period_from=2026-01-19T23:00Z&period_to=2026-01-20T23:00Z&page_size=100",
            ),
            (
                entsoe,
                "https://web-api.tp.entsoe.eu/api?documentType=A44&contract_MarketAgreement.type=A01"
                "&in_Domain=10YBE----------2&out_Domain=10YBE----------2"
                "&periodStart=202601192300&periodEnd=202601202300",
            ),
        ],
        ids=lambda value: getattr(value, "NAME", ""),
    )
    def test_the_question_is_about_the_market_day_of_the_area(self, source: object, address: str) -> None:
        name: str = source.NAME  # type: ignore[attr-defined]

        question = SOURCES[name].ask(areas()[EXAMPLES[name]], WINTER, ALLOWED)

        assert question.address + "?" + "&".join(f"{key}={value}" for key, value in question.query.items()) == address

    def test_a_day_of_finland_is_a_day_of_the_market(self) -> None:
        question = energy_charts.ask(areas()["FI"], WINTER, ALLOWED)

        assert question.query["start"] == "2026-01-19T23:00Z"

    def test_the_token_is_sent_and_seen_nowhere_else(self, feed: Feed, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        feed.answering = lambda name, asked: Reply(status=503)
        feed.addresses.clear()

        with pytest.raises(PriceAnswerError) as refusal:
            fetch(feed, entsoe.NAME, WINTER)

        assert feed.addresses[0].count(TOKEN) == 1
        assert TOKEN not in repr(entsoe.ask(areas()["BE"], WINTER, ALLOWED))
        assert TOKEN not in repr(ALLOWED)
        assert TOKEN not in f"{refusal.value!r} {refusal.value.__context__!r}"
        assert TOKEN not in caplog.text


def test_each_area_says_when_its_day_begins_and_is_out() -> None:
    oslo, london = areas()["NO1"], areas()["GB-C"]

    assert london.day_bounds(WINTER) == oslo.day_bounds(WINTER)
    assert oslo.published_at(WINTER) == datetime.fromisoformat("2026-01-19T12:45+01:00")
    assert london.published_at(WINTER) == datetime.fromisoformat("2026-01-19T16:00+00:00")
    assert oslo.market_day(datetime.fromisoformat("2026-01-19T23:30+00:00")) == WINTER
