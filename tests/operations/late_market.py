"""A market that has not published all its prices yet: what a car is told ends where the known prices do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from charging.operations import prices
from charging.operations.prices import PricePeriod


@dataclass
class Market:
    """Up to when prices are known; None: as far as there are any."""

    known_until: datetime | None = None

    def keep_back(self, patch: pytest.MonkeyPatch) -> None:
        """Keeps the later prices back from now on, from everybody."""
        ask: Callable[..., PricePeriod] = prices.prices_between
        patch.setattr("charging.operations.place_prices.prices_between", lambda **asked: self._published(ask(**asked)))

    def _published(self, period: PricePeriod) -> PricePeriod:
        until = self.known_until
        if until is None:
            return period
        known: list[tuple[Any, Any]] = [
            (interval, day)
            for interval, day in zip(period.intervals, period.recorded_on, strict=True)
            if interval.start < until
        ]
        return replace(
            period,
            intervals=tuple(interval for interval, _ in known),
            recorded_on=tuple(day for _, day in known),
        )
