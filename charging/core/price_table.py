"""The cheapest charging plans of a price area, for every need and every deadline at once.

A dynamic programme on a uniform grid: time and need are counted in units, `marks` lie between units. For each mark t,
number of starts k and units charged u it knows the cheapest set of windows that ends at or before t:

    on[t][k][u]  = min(on[t-1][k][u-1] + q[t], off[t-m][k-1][u-m] + q[t+1-m] + ... + q[t])
    off[t][k][u] = min(off[t-1][k][u], on[t][k][u])

A window enters as a block of m units, the shortest allowed, so that its age needs no state. A window that goes on from
before the first mark is no start and has no shortest length. Cost, end and start of the last window share one int64
(cost in the high bits), so that one `minimum` orders by cost, then by earlier finish, and the winner says where it
came from.

Told by units not charged, d = t - u, instead of by mark, both minima run along an axis: charging keeps d, waiting keeps
u. What charging costs up to t is a sum that is known beforehand, so each number of starts takes two running minima.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
    """`off` (starts + 1, units + 1, need + 1): packed cheapest plans by starts, units not charged and units charged."""

    off: Int64
    bits: int

    def cheapest_starts(self, limit: Int64, need: Int64, start_cost: Int64, is_allowed: Bool) -> Int64:
        """How many starts the best plan of each car makes, -1 where there is none.

        `limit` and `need` (cars,) in units, `start_cost` (cars,) in price steps times units, `is_allowed`
        (cars, starts + 1). Best: least cost with start costs, then fewest starts; the earliest finish is in the table.
        """
        starts = np.arange(len(self.off), dtype=np.int64)
        waits = limit - need
        packed = self.off[starts, np.maximum(waits, 0)[:, None], need[:, None]]
        total = (packed >> (2 * self.bits)) + start_cost[:, None] * starts
        total[(packed >= LARGEST) | ~is_allowed | (waits < 0)[:, None]] = INFEASIBLE
        best = np.argmin(total, axis=1)
        found = np.take_along_axis(total, best[:, None], axis=1)[:, 0] < INFEASIBLE
        result: Int64 = np.where(found, best, -1)
        return result

    def windows(self, limit: Int64, need: Int64, starts: Int64) -> tuple[Int64, Int64]:
        """First and last mark of the windows of each car (cars, starts + 1), in time order, then NO_WINDOW."""
        mark, units, left = limit.copy(), need.copy(), starts.copy()
        shape = (len(limit), len(self.off))
        first = np.full(shape, NO_WINDOW, dtype=np.int64)
        last = np.full(shape, NO_WINDOW, dtype=np.int64)
        field = (1 << self.bits) - 1
        for column in range(shape[1]):
            rows = np.flatnonzero(units > 0)
            packed = self.off[left[rows], mark[rows] - units[rows], units[rows]]
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
    units, entries = len(prices), max(len(prices) + 1 - min_units, 0)
    bits = units.bit_length()
    # Every plan of one need pays for as many units, so a common shift changes no choice and saves bits.
    above = np.where(is_open, prices - prices.min(initial=LARGEST, where=is_open), 0)
    paid, closed, closings = (_up_to_each_mark(values) for values in (above, ~is_open, _is_closed_anew(is_open)))
    # Who goes on over a closed unit pays more than any plan can cost, and is told by that.
    too_much = int(paid[-1]) + 1
    if (int(paid[-1]) + int(closings[-1]) * too_much) << (2 * bits) >= LARGEST:
        raise ValueError(f"{units} prices that add up to {paid[-1]} above the cheapest do not fit the table")
    cost = (paid + closings * too_much) << (2 * bits)
    marks = np.arange(units + 1, dtype=np.int64)
    # A window costs what is paid up to its end, less what was paid up to its start.
    enters = np.full(units + 1, INFEASIBLE, dtype=np.int64)
    is_all_open = closed[min_units:] == closed[:entries]
    enters[min_units:] = np.where(is_all_open, marks[:entries] - cost[:entries], INFEASIBLE)
    enters_at, ends_at = _by_waits(np.stack((enters, cost + (marks << bits))), max_need)
    off = np.empty((max_starts + 1, units + 1, max_need + 1), dtype=np.int64)
    off[0] = _feasible(ends_at[0].copy(), too_much << (2 * bits)) if is_charging else INFEASIBLE
    off[0, :, 0] = 0
    on = np.empty_like(off[0])
    for before, after in pairwise(off):
        on[:, :min_units] = INFEASIBLE
        np.add(before[:, :-min_units] >> (2 * bits) << (2 * bits), enters_at[:, min_units:], out=on[:, min_units:])
        np.minimum.accumulate(on, axis=1, out=on)
        on += ends_at
        np.minimum.accumulate(_feasible(on, too_much << (2 * bits)), axis=0, out=after)
    return PriceTable(off=off, bits=bits)


def _feasible(packed: Int64, too_much: int) -> Int64:
    """The same array, with INFEASIBLE for what costs too much."""
    np.putmask(packed, packed >= too_much, INFEASIBLE)
    return packed


def _is_closed_anew(is_open: Bool) -> Bool:
    """Closed units (units,) after an open one, or the first."""
    return ~is_open & np.concatenate(([True], is_open[:-1]))


def _up_to_each_mark(values: Int64 | Bool) -> Int64:
    """Sums (units + 1,) of what lies before each mark."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _by_waits(values: Int64, max_need: int) -> Int64:
    """A view (rows, units + 1, need + 1) of `values` (rows, units + 1) by mark; zero past the last mark."""
    padded = np.concatenate((values, np.zeros((len(values), max_need), dtype=np.int64)), axis=1)
    return sliding_window_view(padded, max_need + 1, axis=1)
