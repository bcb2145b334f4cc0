"""Day-ahead prices from the Nord Pool Data Portal.

Its terms restrict automatic use: it is asked only where the operator has decided so.
"""

from __future__ import annotations

from datetime import date

from charging.adapters.prices import json_answer
from charging.adapters.prices.areas import Area, areas
from charging.adapters.prices.price_day import (
    NOT_PUBLISHED,
    PriceAnswerError,
    PriceDay,
    Span,
    make_price_day,
    spans_of_day,
)
from charging.adapters.prices.source import Question, Source, SourceOptions

NAME = "nord-pool"
ADDRESS = "https://dataportal-api.nordpoolgroup.com/api/DayAheadPrices"
CODES = {
    **{f"NO{number}": f"NO{number}" for number in range(1, 6)},
    **{f"SE{number}": f"SE{number}" for number in range(1, 5)},
    **{code: code for code in ("DK1", "DK2", "FI", "EE", "LV", "LT", "NL", "BE", "FR", "AT", "PL")},
    "DE-LU": "GER",
}
FINAL = "Final"


def ask(area: Area, delivery_date: date, options: SourceOptions) -> Question:
    """Delivery days are those of Central European time, as everywhere on this market."""
    wanted = {"date": delivery_date.isoformat(), "market": "DayAhead"}
    return Question(ADDRESS, {**wanted, "deliveryArea": CODES[area.code], "currency": areas()[area.code].currency})


def parse(content: bytes, area: Area, delivery_date: date) -> PriceDay:
    """The day of an answer, once its results are final: HTTP 204 and preliminary results are not published yet."""
    answer = json_answer.parse_object(content)
    if answer.get("market") != "DayAhead":
        raise PriceAnswerError("wrong market", str(answer.get("market"))[:20])
    if answer.get("deliveryDateCET") != delivery_date.isoformat():
        raise PriceAnswerError("wrong day", str(answer.get("deliveryDateCET"))[:20])
    code = CODES[area.code]
    entries = [json_answer.as_object(row) for row in json_answer.as_list(answer.get("multiAreaEntries"), "entries")]
    spans = [_span(entry, code) for entry in entries]
    _check_final(answer, code)
    return make_price_day(
        area=area,
        delivery_date=delivery_date,
        source=NAME,
        currency=str(answer.get("currency")),
        spans=spans_of_day(spans, area, delivery_date),
    )


def _span(entry: dict[str, object], code: str) -> Span:
    prices = json_answer.as_object(entry.get("entryPerArea"))
    if code not in prices:
        raise PriceAnswerError("wrong area", ", ".join(sorted(prices))[:40])
    start, end = (json_answer.instant_of_text(entry.get(key)) for key in ("deliveryStart", "deliveryEnd"))
    return start, end, json_answer.price_of(prices[code])


def _check_final(answer: dict[str, object], code: str) -> None:
    states = [json_answer.as_object(row) for row in json_answer.as_list(answer.get("areaStates"), "areaStates")]
    found = [row.get("state") for row in states if code in json_answer.as_list(row.get("areas"), "areas")]
    if found != [FINAL]:
        raise PriceAnswerError(NOT_PUBLISHED, f"state {found}"[:40])


SOURCE = Source(NAME, CODES, ask, parse, is_allowed=lambda options: options.allows_nord_pool)
