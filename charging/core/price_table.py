"""The cheapest charging plans of a price area, for every need and every deadline at once.

A dynamic programme on a uniform grid: time and need are counted in units, `marks` lie between units. For each mark t,
number of starts k and units charged u it knows the cheapest set of windows that ends at or before t:

    on'[k][u]  = min(on[k][u-1] + q[t], off[t+1-m][k-1][u-m] + q[t+1-m] + ... + q[t])
    off[t+1]   = min(off[t], on')

A window enters as a block of m units, the shortest allowed, so that its age needs no state. A window that goes on from
before the first mark is no start and has no shortest length. Cost, end and start of the last window share one int64
(cost in the high bits), so that one `minimum` orders by cost, then by earlier finish, and the winner says where it
came from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charging.core.price_line import Bool, Int64, PriceLine

INFEASIBLE = 2**61
"""Marks what cannot be reached. Sums of it and any cost stay within int64 and above every feasible value."""

LARGEST = 2**60
NO_WINDOW = 2**31


def unit_prices(line: PriceLine, *, first_ms: int, unit_ms: int, units: int) -> tuple[Int64, Bool]:
    """Mean price (1e-5 currency per kWh) of each unit from `first_ms` on, and whether all of it has a price."""
    marks = first_ms + unit_ms * np.arange(units + 1, dtype=np.int64)
    prices: Int64 = (np.diff(line.integral(marks)) + unit_ms // 2) // unit_ms
    is_known: Bool = np.diff(line.known_ms(marks)) == unit_ms
    return prices, is_known


@dataclass(frozen=True, slots=True)
class PriceTable:
    """`off` (units + 1, starts + 1, need + 1): packed cheapest plans by mark, starts and units charged."""

    off: Int64
    bits: int

    def cheapest_starts(self, limit: Int64, need: Int64, start_cost: Int64, is_allowed: Bool) -> Int64:
        """How many starts the best plan of each car makes, -1 where there is none.

        `limit` and `need` (cars,) in units, `start_cost` (cars,) in price steps times units, `is_allowed`
        (cars, starts + 1). Best: least cost with start costs, then fewest starts; the earliest finish is in the table.
        """
        starts = np.arange(self.off.shape[1], dtype=np.int64)
        packed = self.off[limit[:, None], starts, need[:, None]]
        total = (packed >> (2 * self.bits)) + start_cost[:, None] * starts
        total[(packed >= LARGEST) | ~is_allowed] = INFEASIBLE
        best = np.argmin(total, axis=1)
        found = np.take_along_axis(total, best[:, None], axis=1)[:, 0] < INFEASIBLE
        result: Int64 = np.where(found, best, -1)
        return result

    def windows(self, limit: Int64, need: Int64, starts: Int64) -> tuple[Int64, Int64]:
        """First and last mark of the windows of each car (cars, starts + 1), in time order, then NO_WINDOW."""
        mark, units, left = limit.copy(), need.copy(), starts.copy()
        shape = (len(limit), self.off.shape[1])
        first = np.full(shape, NO_WINDOW, dtype=np.int64)
        last = np.full(shape, NO_WINDOW, dtype=np.int64)
        field = (1 << self.bits) - 1
        for column in range(shape[1]):
            rows = np.flatnonzero(units > 0)
            packed = self.off[mark[rows], left[rows], units[rows]]
            first[rows, column] = packed & field
            last[rows, column] = (packed >> self.bits) & field
            units[rows] -= last[rows, column] - first[rows, column]
            mark[rows] = first[rows, column]
            left[rows] -= 1
        first.sort(axis=1)
        last.sort(axis=1)
        return first, last


def build_price_table(
    prices: Int64, is_open: Bool, *, min_units: int, max_starts: int, max_need: int, is_charging: bool
) -> PriceTable:
    """The table of all plans over `prices` (units,), which charge only in units that are open.

    `min_units` <= `max_need`: shortest window that is started. Raises ValueError when the prices are so large or so
    many that a packed cost does not fit its bits.
    """
    units = len(prices)
    bits = units.bit_length()
    # Every plan of one need pays for as many units, so a common shift changes no choice and saves bits.
    paid = [0, *np.cumsum(prices - prices.min()).tolist()] if units else [0]
    if paid[-1] << (2 * bits) >= LARGEST:
        raise ValueError(f"{units} prices that add up to {paid[-1]} above the cheapest do not fit the table")
    closed = [0, *np.cumsum(~is_open).tolist()]
    off = np.full((units + 1, max_starts + 1, max_need + 1), INFEASIBLE, dtype=np.int64)
    off[0, 0, 0] = 0
    on, grown, ended = (np.full_like(off[0], INFEASIBLE) for _ in range(3))
    if is_charging:
        on[0, 0] = 0
    for mark in range(1, units + 1):
        if closed[mark] > closed[mark - 1]:
            on.fill(INFEASIBLE)
            off[mark] = off[mark - 1]
            continue
        np.add(on[:, :-1], (paid[mark] - paid[mark - 1]) << (2 * bits), out=grown[:, 1:])
        begin = mark - min_units
        if begin >= 0 and closed[mark] == closed[begin]:
            # The low bits of what went before make room for the start of the window that enters.
            entry = (off[begin, :-1, : max_need + 1 - min_units] >> (2 * bits) << (2 * bits)) + (
                ((paid[mark] - paid[begin]) << (2 * bits)) + begin
            )
            np.minimum(grown[1:, min_units:], entry, out=grown[1:, min_units:])
        np.add(grown, mark << bits, out=ended)
        np.minimum(off[mark - 1], ended, out=off[mark])
        on, grown = grown, on
        grown[:, 0] = INFEASIBLE
    return PriceTable(off=off, bits=bits)
