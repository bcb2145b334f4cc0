"""Whether two sources say the same of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from charging.core.facts import PriceInterval

HOUR = timedelta(hours=1)
ROUNDING = Decimal("0.00002")
"""Currency per kWh. Sources round to a hundredth per MWh, and a mean of four rounded prices is rounded once more."""


def largest_difference(one: Sequence[PriceInterval], other: Sequence[PriceInterval]) -> Decimal:
    """The largest difference between the means of the hours that both have, zero where they share none.

    Hours, because one source may have quarters of an hour and the other only their mean.
    """
    first, second = _means(one), _means(other)
    return max((abs(first[hour] - second[hour]) for hour in first.keys() & second.keys()), default=Decimal(0))


def repeats(prices: Sequence[PriceInterval], before: Sequence[PriceInterval]) -> bool:
    """Whether a day has exactly the prices of another, which are not all the same: an old answer with a new date."""
    values = [interval.price_per_kwh for interval in prices]
    return len(set(values)) > 1 and values == [interval.price_per_kwh for interval in before]


def _means(intervals: Sequence[PriceInterval]) -> dict[datetime, Decimal]:
    """The mean price of each whole hour, weighted by time."""
    totals: defaultdict[datetime, Decimal] = defaultdict(Decimal)
    covered: defaultdict[datetime, timedelta] = defaultdict(timedelta)
    for interval in intervals:
        hour = interval.start.replace(minute=0, second=0, microsecond=0)
        length = interval.end - interval.start
        totals[hour] += Decimal(str(interval.price_per_kwh)) * Decimal(length / HOUR)
        covered[hour] += length
    return {hour: total for hour, total in totals.items() if covered[hour] == HOUR}
