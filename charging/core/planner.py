"""The cheapest plan of one car, and the rules of all plans.

- At most `max_windows` windows of at least `min_window`; a need below it is one window of exactly the need. A car
  that charges now may simply go on at the first mark: no start, no shortest length, one window more.
- Marks are multiples of `unit` since 1970: `now` moves to the next, `deadline - reserve` to the one before, the
  need is rounded up to units. The excess is cut off the dearest window end that leaves the window long enough.
- Ties: lower cost, then fewer starts, then earlier finish. `start_cost` (currency) weighs in the choice only:
  costs in the plan are for the energy that flows.
- Time without a price is used only when the time with prices cannot hold the need, and counts as the dearest known
  price, never below zero. Prices that end before the deadline: only priced time is planned.
- A reserve that leaves too little time shrinks. When the deadline cannot be met at all, or nothing before it has a
  price, the car charges from `now` itself, to the deadline and beyond; `finish_at` and `shortfall_kwh` say so.
- `Plan.reason` is one of `Reason`. A window is an estimate when the price at its start is one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np

from charging.core.facts import Plan, PriceInterval, Window
from charging.core.fleet_planner import PRICE_MS_PER_COST, REASONS, FleetPlans, Reason, plan_fleet
from charging.core.price_line import MILLISECOND, to_instant, to_milliseconds

__all__ = ["FleetPlans", "Plan", "PriceInterval", "Reason", "Window", "plan", "plan_fleet"]


def plan(
    *,
    intervals: Sequence[PriceInterval],
    energy_kwh: float,
    power_kw: float,
    now: datetime,
    deadline: datetime,
    max_windows: int = 3,
    min_window: timedelta = timedelta(minutes=30),
    reserve: timedelta = timedelta(0),
    is_charging: bool = False,
    start_cost: Decimal | float = 0,
    unit: timedelta = timedelta(minutes=5),
) -> Plan:
    """The cheapest way to charge `energy_kwh` (at the plug) at `power_kw` between `now` and `deadline - reserve`.

    Raises ValueError for naive instants, negative or missing numbers, prices that overlap.
    """
    fleet = plan_fleet(
        intervals=intervals,
        energy_kwh=np.array([float(energy_kwh)]),
        power_kw=np.array([float(power_kw)]),
        now=now,
        deadline_ms=np.array([to_milliseconds(deadline, "deadline")]),
        reserve_ms=np.array([math.ceil(reserve / MILLISECOND)]),
        is_charging=np.array([is_charging]),
        max_windows=max_windows,
        min_window=min_window,
        start_cost=start_cost,
        unit=unit,
    )
    return plans_of(fleet, [power_kw], now)[0]


def plans_of(fleet: FleetPlans, powers_kw: Sequence[float], now: datetime) -> list[Plan]:
    """The plans of a fleet of cars with these powers, one object a car."""
    columns = (fleet.start_ms, fleet.end_ms, fleet.price_ms, fleet.is_estimate)
    cars = zip(
        powers_kw,
        zip(*(column.tolist() for column in columns), strict=True),
        fleet.window_count.tolist(),
        fleet.at_once_price_ms.tolist(),
        fleet.reason.tolist(),
        fleet.shortfall_kwh.tolist(),
        fleet.is_at_once.tolist(),
        strict=True,
    )
    plans = []
    for power_kw, rows, count, at_once_price_ms, reason, shortfall_kwh, is_at_once in cars:
        windows = tuple(_windows(rows, count, power_kw, now if is_at_once else None))
        plans.append(
            Plan(
                windows=windows,
                cost=sum((window.cost for window in windows), Decimal(0)),
                cost_charged_at_once=_cost(at_once_price_ms, power_kw),
                finish_at=windows[-1].end if windows else now,
                reason=REASONS[reason].value,
                shortfall_kwh=shortfall_kwh,
            )
        )
    return plans


def _windows(rows: tuple[list[Any], ...], count: int, power_kw: float, starts_at: datetime | None) -> Iterator[Window]:
    for start_ms, end_ms, price_ms, is_estimate in islice(zip(*rows, strict=True), count):
        yield Window(
            start=to_instant(start_ms) if starts_at is None else starts_at,
            end=to_instant(end_ms),
            energy_kwh=float(power_kw) * (end_ms - start_ms) / 3_600_000,
            cost=_cost(price_ms, power_kw),
            is_estimate=is_estimate,
        )


def _cost(price_ms: int, power_kw: float) -> Decimal:
    return price_ms * Decimal(str(power_kw)) / PRICE_MS_PER_COST
