"""Costs of many windows at once in floating point, and where that is too near to a half step to be rounded."""

from __future__ import annotations

import numpy as np

from charging.core.fleet_facts import COST_STEP, FleetWindows
from charging.core.fleet_needs import Float64
from charging.core.price_line import Bool, Int64
from charging.core.priced_time import PricedTime

STEPS = round(1 / COST_STEP)
DOUBT_STEPS = 1e-5
"""So near to a half step the exact cost might round the other way."""


def costs_of(windows: FleetWindows, prices: PricedTime, now_us: int) -> Float64:
    """Cost (cars, windows) in currency: at these prices of windows to come, as it was of those that are over.

    The prices must reach over all windows to come.
    """
    paid = prices.paid_until(windows.end_us) - prices.paid_until(windows.start_us)
    mean = paid / np.maximum(windows.end_us - windows.start_us, 1)
    result: Float64 = np.where(windows.end_us > now_us, mean * windows.energy_kwh, windows.cost_steps / STEPS)
    return result


def cost_steps(costs: Float64) -> Int64:
    """Costs in whole steps."""
    result: Int64 = np.rint(costs * STEPS).astype(np.int64)
    return result


def is_doubtful(costs: Float64) -> Bool:
    """Whether a cost lies so near to a half step that it has to be rounded exactly."""
    steps = costs * STEPS
    result: Bool = np.abs(steps - np.floor(steps) - 0.5) < DOUBT_STEPS
    return result
