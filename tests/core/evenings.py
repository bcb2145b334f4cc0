"""Short evenings for planner tests: a price for every mark from NOW on, and what a plan chose of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from charging.core.planner import Plan, PriceInterval, plan

NOW = datetime(2026, 1, 10, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNIT = 5 * MINUTE
POWER_KW = 12.0
"""One kWh a unit."""


def make_prices(prices: Sequence[float | None], start: datetime = NOW, length: timedelta = UNIT) -> list[PriceInterval]:
    return [
        PriceInterval(start + number * length, start + (number + 1) * length, price)
        for number, price in enumerate(prices)
        if price is not None
    ]


def make_plan(prices: Sequence[float | None], need: float, **changes: Any) -> Plan:
    """A plan for `need` units over one price a unit, until the last of them; windows of at least one unit."""
    question: dict[str, Any] = {
        "intervals": make_prices(prices),
        "energy_kwh": need,
        "power_kw": POWER_KW,
        "now": NOW,
        "deadline": NOW + len(prices) * UNIT,
        "min_window": UNIT,
    }
    return plan(**(question | changes))


def marks(result: Plan) -> list[tuple[float, float]]:
    """Windows in units from NOW."""
    return [((window.start - NOW) / UNIT, (window.end - NOW) / UNIT) for window in result.windows]
