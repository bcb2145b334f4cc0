"""Day-ahead prices from Energy-Charts (Fraunhofer ISE). No key; the answer names the licence of its data."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import httpx

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, make_price_day
from charging.core.market_time import market_day_bounds

SOURCE = "energy-charts"
ADDRESS = "https://api.energy-charts.info/price"
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
LARGEST_ANSWER_BYTES = 1_000_000
LICENCE_LENGTH = 200
NOT_REACHABLE = "not reachable"


def make_client() -> httpx.Client:
    """A client that takes nothing from the environment and follows no redirect. The caller closes it."""
    return httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False)


def fetch_day(area_code: str, delivery_date: date, *, client: httpx.Client) -> PriceDay:
    """The prices of one area and delivery day.

    Raises PriceAnswerError where the service cannot be reached, has not published the day, or answers anything
    but that whole day.
    """
    start, end = market_day_bounds(delivery_date)
    # Dates alone would mean the local day of the area, which is not the market's in Finland and the Baltics.
    query = {"bzn": area_code, "start": f"{start:%Y-%m-%dT%H:%MZ}", "end": f"{end:%Y-%m-%dT%H:%MZ}"}
    return parse_day(_read(client, query), area_code=area_code, delivery_date=delivery_date)


def parse_day(content: bytes, *, area_code: str, delivery_date: date) -> PriceDay:
    """The day within an answer; times outside of the day are left out. Raises PriceAnswerError."""
    answer = _parse_json(content)
    starts, prices = answer.get("unix_seconds"), answer.get("price")
    if not isinstance(starts, list) or not isinstance(prices, list) or len(starts) != len(prices):
        raise PriceAnswerError("lists missing or of different length")
    currency = areas()[area_code].currency
    unit = str(answer.get("unit")).replace(" ", "")
    if unit != f"{currency}/MWh":
        raise PriceAnswerError("wrong unit", unit[:20])
    start, end = market_day_bounds(delivery_date)
    pairs = [(_instant(at), price) for at, price in zip(starts, prices, strict=True)]
    return make_price_day(
        area_code=area_code,
        delivery_date=delivery_date,
        source=SOURCE,
        currency=currency,
        licence=str(answer.get("license_info") or "")[:LICENCE_LENGTH],
        points=[(at, _price(price)) for at, price in pairs if start <= at < end],
    )


def _read(client: httpx.Client, query: dict[str, str]) -> bytes:
    """The body of the answer, at most a megabyte of it."""
    content = bytearray()
    try:
        with client.stream("GET", ADDRESS, params=query) as response:
            if response.status_code != httpx.codes.OK:
                raise PriceAnswerError("refused", f"HTTP {response.status_code}")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise PriceAnswerError("answer too large")
    except httpx.HTTPError as error:
        raise PriceAnswerError(NOT_REACHABLE, type(error).__name__) from error
    return bytes(content)


def _parse_json(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise PriceAnswerError("not JSON", type(error).__name__) from error
    if not isinstance(answer, dict):
        raise PriceAnswerError("not an object")
    return answer


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _instant(value: object) -> datetime:
    if type(value) is not int:
        raise PriceAnswerError("a time is no whole number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise PriceAnswerError("a time is out of range") from error


def _price(value: object) -> Decimal:
    if value is None:
        raise PriceAnswerError("not published", "a price is null")
    if type(value) is not int and not isinstance(value, Decimal):
        raise PriceAnswerError("a price is no number")
    return Decimal(value)
