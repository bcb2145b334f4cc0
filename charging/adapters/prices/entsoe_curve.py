"""The curves of ENTSO-E: positions in a period, with repeats left out where the type of the curve allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

from charging.adapters.prices.price_day import PriceAnswerError, Span
from charging.adapters.prices.xml_answer import text_of

RESOLUTIONS = {
    "PT15M": timedelta(minutes=15),
    "PT30M": timedelta(minutes=30),
    "PT60M": timedelta(hours=1),
    "PT1H": timedelta(hours=1),
}
MOST_POSITIONS = 4_000
"""A month of quarters: nobody asked for more."""
ALL_POINTS, REPEATS_LEFT_OUT = "A01", "A03"
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
WHOLE = re.compile(r"\d{1,6}", re.ASCII)


def spans(series: Element) -> Iterator[Span]:
    """The prices of all periods of a series, per MWh. Raises PriceAnswerError."""
    curve = text_of(series, "curveType")
    if curve not in (ALL_POINTS, REPEATS_LEFT_OUT):
        raise PriceAnswerError("unknown curve", curve[:20])
    for period in series.findall("Period"):
        yield from _period(period, may_leave_out=curve == REPEATS_LEFT_OUT)


def _period(period: Element, *, may_leave_out: bool) -> Iterator[Span]:
    start, end = (_instant(period.findtext(f"timeInterval/{edge}") or "") for edge in ("start", "end"))
    unit = RESOLUTIONS.get(text_of(period, "resolution"))
    if unit is None:
        raise PriceAnswerError("unknown market time unit", text_of(period, "resolution")[:20])
    count, rest = divmod(end - start, unit)
    if rest or not 0 < count <= MOST_POSITIONS:
        raise PriceAnswerError("a period of no whole number of units", f"{start} to {end}")
    points = [_point(point) for point in period.findall("Point")]
    positions = [position for position, _ in points]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        raise PriceAnswerError("times out of order or doubled")
    if not points or positions[0] != 1 or positions[-1] > count or (len(points) < count and not may_leave_out):
        raise PriceAnswerError("incomplete day", f"{len(points)} of {count} positions")
    # A price holds until the next position that is named, the last one to the end of the period.
    for (position, price), following in zip(points, [*positions[1:], count + 1], strict=True):
        for number in range(position, following):
            yield start + (number - 1) * unit, start + number * unit, price


def _point(point: Element) -> tuple[int, Decimal]:
    position, price = text_of(point, "position"), text_of(point, "price.amount")
    if not WHOLE.fullmatch(position):
        raise PriceAnswerError("a position is no number", position[:20])
    if not NUMBER.fullmatch(price):
        raise PriceAnswerError("a price is no number", price[:20])
    return int(position), Decimal(price)


def _instant(text: str) -> datetime:
    """An instant as the platform writes it: `2024-10-05T22:00Z`."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise PriceAnswerError("a time is not as it should be", text[:30]) from error
