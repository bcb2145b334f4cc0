"""Plans for all cars of a price area in one go, from one shared price table.

The cars share prices, `now` and the rules for windows; each has its own need, power, deadline and reserve. A plan for
one car (charging/core/planner.py) is a fleet of one, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from charging.core.facts import PriceInterval
from charging.core.fleet_needs import Needs, make_needs
from charging.core.placement import place
from charging.core.price_line import PRICE_STEPS_PER_CURRENCY, Bool, Int64, PriceLine, make_price_line, to_milliseconds
from charging.core.price_table import unit_prices

PRICE_MS_PER_COST = PRICE_STEPS_PER_CURRENCY * 3_600_000
"""Price steps times milliseconds that make one currency unit per kW."""


class Reason(StrEnum):
    """Why a plan looks as it does; the first that holds."""

    ALREADY_CHARGED = "already_charged"
    """No energy is needed."""
    NO_TIME = "no_time"
    """The deadline cannot be met: charge at once, to the deadline and beyond."""
    NO_PRICES = "no_prices"
    """Nothing before the deadline has a price: charge at once."""
    NO_SLACK = "no_slack"
    """Only charging straight through meets the deadline, perhaps with less than the wanted reserve."""
    UNPRICED = "unpriced"
    """The time that has prices is too short: part of the plan lies in time without prices."""
    FLAT = "flat"
    """All prices before the deadline are equal: charge at once."""
    NOW_IS_CHEAPEST = "now_is_cheapest"
    """Charging straight from now is the cheapest plan."""
    CHEAPEST = "cheapest"
    """The car waits for cheaper time."""


REASONS = tuple(Reason)


@dataclass(frozen=True, slots=True)
class FleetPlans:
    """One row a car. Instants in milliseconds since 1970.

    `start_ms` and `end_ms` (cars, windows) in time order; only the first `window_count` (cars,) of a row are windows,
    the others are empty (start equals end). `price_ms` (cars, windows) and `at_once_price_ms` (cars,) are exact
    integrals of the price: times kW and divided by PRICE_MS_PER_COST they are currency. `reason` (cars,) indexes
    REASONS. `is_at_once` (cars,): the one window starts at `now` itself, not at a mark.
    """

    start_ms: Int64
    end_ms: Int64
    window_count: Int64
    is_estimate: Bool
    price_ms: Int64
    at_once_price_ms: Int64
    finish_ms: Int64
    shortfall_kwh: npt.NDArray[np.float64]
    reason: npt.NDArray[np.int8]
    is_at_once: Bool

    def take(self, rows: Int64) -> FleetPlans:
        """The plans of some cars."""
        return FleetPlans(*(getattr(self, field.name)[rows] for field in fields(self)))

    def costs(self, power_kw: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Cost (cars,) of each plan in currency, start costs not included."""
        result: npt.NDArray[np.float64] = self.price_ms.sum(axis=1) * power_kw / PRICE_MS_PER_COST
        return result


def plan_fleet(
    *,
    intervals: Sequence[PriceInterval],
    energy_kwh: npt.NDArray[np.float64],
    power_kw: npt.NDArray[np.float64],
    now: datetime,
    deadline_ms: Int64,
    reserve_ms: Int64 | None = None,
    is_charging: Bool | None = None,
    max_windows: int = 3,
    min_window: timedelta = timedelta(minutes=30),
    start_cost: Decimal | float = 0,
    unit: timedelta = timedelta(minutes=5),
) -> FleetPlans:
    """The cheapest plan of each car; the rules are those of `charging.core.planner.plan`.

    All arrays have the shape (cars,); `reserve_ms` defaults to zero, `is_charging` to False. Raises ValueError for
    values that mean nothing: naive instants, energies below zero, powers not above zero, anything that is no number.
    """
    now_ms = to_milliseconds(now, "now")
    needs = make_needs(
        energy_kwh=energy_kwh,
        power_kw=power_kw,
        now_ms=now_ms,
        deadline_ms=deadline_ms,
        reserve_ms=np.zeros_like(deadline_ms) if reserve_ms is None else reserve_ms,
        is_charging=np.zeros(len(deadline_ms), dtype=np.bool_) if is_charging is None else is_charging,
        max_windows=max_windows,
        min_window=min_window,
        start_cost=float(start_cost),
        unit=unit,
    )
    line = make_price_line(intervals, now_ms=now_ms, longest_ms=needs.longest_ms)
    return _plan_needs(needs, line, now_ms, deadline_ms)


def _plan_needs(needs: Needs, line: PriceLine, now_ms: int, deadline_ms: Int64) -> FleetPlans:
    horizon = needs.horizon(priced_until_ms=int(line.edges_ms[-1]))
    prices, is_known = unit_prices(line, first_ms=needs.first_ms, unit_ms=needs.unit_ms, units=horizon)
    start_ms, end_ms, is_unpriced = place(needs, prices, is_known)
    is_at_once = needs.is_late | needs.lacks_prices(is_known)
    start_ms[is_at_once], end_ms[is_at_once] = 0, 0
    start_ms[is_at_once, 0] = now_ms
    end_ms[is_at_once, 0] = now_ms + needs.duration_ms[is_at_once]
    finish_ms = np.where(needs.units > 0, end_ms.max(axis=1), now_ms)
    late_ms = np.clip(finish_ms - deadline_ms, 0, needs.duration_ms)
    at_once = line.integral(now_ms + needs.duration_ms) - line.integral(np.array([now_ms]))
    is_window = end_ms > start_ms
    return FleetPlans(
        start_ms=start_ms,
        end_ms=end_ms,
        window_count=is_window.sum(axis=1),
        is_estimate=line.estimated_at(start_ms) & is_window,
        price_ms=line.integral(end_ms) - line.integral(start_ms),
        at_once_price_ms=at_once,
        finish_ms=finish_ms,
        shortfall_kwh=late_ms / 3_600_000 * needs.power_kw,
        reason=_reasons(needs, prices, is_known, start_ms, end_ms, is_unpriced, late_ms > 0),
        is_at_once=is_at_once,
    )


def _reasons(
    needs: Needs, prices: Int64, is_known: Bool, start_ms: Int64, end_ms: Int64, is_unpriced: Bool, is_short: Bool
) -> npt.NDArray[np.int8]:
    """Index into REASONS of the first reason that holds for each car."""
    changes = np.concatenate(([0], np.cumsum(_differs_from_first(prices, is_known))))
    is_straight = ((end_ms > start_ms).sum(axis=1) == 1) & (start_ms[:, 0] == needs.first_ms)
    holds = {
        Reason.ALREADY_CHARGED: needs.units == 0,
        Reason.NO_TIME: needs.is_late & is_short,
        Reason.NO_PRICES: needs.lacks_prices(is_known),
        Reason.NO_SLACK: needs.is_late | needs.has_no_slack,
        Reason.UNPRICED: is_unpriced,
        Reason.FLAT: is_straight & (changes[np.minimum(needs.limit, len(prices))] == 0),
        Reason.NOW_IS_CHEAPEST: is_straight,
    }
    codes = [REASONS.index(reason) for reason in holds]
    return np.select(list(holds.values()), codes, REASONS.index(Reason.CHEAPEST)).astype(np.int8)


def _differs_from_first(prices: Int64, is_known: Bool) -> Bool:
    first = prices[np.argmax(is_known)] if len(prices) else 0
    result: Bool = is_known & (prices != first)
    return result
