"""Known and estimated prices as a line in time, with exact sums of any stretch of it."""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

from charging.core.facts import PriceInterval

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
    def _known_runs(self) -> list[tuple[datetime, datetime]]:
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
        return any(first <= start and end <= last for first, last in self._known_runs)

    def has_estimate_before(self, deadline: datetime) -> bool:
        """Whether a price that no market has published begins before then."""
        return self._first_estimate is not None and self._first_estimate < deadline

    def fingerprint(self, start: datetime, end: datetime) -> str:
        """A fingerprint of the prices that touch `[start, end)`, estimates told apart."""
        span = bisect_right(self._ends, start), bisect_left(self._starts, end)
        known = self._fingerprints.get(span)
        if known is None:
            inside = [
                _PRICE.pack(one.start.timestamp(), one.price_per_kwh, one.is_estimate)
                for one in self.prices[span[0] : span[1]]
            ]
            known = self._fingerprints[span] = hashlib.sha256(b"".join(inside)).hexdigest()
        return known

    def cost_between(self, start: datetime, end: datetime, energy_kwh: float) -> Decimal:
        """What `energy_kwh`, drawn evenly in `[start, end)`, costs; time without a price costs the mean of the rest."""
        lasting, paid = self._until(end)
        lasted, was_paid = self._until(start)
        if lasting <= lasted:
            return Decimal(0)
        mean = Decimal(paid - was_paid) / ((lasting - lasted) * STEPS_PER_CURRENCY)
        return mean * Decimal(str(energy_kwh))

    def _until(self, instant: datetime) -> tuple[int, int]:
        """Priced microseconds, and price steps times microseconds, before `instant`."""
        index = bisect_right(self._starts, instant) - 1
        lasting, paid = self._sums
        if index < 0:
            return 0, 0
        part = (min(instant, self._ends[index]) - self._starts[index]) // MICROSECOND
        return lasting[index] + part, paid[index] + part * self._steps[index]
