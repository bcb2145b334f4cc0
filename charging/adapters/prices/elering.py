"""Day-ahead prices of Finland and the Baltics from Elering, the grid operator of Estonia. No key."""

from __future__ import annotations

from datetime import date

from charging.adapters.prices import json_answer
from charging.adapters.prices.areas import Area
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, even_spans, make_price_day
from charging.adapters.prices.source import Question, Source, SourceOptions

NAME = "elering"
ADDRESS = "https://dashboard.elering.ee/api/nps/price"
CODES = {"EE": "ee", "FI": "fi", "LV": "lv", "LT": "lt"}
CURRENCY = "EUR"
"""The answer names neither currency nor unit; the service has EUR per MWh only."""


def ask(area: Area, delivery_date: date, options: SourceOptions) -> Question:
    """One answer has all four areas."""
    start, end = area.day_bounds(delivery_date)
    return Question(ADDRESS, {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"})


def parse(content: bytes, area: Area, delivery_date: date) -> PriceDay:
    """The day within an answer: a list of times and prices for each area, which may go beyond the day."""
    answer = json_answer.parse_object(content)
    if answer.get("success") is not True:
        raise PriceAnswerError("no success")
    by_area = json_answer.as_object(answer.get("data"))
    if CODES[area.code] not in by_area:
        raise PriceAnswerError("wrong area", ", ".join(sorted(by_area))[:40])
    start, end = area.day_bounds(delivery_date)
    rows = [json_answer.as_object(row) for row in json_answer.as_list(by_area[CODES[area.code]], area.code)]
    times = [json_answer.instant_of_seconds(row.get("timestamp")) for row in rows]
    points = [
        (at, json_answer.price_of(row.get("price"))) for at, row in zip(times, rows, strict=True) if start <= at < end
    ]
    spans = even_spans(points, area, delivery_date)
    return make_price_day(area=area, delivery_date=delivery_date, source=NAME, currency=CURRENCY, spans=spans)


SOURCE = Source(NAME, CODES, ask, parse)
