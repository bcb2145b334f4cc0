"""Rates of Octopus Agile: half hours in pence, newest first, with and without VAT."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.adapters.prices import octopus
from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from tests.feeds.answers import make_day, write

LONDON = areas()["GB-C"]
DATE = date(2026, 1, 20)


def parse(answer: dict[str, Any], day: date = DATE) -> PriceDay:
    return octopus.parse(json.dumps(answer).encode(), LONDON, day)


def make_answer(day: date = DATE) -> dict[str, Any]:
    return json.loads(write(octopus.NAME, make_day("GB-C", day)))  # type: ignore[no-any-return]


def test_half_hours_in_pence_become_pounds_in_order_of_time() -> None:
    answer = make_answer()
    answer["results"][-1] |= {"value_exc_vat": 20.0, "value_inc_vat": 21.0}

    day = parse(answer)

    assert (day.currency, day.market_time_unit, len(day.intervals)) == ("GBP", timedelta(minutes=30), 48)
    assert (day.intervals[0].start, day.intervals[-1].end) == LONDON.day_bounds(DATE)
    assert day.intervals[0].price_per_kwh == Decimal("0.21000")


@pytest.mark.parametrize(("with_vat", "without"), [(-3.0, -2.8571), (0, 0), (99.99, 95.2286)])
def test_negative_prices_and_the_cap_are_prices(with_vat: float, without: float) -> None:
    answer = make_answer()
    answer["results"][5] |= {"value_exc_vat": without, "value_inc_vat": with_vat}

    assert parse(answer).intervals[42].price_per_kwh == round(Decimal(str(with_vat)) / 100, 5)


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 3, 29), 46), (date(2026, 10, 25), 50)], ids=["spring", "autumn"]
)
def test_days_of_23_and_25_hours_are_whole(day: date, count: int) -> None:
    assert len(parse(make_answer(day), day).intervals) == count


def test_rows_of_other_days_are_left_out() -> None:
    answer = make_answer()
    answer["results"] = make_answer(DATE + timedelta(days=1))["results"][-4:] + answer["results"]

    assert len(parse(answer).intervals) == 48


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"value_inc_vat": 1.0}, "wrong unit", id="less with VAT than without"),
        pytest.param({"value_inc_vat": None}, "not published", id="null"),
        pytest.param({"valid_to": None}, "a time is not ISO 8601 with an offset", id="without an end"),
    ],
)
def test_a_row_that_cannot_be_refuses_the_day(change: dict[str, Any], reason: str) -> None:
    answer = make_answer()
    answer["results"][3] |= change
    with pytest.raises(PriceAnswerError) as refusal:
        parse(answer)
    assert refusal.value.reason == reason


def test_before_the_rates_are_out_there_are_none_or_too_few() -> None:
    answer = make_answer()
    with pytest.raises(PriceAnswerError, match="not published"):
        parse(answer | {"results": []})
    with pytest.raises(PriceAnswerError, match="incomplete day"):
        parse(answer | {"results": answer["results"][2:]})
