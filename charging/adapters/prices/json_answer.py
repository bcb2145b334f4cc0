"""Reads values out of JSON that nobody vouches for. What is not as it should be raises PriceAnswerError."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from charging.adapters.prices.price_day import NOT_PUBLISHED, PriceAnswerError


def parse(content: bytes) -> Any:
    """The values of a JSON text in UTF-8; numbers with a point are exact, NaN and infinity are refused."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise PriceAnswerError("not JSON", type(error).__name__) from error


def parse_object(content: bytes) -> dict[str, Any]:
    """The fields of a JSON object."""
    return as_object(parse(content))


def as_object(value: object) -> dict[str, Any]:
    """The value, if it is an object."""
    if not isinstance(value, dict):
        raise PriceAnswerError("not an object")
    return value


def as_list(value: object, name: str) -> list[Any]:
    """The value, if it is a list."""
    if not isinstance(value, list):
        raise PriceAnswerError("list missing", name)
    return value


def instant_of_seconds(value: object) -> datetime:
    """The instant of whole seconds since 1970."""
    if type(value) is not int:
        raise PriceAnswerError("a time is no whole number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise PriceAnswerError("a time is out of range") from error


def instant_of_text(value: object) -> datetime:
    """The instant of an ISO 8601 text, which has to name its offset."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is None or instant.utcoffset() is None:
            raise PriceAnswerError("a time is not ISO 8601 with an offset", str(value)[:30])
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PriceAnswerError("a time is not ISO 8601 with an offset", str(value)[:30]) from error


def price_of(value: object) -> Decimal:
    """The number, exact; null is a price that is not published."""
    if value is None:
        raise PriceAnswerError(NOT_PUBLISHED, "a price is null")
    if type(value) is not int and not isinstance(value, Decimal):
        raise PriceAnswerError("a price is no number")
    return Decimal(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
