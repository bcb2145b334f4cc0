"""Rules of a plan, one night each. Prices by the unit of five minutes unless a test says otherwise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from charging.core.planner import Reason
from tests.core.evenings import MINUTE, NOW, UNIT, make_plan, marks


def test_charging_waits_for_the_cheapest_units() -> None:
    result = make_plan([5, 5, 1, 1, 5, 5], need=2)

    assert marks(result) == [(2, 4)]
    assert result.cost == 2
    assert result.cost_charged_at_once == 10
    assert result.finish_at == NOW + 4 * UNIT
    assert result.reason == Reason.CHEAPEST


def test_a_price_threshold_is_not_enough_when_windows_are_limited() -> None:
    result = make_plan([5, 0, 5, 1, 1], need=2, max_windows=1)

    assert marks(result) == [(3, 5)]


@pytest.mark.parametrize(("max_windows", "cost"), [(1, 10), (2, 5), (3, 0)])
def test_there_are_at_most_as_many_windows_as_allowed(max_windows: int, cost: int) -> None:
    result = make_plan([0, 5, 5, 0, 5, 5, 0], need=3, max_windows=max_windows)

    assert len(result.windows) <= max_windows
    assert result.cost == cost


def test_every_window_is_at_least_as_long_as_the_shortest_allowed() -> None:
    result = make_plan([0, 9, 9, 9, 2, 1, 2, 9], need=3, min_window=2 * UNIT)

    assert marks(result) == [(4, 7)]


def test_a_need_below_the_shortest_window_is_one_window_of_exactly_the_need() -> None:
    result = make_plan([9, 0, 9, 0, 9, 9], need=1.5, min_window=4 * UNIT)

    assert marks(result) == [(0.5, 2)] or marks(result) == [(1, 2.5)]
    assert result.cost == Decimal("4.5")
    assert sum(window.energy_kwh for window in result.windows) == pytest.approx(1.5)


def test_the_excess_over_the_need_is_cut_off_the_dearest_window_end() -> None:
    result = make_plan([9, 3, 1, 1, 2, 9], need=3.5)

    assert marks(result) == [(1.5, 5)]
    assert result.cost == Decimal("5.5")


def test_the_excess_is_cut_where_the_window_stays_long_enough() -> None:
    result = make_plan([3, 3, 9, 9, 1, 1, 1, 9], need=4.5, min_window=2 * UNIT, max_windows=2)

    assert marks(result) == [(0, 2), (4, 6.5)]


def test_windows_that_all_have_the_shortest_length_are_not_planned_when_there_is_an_excess_to_cut() -> None:
    result = make_plan([1, 1, 5, 1, 1], need=3.5, min_window=2 * UNIT, max_windows=2)

    assert marks(result) == [(0, 3.5)]


def test_of_equal_costs_fewer_windows_win() -> None:
    result = make_plan([9, 1, 9, 1, 9, 1, 1], need=2)

    assert marks(result) == [(5, 7)]


def test_of_equal_costs_and_windows_the_earlier_finish_wins() -> None:
    result = make_plan([9, 1, 1, 9, 1, 1], need=2)

    assert marks(result) == [(1, 3)]


def test_negative_prices_are_taken_before_all_others() -> None:
    result = make_plan([0, -1, 0, -3, -2, 0], need=2)

    assert marks(result) == [(3, 5)]
    assert result.cost == -5


def test_a_car_that_charges_goes_on_without_a_start() -> None:
    result = make_plan([1, 9, 9, 1, 1, 9], need=3, max_windows=1, is_charging=True)

    assert marks(result) == [(0, 1), (3, 5)]


def test_a_window_that_goes_on_may_be_shorter_than_the_shortest() -> None:
    result = make_plan([1, 9, 9, 1, 1, 9], need=3, min_window=2 * UNIT, is_charging=True)

    assert marks(result) == [(0, 1), (3, 5)]


def test_the_cost_of_a_start_keeps_a_plan_together() -> None:
    cheap = make_plan([1, 2, 1, 9], need=2, start_cost=Decimal("0.5"))
    dear = make_plan([1, 2, 1, 9], need=2, start_cost=Decimal("1.5"))

    assert marks(cheap) == [(0, 1), (2, 3)]
    assert marks(dear) == [(0, 2)]
    assert dear.cost == 3


def test_the_cost_of_a_start_keeps_a_charging_car_going_even_for_a_small_need() -> None:
    result = make_plan([3, 9, 1, 9], need=1, min_window=3 * UNIT, is_charging=True, start_cost=3)

    assert marks(result) == [(0, 1)]


def test_now_moves_to_the_next_mark() -> None:
    result = make_plan([0, 1, 2, 3], need=1, now=NOW + timedelta(seconds=1))

    assert marks(result) == [(1, 2)]


def test_the_deadline_less_the_reserve_is_rounded_down_to_a_mark() -> None:
    result = make_plan([9, 3, 2, 1], need=1, deadline=NOW + 4 * UNIT - MINUTE, reserve=2 * MINUTE)

    assert marks(result) == [(2, 3)]


def test_noise_in_the_energy_adds_no_unit() -> None:
    result = make_plan([9, 1, 1, 9], need=2 + 1e-9)

    assert marks(result) == [(1, 3)]
    assert result.cost == 2


def test_a_reserve_that_leaves_too_little_time_shrinks() -> None:
    result = make_plan([9, 1, 1, 1], need=2, reserve=3 * UNIT)

    assert marks(result) == [(0, 2)]
    assert result.reason == Reason.NO_SLACK
    assert result.shortfall_kwh == 0


def test_a_deadline_that_cannot_be_met_means_charging_at_once_and_beyond() -> None:
    now = NOW + 2 * MINUTE

    result = make_plan([9, 1, 1], need=4, now=now)

    assert [(window.start, window.end) for window in result.windows] == [(now, now + 4 * UNIT)]
    assert result.finish_at == now + 4 * UNIT
    assert result.shortfall_kwh == pytest.approx(1.4)
    assert result.cost == result.cost_charged_at_once
    assert result.reason == Reason.NO_TIME


def test_a_deadline_in_the_past_leaves_the_whole_need_short() -> None:
    result = make_plan([1, 1], need=2, deadline=NOW - UNIT)

    assert result.shortfall_kwh == pytest.approx(2)
    assert result.reason == Reason.NO_TIME


def test_a_need_that_fits_only_off_the_marks_is_met_from_now_itself() -> None:
    now = NOW + MINUTE

    result = make_plan([1, 1, 1], need=2, now=now, deadline=now + 2 * UNIT)

    assert result.windows[0].start == now
    assert result.shortfall_kwh == 0
    assert result.reason == Reason.NO_SLACK


def test_charging_at_once_begins_now_to_the_microsecond() -> None:
    now = NOW + timedelta(microseconds=123_456)

    result = make_plan([1, 1, 1], need=3, now=now, deadline=NOW + 3 * UNIT)

    assert result.windows[0].start == now


def test_the_energy_of_a_window_is_its_hours_times_the_power() -> None:
    result = make_plan([1] * 12, need=12)

    assert result.windows[0].energy_kwh == 12.0


def test_a_car_that_needs_nothing_costs_exact_money() -> None:
    assert isinstance(make_plan([1, 1], need=0).cost, Decimal)
