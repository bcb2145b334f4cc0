"""A complete day of prices of one area: the only form in which prices enter the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from charging.core.facts import PriceInterval
from charging.core.market_time import market_day_bounds

"""The day-ahead market of all areas runs on central European time, that of Finland and the Baltics too."""

LOWEST_PER_MWH = Decimal(-1_000)
HIGHEST_PER_MWH = Decimal(10_000)
"""The market's own limits are -500 and 4,000 EUR per MWh, raised at times; what lies far outside is no price."""

UNITS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60))
PRICE_STEP = Decimal("0.00001")


class PriceAnswerError(Exception):
    """An answer that cannot be trusted as a whole. `reason` is a fixed word to count by, the message tells more."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PriceDay:
    """All prices of an area on a delivery day: intervals of one length in time order, without gap or overlap."""

    area_code: str
    delivery_date: date
    source: str
    currency: str
    market_time_unit: timedelta
    intervals: tuple[PriceInterval, ...]
    licence: str


def make_price_day(
    *,
    area_code: str,
    delivery_date: date,
    source: str,
    currency: str,
    licence: str,
    points: Sequence[tuple[datetime, Decimal]],
) -> PriceDay:
    """A day from its starts and its prices per MWh.

    Raises PriceAnswerError unless the points are exactly the market time units of that day, in order, with
    believable prices. A half-known day is refused as a whole.
    """
    start, end = market_day_bounds(delivery_date)
    starts = [point for point, _ in points]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise PriceAnswerError("times out of order or doubled")
    unit = starts[1] - starts[0] if len(starts) > 1 else timedelta(0)
    if unit not in UNITS:
        raise PriceAnswerError("unknown market time unit", str(unit))
    if starts != [start + index * unit for index in range((end - start) // unit)]:
        raise PriceAnswerError("incomplete day", f"{len(starts)} intervals of {unit}")
    for _, price in points:
        if not price.is_finite() or not LOWEST_PER_MWH <= price <= HIGHEST_PER_MWH:
            raise PriceAnswerError("absurd price", str(price)[:20])
    intervals = tuple(PriceInterval(at, at + unit, per_kwh(price)) for at, price in points)
    return PriceDay(area_code, delivery_date, source, currency, unit, intervals, licence)


def per_kwh(price_per_mwh: Decimal) -> Decimal:
    """A price per MWh as one per kWh, to five decimals."""
    return (price_per_mwh / 1000).quantize(PRICE_STEP)
