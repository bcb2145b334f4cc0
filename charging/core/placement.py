"""Where the windows of each car lie on the grid, and where the excess over the true need is cut off."""

from __future__ import annotations

import numpy as np

from charging.core.fleet_needs import Needs
from charging.core.price_line import Bool, Int64
from charging.core.price_table import NO_WINDOW, build_price_table
from charging.core.single_window import cheapest_window

NOT_TO_CUT = -(2**62)


def place(needs: Needs, prices: Int64, is_known: Bool) -> tuple[Int64, Int64, Bool]:
    """Start and end (cars, windows) in milliseconds since 1970, and which cars (cars,) charge where prices are missing.

    Only units with a price are used; units without one, at the price the line gives them, only for cars that find no
    plan otherwise. Late cars and cars without a need get no windows.
    """
    columns = min(needs.max_windows, int(needs.units.max(initial=0)) // needs.min_units) + 1
    start_ms = np.zeros((len(needs.units), columns), dtype=np.int64)
    end_ms = np.zeros_like(start_ms)
    is_unpriced = np.zeros(len(needs.units), dtype=np.bool_)
    is_plannable = (needs.units > 0) & ~needs.is_late
    is_short = needs.duration_ms <= needs.min_window_ms
    for is_charging in (False, True):
        for short in (False, True):
            cars = np.flatnonzero(is_plannable & (needs.is_charging == is_charging) & (is_short == short))
            for is_open in (is_known, np.ones_like(is_known)):
                if cars.size == 0:
                    break
                place_group = _place_single if short else _place_from_table
                first, last, found = place_group(needs, cars, prices, is_open, is_charging)
                rows = cars[found]
                start_ms[rows, : first.shape[1]] = needs.first_ms + first[found]
                end_ms[rows, : last.shape[1]] = needs.first_ms + last[found]
                cars = cars[~found]
                is_unpriced[cars] = True
    empty = end_ms <= start_ms
    start_ms[empty], end_ms[empty] = 0, 0
    return start_ms, end_ms, is_unpriced


def _place_single(
    needs: Needs, cars: Int64, prices: Int64, is_open: Bool, is_charging: bool
) -> tuple[Int64, Int64, Bool]:
    first, last, found = cheapest_window(
        prices,
        is_open,
        unit_ms=needs.unit_ms,
        limit=needs.limit[cars],
        need=needs.units[cars],
        excess_ms=needs.excess_ms[cars],
        start_cost=needs.start_cost[cars],
        is_charging=is_charging,
    )
    return first[:, None], last[:, None], found


def _place_from_table(
    needs: Needs, cars: Int64, prices: Int64, is_open: Bool, is_charging: bool
) -> tuple[Int64, Int64, Bool]:
    """Windows (cars, starts + 1) in milliseconds after the first mark; empty ones start where they end."""
    need, excess_ms = needs.units[cars], needs.excess_ms[cars]
    max_need = int(need.max())
    # Past the last open unit the table only repeats itself.
    horizon = min(int(needs.limit[cars].max()), len(prices) - int(np.argmax(is_open[::-1])))
    limit = np.minimum(needs.limit[cars], horizon)
    table = build_price_table(
        prices[:horizon],
        is_open[:horizon],
        min_units=needs.min_units,
        max_starts=min(needs.max_windows, max_need // needs.min_units),
        max_need=max_need,
        is_charging=is_charging,
    )
    starts = np.arange(len(table.off))
    # Windows that are all of the shortest length leave nothing to cut the excess from.
    is_all_shortest = starts * needs.min_units == need[:, None]
    is_cuttable = needs.min_units * needs.unit_ms - excess_ms >= needs.min_window_ms
    chosen = table.cheapest_starts(limit, need, needs.start_cost[cars], ~is_all_shortest | is_cuttable[:, None])
    found = chosen >= 0
    first, last = table.windows(limit, np.where(found, need, 0), np.maximum(chosen, 0))
    return (*_cut(needs, prices, first, last, excess_ms, is_charging), found)


def _cut(
    needs: Needs, prices: Int64, first: Int64, last: Int64, excess_ms: Int64, is_charging: bool
) -> tuple[Int64, Int64]:
    """Windows in milliseconds after the first mark, less the excess at the dearest end that leaves it long enough.

    Of equally dear ends the last is cut, so that charging finishes earlier. A window that goes on from before has no
    shortest length and keeps its start.
    """
    exists = first < NO_WINDOW
    first, last = np.where(exists, first, 0), np.where(exists, last, 0)
    is_long = (last - first) * needs.unit_ms - excess_ms[:, None] >= needs.min_window_ms
    goes_on = (first == 0) & exists & is_charging
    end_price = np.where(exists & (is_long | goes_on), prices[np.maximum(last - 1, 0)], NOT_TO_CUT)
    start_price = np.where(exists & is_long & ~goes_on, prices[np.minimum(first, len(prices) - 1)], NOT_TO_CUT)
    columns = first.shape[1]
    dearest = np.argmax(np.concatenate((end_price[:, ::-1], start_price[:, ::-1]), axis=1), axis=1)
    rows = np.arange(len(first))
    column = columns - 1 - dearest % columns
    first, last = first * needs.unit_ms, last * needs.unit_ms
    first[rows, column] += np.where(dearest >= columns, excess_ms, 0)
    last[rows, column] -= np.where(dearest < columns, excess_ms, 0)
    return first, last
