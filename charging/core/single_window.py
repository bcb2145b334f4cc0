"""Needs that are not longer than the shortest window: one window of exactly the need."""

from __future__ import annotations

import numpy as np

from charging.core.price_line import Bool, Int64

UNREACHABLE = 2**62
CARS_AT_ONCE = 2_000


def cheapest_window(
    prices: Int64,
    is_open: Bool,
    *,
    unit_ms: int,
    limit: Int64,
    need: Int64,
    excess_ms: Int64,
    start_cost: Int64,
    is_charging: bool,
) -> tuple[Int64, Int64, Bool]:
    """Start and end (cars,) in milliseconds after the first mark, and whether there is such a window.

    The best window starts or ends at a mark, since the cost is linear in between. `limit` and `need` are in units,
    the need is `excess_ms` shorter than its units and no longer than all of `prices`. Ties: the earlier finish. A
    window that goes on from the first mark costs no start.
    """
    first_ms = np.zeros(len(limit), dtype=np.int64)
    last_ms = np.zeros(len(limit), dtype=np.int64)
    found = np.zeros(len(limit), dtype=np.bool_)
    for units in np.unique(need).tolist():
        rows = np.flatnonzero(need == units)
        for part in np.array_split(rows, -(-len(rows) // CARS_AT_ONCE)):
            cost = _costs(prices, is_open, units, unit_ms, excess_ms[part], start_cost[part])
            if is_charging:
                cost[:, 0] -= np.where(cost[:, 0] < UNREACHABLE, start_cost[part] * unit_ms, 0)
            cost[np.arange(cost.shape[1]) // 2 + units > limit[part][:, None]] = UNREACHABLE
            best = np.argmin(cost, axis=1)
            found[part] = np.take_along_axis(cost, best[:, None], axis=1)[:, 0] < UNREACHABLE
            first_ms[part] = best // 2 * unit_ms + np.where(best % 2 == 1, excess_ms[part], 0)
            last_ms[part] = first_ms[part] + units * unit_ms - excess_ms[part]
    return first_ms, last_ms, found


def _costs(prices: Int64, is_open: Bool, units: int, unit_ms: int, excess_ms: Int64, start_cost: Int64) -> Int64:
    """Cost (cars, 2 x places) of the windows from each place: first the one cut at its end, then at its start."""
    places = len(prices) - units + 1
    paid = np.concatenate(([0], np.cumsum(prices))) * unit_ms
    closed = np.concatenate(([0], np.cumsum(~is_open)))
    whole = (paid[units:] - paid[:places])[None, :] + start_cost[:, None] * unit_ms
    cost = np.empty((len(excess_ms), 2 * places), dtype=np.int64)
    cost[:, 0::2] = whole - excess_ms[:, None] * prices[units - 1 :][None, :]
    cost[:, 1::2] = whole - excess_ms[:, None] * prices[:places][None, :]
    cost[:, np.repeat(closed[units:] > closed[:places], 2)] = UNREACHABLE
    return cost
