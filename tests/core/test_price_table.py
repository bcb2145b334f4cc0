"""The shared table: one run answers every need and every deadline."""

from __future__ import annotations

import numpy as np
import pytest

from charging.core.price_table import NO_WINDOW, PriceTable, build_price_table


def make_table(prices: list[int], *, is_charging: bool = False, closed: tuple[int, ...] = ()) -> PriceTable:
    is_open = np.ones(len(prices), dtype=np.bool_)
    is_open[list(closed)] = False
    return build_price_table(
        np.array(prices), is_open, min_units=2, max_starts=2, max_need=len(prices), is_charging=is_charging
    )


def look_up(table: PriceTable, limit: int, need: int, starts: int) -> list[tuple[int, int]]:
    first, last = table.windows(np.array([limit]), np.array([need]), np.array([starts]))
    return [(a, b) for a, b in zip(first[0].tolist(), last[0].tolist(), strict=True) if a < NO_WINDOW]


def count_starts(table: PriceTable, limit: int, need: int, start_cost: int = 0) -> int:
    allowed = np.ones((1, 3), dtype=np.bool_)
    return int(table.cheapest_starts(np.array([limit]), np.array([need]), np.array([start_cost]), allowed)[0])


def test_one_table_answers_several_needs_and_deadlines() -> None:
    table = make_table([3, 1, 1, 9, 0, 0, 4])

    assert look_up(table, 7, 2, 1) == [(4, 6)]
    assert look_up(table, 4, 2, 1) == [(1, 3)]
    assert look_up(table, 7, 4, 2) == [(1, 3), (4, 6)]


def test_the_number_of_starts_weighs_the_cost_of_a_start() -> None:
    table = make_table([3, 1, 1, 9, 0, 0, 4])

    assert count_starts(table, 7, 4) == 2
    assert count_starts(table, 7, 4, start_cost=100) == 1


def test_what_does_not_fit_before_the_deadline_has_no_plan() -> None:
    table = make_table([3, 1, 1, 9])

    assert count_starts(table, 2, 3) == -1


def test_a_closed_unit_is_never_charged_in_and_splits_windows() -> None:
    table = make_table([5, 5, 0, 5, 5], closed=(2,))

    assert look_up(table, 5, 4, 2) == [(0, 2), (3, 5)]
    assert count_starts(table, 5, 3) == -1


def test_going_on_is_no_start_and_has_no_shortest_length() -> None:
    table = make_table([0, 9, 9, 1, 1], is_charging=True)

    assert count_starts(table, 5, 1) == 0
    assert look_up(table, 5, 3, 1) == [(0, 1), (3, 5)]


def test_a_common_shift_of_prices_below_zero_changes_no_plan() -> None:
    prices = [3, 1, 1, 9, 0, 0, 4]
    table = make_table(prices)
    shifted = make_table([price - 1_000_000 for price in prices])

    assert (table.off == shifted.off).all()


def test_prices_that_do_not_fit_the_packed_cost_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit the table"):
        make_table([0, 2**57])
