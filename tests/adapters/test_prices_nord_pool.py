"""Answers of the Nord Pool Data Portal: a captured one, and what its shape may hide."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from charging.adapters.prices import nord_pool
from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from tests.feeds.answers import make_day, write

CAPTURED = Path(__file__).parent.parent / "feeds" / "captured" / "DayAheadPrices_2024-11-05_SE3_EUR.json"
ELECTION_DAY = date(2024, 11, 5)
DATE = date(2026, 1, 20)


def parse(answer: dict[str, Any] | bytes, *, area_code: str = "SE3", day: date = DATE) -> PriceDay:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return nord_pool.parse(content, areas()[area_code], day)


def make_answer(**changes: Any) -> dict[str, Any]:
    return json.loads(write(nord_pool.NAME, make_day("SE3", DATE))) | changes  # type: ignore[no-any-return]


def test_a_captured_day_is_read() -> None:
    day = parse(CAPTURED.read_bytes(), day=ELECTION_DAY)

    assert (day.source, day.currency, day.market_time_unit) == ("nord-pool", "EUR", timedelta(hours=1))
    assert [row.price_per_kwh for row in day.intervals[:3]] == [
        Decimal(text) for text in ("0.02154", "0.00656", "0.00635")
    ]
    assert len(day.intervals) == 24
    assert day.intervals[-1].end == areas()["SE3"].day_bounds(ELECTION_DAY)[1]


@pytest.mark.parametrize(
    ("area_code", "day", "reason"),
    [("SE4", ELECTION_DAY, "wrong area"), ("SE3", date(2024, 11, 6), "wrong day")],
    ids=["another area", "another day"],
)
def test_the_captured_day_is_no_answer_for_another_question(area_code: str, day: date, reason: str) -> None:
    with pytest.raises(PriceAnswerError) as refusal:
        parse(CAPTURED.read_bytes(), area_code=area_code, day=day)
    assert refusal.value.reason == reason


def test_germany_has_a_name_of_its_own_there() -> None:
    content = write(nord_pool.NAME, make_day("DE-LU", DATE))

    assert b'"GER"' in content
    assert parse(content, area_code="DE-LU").area_code == "DE-LU"


def test_hours_and_quarters_may_meet_in_one_day() -> None:
    hours = json.loads(write(nord_pool.NAME, make_day("SE3", DATE, minutes=60)))["multiAreaEntries"]
    answer = make_answer()

    day = parse(answer | {"multiAreaEntries": answer["multiAreaEntries"][:48] + hours[12:]})

    assert len(day.intervals) == 48 + 12


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"areaStates": [{"state": "Preliminary", "areas": ["SE3"]}]}, "not published", id="preliminary"),
        pytest.param({"areaStates": [{"state": "Final", "areas": ["SE4"]}]}, "not published", id="another is final"),
        pytest.param({"areaStates": []}, "not published", id="no state"),
        pytest.param({"areaStates": None}, "list missing", id="states missing"),
        pytest.param({"areaStates": ["Final"]}, "not an object", id="a state that is text"),
        pytest.param({"areaStates": [{"state": "Final"}]}, "list missing", id="a state of nothing"),
        pytest.param({"market": "Intraday"}, "wrong market", id="another market"),
        pytest.param({"currency": "SEK"}, "wrong currency", id="another currency"),
        pytest.param({"multiAreaEntries": {}}, "list missing", id="entries that are no list"),
        pytest.param({"multiAreaEntries": [None]}, "not an object", id="an entry that is null"),
        pytest.param({"multiAreaEntries": [{"entryPerArea": None}]}, "not an object", id="an entry without prices"),
        pytest.param(
            {"multiAreaEntries": [{"entryPerArea": {"SE3": 1}, "deliveryStart": "noon", "deliveryEnd": "noon"}]},
            "a time is not ISO 8601 with an offset",
            id="a time that is text",
        ),
        pytest.param(
            {"multiAreaEntries": [{"entryPerArea": {"SE3": 1}, "deliveryStart": "2026-01-20T00:00:00"}]},
            "a time is not ISO 8601 with an offset",
            id="a time without a zone",
        ),
        pytest.param(
            {"multiAreaEntries": [{"entryPerArea": {"SE3": 1}, "deliveryStart": "0001-01-01T00:00:00+14:00"}]},
            "a time is not ISO 8601 with an offset",
            id="a time before all times",
        ),
    ],
)
def test_what_is_not_a_final_day_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(PriceAnswerError) as refusal:
        parse(make_answer(**changes))
    assert refusal.value.reason == reason
