"""Answers of Energy-Charts: the whole day or nothing."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import respx

from charging.adapters.prices import energy_charts
from charging.adapters.prices.areas import areas
from charging.adapters.prices.energy_charts import ADDRESS
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from charging.adapters.prices.reading import fetch_day, make_client
from charging.adapters.prices.source import SourceOptions
from charging.core.market_time import market_day_bounds

DATE = date(2026, 1, 20)
START = int(market_day_bounds(DATE)[0].timestamp())
LICENCE = "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de"


def make_answer(*, day: date = DATE, minutes: int = 15, **values: Any) -> dict[str, Any]:
    start, end = market_day_bounds(day)
    seconds = list(range(int(start.timestamp()), int(end.timestamp()), minutes * 60))
    prices = [round(50 + index * 0.5, 2) for index in range(len(seconds))]
    answer = {"license_info": LICENCE, "unix_seconds": seconds, "price": prices, "unit": "EUR / MWh"}
    return answer | {"deprecated": False} | values


def make_content(**values: Any) -> bytes:
    return json.dumps(make_answer(**values)).encode()


def parse(content: bytes, *, day: date = DATE) -> PriceDay:
    return energy_charts.parse(content, areas()["DE-LU"], day)


def fetch(area_code: str, day: date) -> PriceDay:
    with make_client() as client:
        return fetch_day(energy_charts.SOURCE, areas()[area_code], day, options=SourceOptions(), client=client)


def changed(index: int, key: str, value: object) -> bytes:
    answer = make_answer()
    answer[key][index] = value
    return json.dumps(answer).encode()


def without(index: int) -> bytes:
    answer = make_answer()
    del answer["unix_seconds"][index], answer["price"][index]
    return json.dumps(answer).encode()


def doubled(index: int) -> bytes:
    answer = make_answer()
    for key in ("unix_seconds", "price"):
        answer[key].insert(index, answer[key][index])
    return json.dumps(answer).encode()


def swapped() -> bytes:
    answer = make_answer()
    seconds = answer["unix_seconds"]
    seconds[3], seconds[4] = seconds[4], seconds[3]
    return json.dumps(answer).encode()


def test_a_whole_day_is_taken_with_its_unit_and_licence() -> None:
    day = parse(make_content())

    assert (day.area_code, day.delivery_date, day.source, day.currency) == ("DE-LU", DATE, "energy-charts", "EUR")
    assert day.market_time_unit == timedelta(minutes=15)
    assert day.licence == LICENCE
    assert len(day.intervals) == 96
    assert day.intervals[0].start == datetime(2026, 1, 19, 23, 0, tzinfo=UTC)
    assert day.intervals[-1].end == datetime(2026, 1, 20, 23, 0, tzinfo=UTC)
    assert [interval.price_per_kwh for interval in day.intervals[:2]] == [Decimal("0.05000"), Decimal("0.05050")]


@pytest.mark.parametrize(
    ("day", "minutes", "count"),
    [
        pytest.param(date(2026, 3, 29), 15, 92, id="quarters of the spring day"),
        pytest.param(date(2026, 10, 25), 15, 100, id="quarters of the autumn day"),
        pytest.param(date(2026, 3, 29), 60, 23, id="hours of the spring day"),
        pytest.param(DATE, 60, 24, id="hours"),
        pytest.param(date(2026, 10, 25), 60, 25, id="hours of the autumn day"),
        pytest.param(DATE, 30, 48, id="half hours"),
    ],
)
def test_days_of_all_lengths_and_market_time_units_are_whole(day: date, minutes: int, count: int) -> None:
    parsed = parse(make_content(day=day, minutes=minutes), day=day)
    assert len(parsed.intervals) == count
    assert parsed.market_time_unit == timedelta(minutes=minutes)


def test_negative_prices_are_prices() -> None:
    assert parse(changed(5, "price", -500)).intervals[5].price_per_kwh == Decimal("-0.5")


def test_times_outside_of_the_day_are_left_out() -> None:
    answer = make_answer()
    answer["unix_seconds"].append(answer["unix_seconds"][-1] + 900)
    answer["price"].append(None)
    assert len(parse(json.dumps(answer).encode()).intervals) == 96


BAD_ANSWERS = {
    "nothing": (b"", "not JSON"),
    "HTML": (b"<!doctype html><title>Sorry</title>", "not JSON"),
    "truncated JSON": (make_content()[:700], "not JSON"),
    "not UTF-8": (b'{"unit": "\xff"}', "not JSON"),
    "nested without end": (b"[" * 100_000, "not JSON"),
    "NaN": (make_content().replace(b"50.5", b"NaN"), "not JSON"),
    "infinity": (make_content().replace(b"50.5", b"-Infinity"), "not JSON"),
    "a list": (b"[]", "not an object"),
    "an error in JSON": (b'{"detail": "no content available"}', "list missing"),
    "no prices": (make_content(price=[]), "lists of different length"),
    "prices that are no list": (make_content(price="none"), "list missing"),
    "empty lists": (make_content(price=[], unix_seconds=[]), "not published"),
    "one price": (make_content(price=[50.0], unix_seconds=[START]), "incomplete day"),
    "another currency": (make_content(unit="SEK/MWh"), "wrong currency"),
    "another unit": (make_content(unit="EUR/kWh"), "wrong unit"),
    "no unit": (make_content(unit=None), "wrong unit"),
    "a price that is null": (changed(7, "price", None), "not published"),
    "a price that is a string": (changed(7, "price", "51.2"), "a price is no number"),
    "a price that is true": (changed(7, "price", True), "a price is no number"),
    "a price that is a list": (changed(7, "price", [51.2]), "a price is no number"),
    "a price of a billion": (changed(7, "price", 1_000_000_000), "absurd price"),
    "a price beyond all floats": (make_content().replace(b"50.5", b"1e999"), "absurd price"),
    "a price far below zero": (changed(7, "price", -1000.01), "absurd price"),
    "a time that is a string": (changed(7, "unix_seconds", "1768863600"), "a time is no whole number"),
    "a time that is a fraction": (changed(7, "unix_seconds", START + 0.5), "a time is no whole number"),
    "a time that is true": (changed(7, "unix_seconds", True), "a time is no whole number"),
    "a time beyond the calendar": (changed(7, "unix_seconds", 10**18), "a time is out of range"),
    "a time in milliseconds": (changed(7, "unix_seconds", START * 1000), "a time is out of range"),
    "the first interval missing": (without(0), "incomplete day"),
    "an interval missing": (without(50), "incomplete day"),
    "the last interval missing": (without(95), "incomplete day"),
    "an interval twice": (doubled(50), "times out of order or doubled"),
    "times out of order": (swapped(), "times out of order or doubled"),
    "a time off the grid": (changed(50, "unix_seconds", START + 50 * 900 + 60), "times out of order or doubled"),
    "another day": (make_content(day=date(2026, 1, 25)), "not published"),
    "half of another day": (make_content(unix_seconds=[START + 43_200 + n * 900 for n in range(96)]), "incomplete day"),
    "five-minute prices": (make_content(minutes=5), "unknown market time unit"),
    "two-hour prices": (make_content(minutes=120), "unknown market time unit"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
def test_a_bad_answer_is_refused_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(PriceAnswerError) as refusal:
        parse(content)
    assert refusal.value.reason == reason


def test_a_normal_day_is_no_answer_for_the_autumn_day() -> None:
    autumn = date(2026, 10, 25)
    answer = make_answer(day=autumn)
    cut = {key: answer[key][:96] for key in ("unix_seconds", "price")}
    with pytest.raises(PriceAnswerError, match="incomplete day"):
        parse(json.dumps(answer | cut).encode(), day=autumn)


@respx.mock
def test_the_service_is_asked_for_the_market_day_of_the_area() -> None:
    route = respx.get(ADDRESS).mock(return_value=httpx.Response(200, content=make_content()))

    day = fetch("FI", DATE)

    assert dict(route.calls.last.request.url.params) == {
        "bzn": "FI",
        "start": "2026-01-19T23:00Z",
        "end": "2026-01-20T23:00Z",
    }
    assert day.area_code == "FI"
    assert len(day.intervals) == 96


@respx.mock
@pytest.mark.parametrize("status", [204, 301, 302, 400, 404, 429, 500, 503])
def test_any_other_status_is_a_refusal(status: int) -> None:
    respx.get(ADDRESS).mock(
        return_value=httpx.Response(status, content=make_content(), headers={"Location": "http://localhost/"})
    )
    with pytest.raises(PriceAnswerError, match=f"HTTP {status}"):
        fetch("DE-LU", DATE)


@respx.mock
@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.RemoteProtocolError],
    ids=lambda error: error.__name__,
)
def test_a_service_that_does_not_answer_is_not_reachable(error: type[httpx.TransportError]) -> None:
    respx.get(ADDRESS).mock(side_effect=error)
    with pytest.raises(PriceAnswerError) as refusal:
        fetch("DE-LU", DATE)
    assert refusal.value.reason == "not reachable"


@respx.mock
def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    respx.get(ADDRESS).mock(return_value=httpx.Response(200, content=b" " * 1_100_000))
    with pytest.raises(PriceAnswerError, match="answer too large"):
        fetch("DE-LU", DATE)


def test_the_client_has_time_limits_and_takes_nothing_from_the_environment() -> None:
    with make_client() as client:
        assert None not in client.timeout.as_dict().values()
        assert not client.trust_env
        assert not client.follow_redirects
