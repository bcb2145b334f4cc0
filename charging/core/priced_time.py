"""Known and estimated prices as a line in time, with exact sums of any stretch of it."""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from charging.core.facts import PriceInterval
from charging.core.price_line import EPOCH, Int64

Float64 = npt.NDArray[np.float64]

_PRICE = struct.Struct("<dd?")
"""A price as it enters the fingerprint: every evaluation takes one, so it must cost little."""

STEPS_PER_CURRENCY = 10**10
"""Far finer than any price, so that sums are whole numbers and do not depend on where they begin."""

MICROSECOND = timedelta(microseconds=1)


class PricedTime:
    """Prices that do not overlap, in any order. Sums and fingerprints are worked out once and kept."""

    def __init__(self, prices: Sequence[PriceInterval]) -> None:
        self.prices = tuple(sorted(prices, key=lambda one: one.start))
        self._fingerprints: dict[tuple[int, int], str] = {}

    @cached_property
    def _starts(self) -> list[datetime]:
        return [one.start for one in self.prices]

    @cached_property
    def _ends(self) -> list[datetime]:
        return [one.end for one in self.prices]

    @cached_property
    def _steps(self) -> list[int]:
        return [round(Decimal(str(one.price_per_kwh)) * STEPS_PER_CURRENCY) for one in self.prices]

    @cached_property
    def _packed(self) -> bytes:
        # A list: to join what a generator gives takes twice as long.
        return b"".join([_PRICE.pack(one.start.timestamp(), one.price_per_kwh, one.is_estimate) for one in self.prices])

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        """Priced microseconds, and price steps times microseconds, before each price."""
        lasting, paid = [0], [0]
        for one, steps in zip(self.prices, self._steps, strict=True):
            length = (one.end - one.start) // MICROSECOND
            lasting.append(lasting[-1] + length)
            paid.append(paid[-1] + length * steps)
        return lasting, paid

    @cached_property
    def _first_estimate(self) -> datetime | None:
        return next((one.start for one in self.prices if one.is_estimate), None)

    @cached_property
    def known_runs(self) -> list[tuple[datetime, datetime]]:
        """The stretches of time that published prices cover without a gap."""
        runs: list[tuple[datetime, datetime]] = []
        for one in self.prices:
            if one.is_estimate:
                continue
            if runs and runs[-1][1] == one.start:
                runs[-1] = (runs[-1][0], one.end)
            else:
                runs.append((one.start, one.end))
        return runs

    def are_known(self, start: datetime, end: datetime) -> bool:
        """Whether published prices cover `[start, end)` without a gap."""
        return any(first <= start and end <= last for first, last in self.known_runs)

    def has_estimate_before(self, deadline: datetime) -> bool:
        """Whether a price that no market has published begins before then."""
        return self._first_estimate is not None and self._first_estimate < deadline

    def fingerprint(self, start: datetime, end: datetime) -> str:
        """A fingerprint of the prices that touch `[start, end)`, estimates told apart."""
        return self._fingerprint(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def _fingerprint(self, first: int, last: int) -> str:
        known = self._fingerprints.get((first, last))
        if known is None:
            inside = self._packed[first * _PRICE.size : last * _PRICE.size]
            known = self._fingerprints[first, last] = hashlib.sha256(inside).hexdigest()
        return known

    def fingerprints(self, starts_us: Int64, ends_us: Int64) -> npt.NDArray[np.object_]:
        """The fingerprints of many periods, given in microseconds since 1970."""
        first = np.searchsorted([(end - EPOCH) // MICROSECOND for end in self._ends], starts_us, side="right")
        last = np.searchsorted([(start - EPOCH) // MICROSECOND for start in self._starts], ends_us, side="left")
        spans, place = np.unique(np.stack((first, last), axis=1), axis=0, return_inverse=True)
        known = np.array([self._fingerprint(first, last) for first, last in spans.tolist()], dtype=np.object_)
        return known[place.reshape(-1)]

    def has_price_between(self, start: datetime, end: datetime) -> bool:
        """Whether some of `[start, end)` has a price, published or estimated."""
        return self._until(end)[0] > self._until(start)[0]

    def cost_between(self, start: datetime, end: datetime, energy_kwh: float) -> Decimal:
        """What `energy_kwh`, drawn evenly in `[start, end)`, costs; time without a price costs the mean of the rest."""
        lasting, paid = self._until(end)
        lasted, was_paid = self._until(start)
        if lasting <= lasted:
            return Decimal(0)
        mean = Decimal(paid - was_paid) / ((lasting - lasted) * STEPS_PER_CURRENCY)
        return mean * Decimal(str(energy_kwh))

    def paid_until(self, instants_us: Int64) -> Float64:
        """Price times microseconds from the first price to each instant, in currency per kWh and floating point.

        Instants are microseconds since 1970, and lie within the prices.
        """
        edges, paid = self._line
        return np.interp(instants_us, edges, paid)

    @cached_property
    def _line(self) -> tuple[Float64, Float64]:
        edges = [edge for one in self.prices for edge in (one.start, one.end)]
        _, sums = self._sums
        paid = [value for before, after in pairwise(sums) for value in (before, after)]
        instants = np.array([(edge - EPOCH) // MICROSECOND for edge in edges], dtype=np.float64)
        return instants, np.array([value / STEPS_PER_CURRENCY for value in paid])

    def _until(self, instant: datetime) -> tuple[int, int]:
        """Priced microseconds, and price steps times microseconds, before `instant`."""
        index = bisect_right(self._starts, instant) - 1
        lasting, paid = self._sums
        if index < 0:
            return 0, 0
        part = (min(instant, self._ends[index]) - self._starts[index]) // MICROSECOND
        return lasting[index] + part, paid[index] + part * self._steps[index]
