"""The price over time as a step function with exact integrals, all in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from charging.core.facts import PriceInterval

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

PRICE_STEPS_PER_CURRENCY = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_milliseconds(instant: datetime, name: str) -> int:
    """Milliseconds since 1970, rounded up. Raises ValueError when `instant` carries no time zone."""
    if instant.utcoffset() is None:
        raise ValueError(f"{name} must carry a time zone, got {instant!r}")
    return -((EPOCH - instant) // MILLISECOND)


def to_instant(milliseconds: int) -> datetime:
    """The aware UTC instant of milliseconds since 1970."""
    return EPOCH + milliseconds * MILLISECOND


@dataclass(frozen=True, slots=True)
class PriceLine:
    """Steps of price from the present on. The last step runs on for ever.

    `edges_ms` (steps,): where each step starts; `prices` (steps,): 1e-5 currency per kWh; `is_known` (steps,): a
    price was given for it. Time without a price is valued at the dearest known price, and never below zero.
    """

    edges_ms: Int64
    prices: Int64
    is_known: Bool
    is_estimate: Bool

    def integral(self, instants_ms: Int64) -> Int64:
        """Price times milliseconds from the first edge to each instant, exact."""
        return self._integral(self.prices, instants_ms)

    def known_ms(self, instants_ms: Int64) -> Int64:
        """How many milliseconds with a price lie between the first edge and each instant."""
        return self._integral(self.is_known.astype(np.int64), instants_ms)

    def estimated_at(self, instants_ms: Int64) -> Bool:
        """Whether the price at each instant is an estimate."""
        return self.is_estimate[self._step_at(instants_ms)]

    def _step_at(self, instants_ms: Int64) -> npt.NDArray[np.intp]:
        return np.maximum(np.searchsorted(self.edges_ms, instants_ms, side="right") - 1, 0)

    def _integral(self, heights: Int64, instants_ms: Int64) -> Int64:
        before = np.concatenate(([0], np.cumsum(heights[:-1] * np.diff(self.edges_ms))))
        step = self._step_at(instants_ms)
        result: Int64 = before[step] + heights[step] * (instants_ms - self.edges_ms[step])
        return result


def make_price_line(intervals: Sequence[PriceInterval], *, now_ms: int, longest_ms: int) -> PriceLine:
    """The price line from `now_ms` on; what ended before it is ignored, the order of `intervals` does not matter.

    An interval given twice is taken once. Raises ValueError for intervals that end before they start, carry no time
    zone, overlap with different prices, or have prices that are no finite numbers or too large to integrate exactly
    over the given time and `longest_ms` more.
    """
    steps = _priced_steps(intervals, now_ms)
    filler = max([0, *(price for _, _, price, _ in steps)])
    rows: list[tuple[int, int, bool, bool]] = []
    reached = now_ms
    for start, end, price, is_estimate in steps:
        if start > reached:
            rows.append((reached, filler, False, False))
        rows.append((max(start, now_ms), price, True, is_estimate))
        reached = end
    rows.append((reached, filler, False, False))
    largest = max(abs(price) for _, price, _, _ in rows)
    if largest * (reached - now_ms + longest_ms) >= 2**60:
        raise ValueError(f"prices as large as {largest / PRICE_STEPS_PER_CURRENCY} per kWh cannot be added up exactly")
    edges, prices, known, estimated = zip(*rows, strict=True)
    return PriceLine(
        edges_ms=np.array(edges, dtype=np.int64),
        prices=np.array(prices, dtype=np.int64),
        is_known=np.array(known, dtype=np.bool_),
        is_estimate=np.array(estimated, dtype=np.bool_),
    )


def _priced_steps(intervals: Sequence[PriceInterval], now_ms: int) -> list[tuple[int, int, int, bool]]:
    steps = []
    for interval in intervals:
        start = to_milliseconds(interval.start, "start of a price")
        end = to_milliseconds(interval.end, "end of a price")
        if end <= start:
            raise ValueError(f"the price of {interval.start.isoformat()} ends before it starts")
        price = float(interval.price_per_kwh)
        if not math.isfinite(price):
            raise ValueError(f"the price of {interval.start.isoformat()} is no finite number: {price}")
        if end > now_ms:
            steps.append((start, end, round(price * PRICE_STEPS_PER_CURRENCY), interval.is_estimate))
    steps = sorted(set(steps))
    for (start, end, _, _), (next_start, _, _, _) in pairwise(steps):
        if next_start < end:
            first, second = to_instant(start).isoformat(), to_instant(next_start).isoformat()
            raise ValueError(f"the prices of {first} and {second} overlap")
    return steps
