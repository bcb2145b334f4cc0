"""A complete day of prices of one area: the only form in which prices enter the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from charging.adapters.prices.areas import Area
from charging.core.facts import PriceInterval

LOWEST_PER_MWH = Decimal(-1_000)
HIGHEST_PER_MWH = Decimal(10_000)
"""The market's own limits are -500 and 4,000 EUR per MWh, raised at times; what lies far outside is no price."""

UNITS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60))
PRICE_STEP = Decimal("0.00001")

NOT_PUBLISHED = "not published"
NOT_REACHABLE = "not reachable"
REFUSED = "refused"

Point = tuple[datetime, Decimal]
"""The start of a market time unit and its price per MWh."""
Span = tuple[datetime, datetime, Decimal]
"""The start and the end of a market time unit and its price per MWh."""


class PriceAnswerError(Exception):
    """An answer that cannot be trusted as a whole. `reason` is a fixed word to count by, the message tells more.

    `is_of_service`: the service as a whole is in trouble, so that asking it for other areas and days is in vain too.
    `retry_after` is how long it asked to be left alone.
    """

    def __init__(
        self, reason: str, detail: str = "", *, is_of_service: bool = False, retry_after: timedelta = timedelta(0)
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.is_of_service = is_of_service
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class PriceDay:
    """All prices of an area on a delivery day: intervals in time order, without gap or overlap.

    `market_time_unit` is the length of the shortest; quarters and hours may meet in one day.
    """

    area_code: str
    delivery_date: date
    source: str
    currency: str
    market_time_unit: timedelta
    intervals: tuple[PriceInterval, ...]
    licence: str


def make_price_day(
    *, area: Area, delivery_date: date, source: str, currency: str, spans: Sequence[Span], licence: str = ""
) -> PriceDay:
    """A day from spans with their prices per MWh.

    Raises PriceAnswerError unless the spans are market time units that follow each other from the start of the day to
    its end, with believable prices in the currency of the area. A half-known day is refused as a whole.
    """
    if currency != area.currency:
        raise PriceAnswerError("wrong currency", currency[:20])
    _check_whole(spans, *area.day_bounds(delivery_date))
    for _, _, price in spans:
        if not price.is_finite() or not LOWEST_PER_MWH <= price <= HIGHEST_PER_MWH:
            raise PriceAnswerError("absurd price", str(price)[:20])
    intervals = tuple(PriceInterval(start, end, per_kwh(price)) for start, end, price in spans)
    unit = min(interval.end - interval.start for interval in intervals)
    return PriceDay(area.code, delivery_date, source, currency, unit, intervals, licence)


def _check_whole(spans: Sequence[Span], start: datetime, end: datetime) -> None:
    if not spans:
        raise PriceAnswerError(NOT_PUBLISHED, "no price of that day")
    for begin, stop, _ in spans:
        if stop - begin not in UNITS:
            raise PriceAnswerError("unknown market time unit", str(stop - begin))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise PriceAnswerError("times out of order or doubled")
    has_gap = any(later[0] > earlier[1] for earlier, later in pairwise(spans))
    if has_gap or spans[0][0] != start or spans[-1][1] != end:
        raise PriceAnswerError("incomplete day", f"{len(spans)} prices")


def even_spans(points: Iterable[Point], area: Area, delivery_date: date) -> list[Span]:
    """Spans of one length for the points of a day; those outside of it are left out.

    For answers that tell only when a price begins: how far apart the first two are says how long each lasts, so that a
    price that is missing leaves a gap. Raises PriceAnswerError where that cannot be told.
    """
    start, end = area.day_bounds(delivery_date)
    within = [(at, price) for at, price in points if start <= at < end]
    if any(later[0] <= earlier[0] for earlier, later in pairwise(within)):
        raise PriceAnswerError("times out of order or doubled")
    if len(within) == 1:
        raise PriceAnswerError("incomplete day", "one price")
    unit = within[1][0] - within[0][0] if within else UNITS[0]
    return [(at, at + unit, price) for at, price in within]


def spans_of_day(spans: Iterable[Span], area: Area, delivery_date: date) -> list[Span]:
    """The spans that touch a day, in the order of their starts."""
    start, end = area.day_bounds(delivery_date)
    return sorted(span for span in spans if span[1] > start and span[0] < end)


def per_kwh(price_per_mwh: Decimal) -> Decimal:
    """A price per MWh as one per kWh, to five decimals."""
    return (price_per_mwh / 1000).quantize(PRICE_STEP)
