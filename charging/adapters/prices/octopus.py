"""Prices of the tariff Agile of Octopus Energy, per region of Great Britain. No key.

They are what the household pays, VAT included, and not those of the wholesale market. They are published once a day for
23:00 to 23:00 in Britain, which is a delivery day of Central European time.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from charging.adapters.prices import json_answer
from charging.adapters.prices.areas import Area
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, Span, make_price_day, spans_of_day
from charging.adapters.prices.source import Question, Source, SourceOptions

NAME = "octopus-agile"
ADDRESS = (
    "https://api.octopus.energy/v1/products/{product}/electricity-tariffs/E-1R-{product}-{region}/standard-unit-rates/"
)
CODES = {f"GB-{region}": region for region in "ABCDEFGHJKLMNP"}
"""The regions of the former electricity boards; there is neither an I nor an O."""
CURRENCY = "GBP"
PER_MWH = Decimal(10)
"""Pence per kWh to pounds per MWh."""
MOST_ROWS = 100
"""A day has 50 half hours at most."""


def ask(area: Area, delivery_date: date, options: SourceOptions) -> Question:
    """The region is part of the address; the answer does not name it."""
    start, end = area.day_bounds(delivery_date)
    address = ADDRESS.format(product=options.octopus_product, region=CODES[area.code])
    period = {"period_from": f"{start:%Y-%m-%dT%H:%MZ}", "period_to": f"{end:%Y-%m-%dT%H:%MZ}"}
    return Question(address, {**period, "page_size": str(MOST_ROWS)})


def parse(content: bytes, area: Area, delivery_date: date) -> PriceDay:
    """The day within an answer, newest row first; until it is published there are fewer rows or none."""
    rows = json_answer.as_list(json_answer.parse_object(content).get("results"), "results")
    spans = spans_of_day([_span(json_answer.as_object(row)) for row in rows], area, delivery_date)
    return make_price_day(area=area, delivery_date=delivery_date, source=NAME, currency=CURRENCY, spans=spans)


def _span(row: dict[str, object]) -> Span:
    start, end = (json_answer.instant_of_text(row.get(key)) for key in ("valid_from", "valid_to"))
    with_vat, without = (json_answer.price_of(row.get(f"value_{kind}_vat")) for kind in ("inc", "exc"))
    if abs(with_vat) < abs(without):
        raise PriceAnswerError("wrong unit", "less with VAT than without")
    return start, end, with_vat * PER_MWH


SOURCE = Source(NAME, CODES, ask, parse, is_allowed=lambda options: bool(options.octopus_product))
