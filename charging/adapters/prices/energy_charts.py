"""Day-ahead prices from Energy-Charts (Fraunhofer ISE). No key; the answer names the licence of its data."""

from __future__ import annotations

from datetime import date

from charging.adapters.prices import json_answer
from charging.adapters.prices.areas import Area
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, even_spans, make_price_day
from charging.adapters.prices.source import Question, Source, SourceOptions

NAME = "energy-charts"
ADDRESS = "https://api.energy-charts.info/price"
LICENCE_LENGTH = 200
CODES = {
    **{f"NO{number}": f"NO{number}" for number in range(1, 6)},
    **{f"SE{number}": f"SE{number}" for number in range(1, 5)},
    **{code: code for code in ("DK1", "DK2", "FI", "EE", "LV", "LT", "DE-LU", "NL", "BE", "FR", "AT", "PL")},
    **{code: code for code in ("CH", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "ES", "PT")},
    "IT-NORD": "IT-North",
    "IT-CNOR": "IT-Centre-North",
    "IT-CSUD": "IT-Centre-South",
    "IT-SUD": "IT-South",
    "IT-CALA": "IT-Calabria",
    "IT-SICI": "IT-Sicily",
    "IT-SARD": "IT-Sardinia",
}


def ask(area: Area, delivery_date: date, options: SourceOptions) -> Question:
    """Dates alone would mean the local day of the area, which is not the market's in Finland and the Baltics."""
    start, end = area.day_bounds(delivery_date)
    times = {"start": f"{start:%Y-%m-%dT%H:%MZ}", "end": f"{end:%Y-%m-%dT%H:%MZ}"}
    return Question(ADDRESS, {"bzn": CODES[area.code], **times})


def parse(content: bytes, area: Area, delivery_date: date) -> PriceDay:
    """The day within an answer: two lists of equal length, of times and of prices."""
    answer = json_answer.parse_object(content)
    starts = json_answer.as_list(answer.get("unix_seconds"), "unix_seconds")
    prices = json_answer.as_list(answer.get("price"), "price")
    if len(starts) != len(prices):
        raise PriceAnswerError("lists of different length")
    currency, _, unit = str(answer.get("unit")).replace(" ", "").partition("/")
    if unit != "MWh":
        raise PriceAnswerError("wrong unit", unit[:20])
    start, end = area.day_bounds(delivery_date)
    times = [json_answer.instant_of_seconds(at) for at in starts]
    points = [(at, json_answer.price_of(price)) for at, price in zip(times, prices, strict=True) if start <= at < end]
    return make_price_day(
        area=area,
        delivery_date=delivery_date,
        source=NAME,
        currency=currency,
        spans=even_spans(points, area, delivery_date),
        licence=str(answer.get("license_info") or "")[:LICENCE_LENGTH],
    )


SOURCE = Source(NAME, CODES, ask, parse)
