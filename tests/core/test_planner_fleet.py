"""One table for many cars gives every car the plan it would get alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from charging.core.facts import PriceInterval
from charging.core.fleet_planner import REASONS, plan_fleet
from charging.core.planner import plan
from charging.core.price_line import to_milliseconds

NOW = datetime(2026, 3, 28, 20, 2, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class CarNeed:
    energy_kwh: float
    power_kw: float
    minutes_left: int
    reserve_minutes: int
    is_charging: bool


CARS = st.builds(
    CarNeed,
    energy_kwh=st.floats(0, 20) | st.integers(0, 20).map(float),
    power_kw=st.sampled_from([2.3, 3.7, 7.2, 11.0]),
    minutes_left=st.integers(-10, 400),
    reserve_minutes=st.integers(0, 60),
    is_charging=st.booleans(),
)
PRICES = st.lists(st.none() | st.integers(-3, 8), max_size=30)


def make_intervals(prices: list[int | None]) -> list[PriceInterval]:
    start = NOW.replace(minute=0)
    return [
        PriceInterval(start + number * QUARTER, start + (number + 1) * QUARTER, Decimal(price) / 100)
        for number, price in enumerate(prices)
        if price is not None
    ]


@settings(max_examples=150, deadline=None)
@given(
    cars=st.lists(CARS, min_size=1, max_size=8),
    prices=PRICES,
    max_windows=st.integers(1, 3),
    min_minutes=st.sampled_from([0, 10, 30, 32]),
    start_cost=st.sampled_from([0, 0.02]),
)
def test_a_car_gets_the_same_plan_in_a_fleet_as_alone(
    cars: list[CarNeed], prices: list[int | None], max_windows: int, min_minutes: int, start_cost: float
) -> None:
    rules: dict[str, Any] = {
        "intervals": make_intervals(prices),
        "now": NOW,
        "max_windows": max_windows,
        "min_window": timedelta(minutes=min_minutes),
        "start_cost": start_cost,
    }
    deadlines = [NOW + timedelta(minutes=car.minutes_left) for car in cars]
    power_kw = np.array([car.power_kw for car in cars])

    fleet = plan_fleet(
        energy_kwh=np.array([car.energy_kwh for car in cars]),
        power_kw=power_kw,
        deadline_ms=np.array([to_milliseconds(deadline, "deadline") for deadline in deadlines]),
        reserve_ms=np.array([car.reserve_minutes * 60_000 for car in cars]),
        is_charging=np.array([car.is_charging for car in cars]),
        **rules,
    )

    for row, (car, deadline) in enumerate(zip(cars, deadlines, strict=True)):
        alone = plan(
            energy_kwh=car.energy_kwh,
            power_kw=car.power_kw,
            deadline=deadline,
            reserve=timedelta(minutes=car.reserve_minutes),
            is_charging=car.is_charging,
            **rules,
        )
        count = int(fleet.window_count[row])
        starts, ends = fleet.start_ms[row, :count].tolist(), fleet.end_ms[row, :count].tolist()
        assert [to_milliseconds(window.start, "start") for window in alone.windows] == starts
        assert [to_milliseconds(window.end, "end") for window in alone.windows] == ends
        assert alone.reason == REASONS[fleet.reason[row]]
        assert abs(float(alone.cost) - fleet.costs(power_kw)[row]) < 1e-9
        assert alone.shortfall_kwh == fleet.shortfall_kwh[row]


def test_a_fleet_without_cars_has_no_plans() -> None:
    none = np.array([], dtype=np.float64)

    fleet = plan_fleet(
        intervals=make_intervals([1, 2]),
        energy_kwh=none,
        power_kw=none,
        now=NOW,
        deadline_ms=np.array([], dtype=np.int64),
    )

    assert fleet.start_ms.shape[0] == 0
