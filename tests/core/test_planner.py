"""Rules of a plan, one night each. Prices by the unit of five minutes unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core.planner import Plan, PriceInterval, Reason, plan

NOW = datetime(2026, 1, 10, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNIT = 5 * MINUTE
POWER_KW = 12.0
"""One kWh a unit."""


def make_prices(prices: Sequence[float | None], start: datetime = NOW, length: timedelta = UNIT) -> list[PriceInterval]:
    return [
        PriceInterval(start + number * length, start + (number + 1) * length, price)
        for number, price in enumerate(prices)
        if price is not None
    ]


def make_plan(prices: Sequence[float | None], need: float, **changes: Any) -> Plan:
    """A plan for `need` units over one price a unit, until the last of them; windows of at least one unit."""
    question: dict[str, Any] = {
        "intervals": make_prices(prices),
        "energy_kwh": need,
        "power_kw": POWER_KW,
        "now": NOW,
        "deadline": NOW + len(prices) * UNIT,
        "min_window": UNIT,
    }
    return plan(**(question | changes))


def marks(result: Plan) -> list[tuple[float, float]]:
    """Windows in units from NOW."""
    return [((window.start - NOW) / UNIT, (window.end - NOW) / UNIT) for window in result.windows]


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


def test_a_gap_in_the_prices_is_not_taken_for_free() -> None:
    result = make_plan([9, None, None, 8, 9], need=1)

    assert marks(result) == [(3, 4)]


def test_a_gap_is_used_when_the_priced_time_is_too_short_and_counts_as_the_dearest_price() -> None:
    result = make_plan([9, None, 4, None, None], need=3)

    assert marks(result) == [(0, 3)]
    assert result.cost == 9 + 9 + 4
    assert result.reason == Reason.UNPRICED


def test_only_priced_time_is_planned_when_prices_end_before_the_deadline() -> None:
    result = make_plan([3, 2, 2, 5], need=2, deadline=NOW + 100 * UNIT)

    assert marks(result) == [(1, 3)]


def test_without_prices_the_car_charges_at_once() -> None:
    result = make_plan([None, None, None, None], need=2, now=NOW + MINUTE)

    assert result.windows[0].start == NOW + MINUTE
    assert result.reason == Reason.NO_PRICES


def test_without_a_need_there_are_no_windows() -> None:
    result = make_plan([1, 2], need=0)

    assert result.windows == ()
    assert (result.cost, result.finish_at) == (Decimal(0), NOW)
    assert result.reason == Reason.ALREADY_CHARGED


def test_equal_prices_mean_charging_at_once() -> None:
    result = make_plan([2, 2, 2, 2], need=2)

    assert marks(result) == [(0, 2)]
    assert result.reason == Reason.FLAT


def test_the_reason_says_when_now_is_the_cheapest_time() -> None:
    assert make_plan([1, 1, 2, 2], need=2).reason == Reason.NOW_IS_CHEAPEST


def test_prices_from_before_now_are_ignored() -> None:
    past = make_prices([-9] * 12, start=NOW - 12 * UNIT)

    result = make_plan([3, 1, 3], need=1, intervals=[*past, *make_prices([3, 1, 3])])

    assert marks(result) == [(1, 2)]


def test_longer_market_time_units_and_mixed_lengths_are_split() -> None:
    hour = PriceInterval(NOW, NOW + 12 * UNIT, 4)
    quarters = make_prices([5, 3], start=NOW + 12 * UNIT, length=3 * UNIT)

    result = make_plan([], need=4, intervals=[*quarters, hour], deadline=NOW + 18 * UNIT)

    assert marks(result) == [(0, 1), (15, 18)]


def test_prices_that_change_between_marks_are_weighed_by_time_and_costed_exactly() -> None:
    prices = make_prices([0, 10], length=7 * MINUTE)

    result = make_plan([], need=2, intervals=prices, deadline=NOW + 10 * MINUTE)

    assert result.cost == 10 * 3 * Decimal("0.2")


def test_a_price_given_twice_counts_once() -> None:
    assert make_plan([2, 1], need=1, intervals=2 * make_prices([2, 1])).cost == 1


def test_a_window_is_an_estimate_when_its_start_is() -> None:
    known, estimated = make_prices([1, 9, 1, 1])[:2], make_prices([1, 9, 1, 1])[2:]
    marked = [PriceInterval(i.start, i.end, i.price_per_kwh, is_estimate=True) for i in estimated]

    result = make_plan([1, 9, 1, 1], need=3, intervals=[*known, *marked])

    assert [window.is_estimate for window in result.windows] == [False, True]


def test_a_unit_of_one_minute_is_exact_to_the_minute() -> None:
    prices = make_prices([9, 1, 9], length=7 * MINUTE)

    result = make_plan([], need=7 / 5, intervals=prices, deadline=NOW + 21 * MINUTE, unit=MINUTE, now=NOW + MINUTE)

    assert [(window.start, window.end) for window in result.windows] == [(NOW + 7 * MINUTE, NOW + 14 * MINUTE)]


def test_with_a_window_for_every_unit_the_cheapest_units_are_taken() -> None:
    prices = [(number * 37) % 101 - 30 for number in range(150)]

    result = make_plan(prices, need=40, max_windows=40)

    assert result.cost == sum(sorted(prices)[:40])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"now": datetime(2026, 1, 10, 18)}, "now must carry a time zone"),
        ({"deadline": datetime(2026, 1, 11, 7)}, "deadline must carry a time zone"),
        ({"intervals": make_prices([1], start=datetime(2026, 1, 10, 18))}, "start of a price must carry a time zone"),
        ({"intervals": make_prices([float("nan")])}, "no finite number"),
        ({"intervals": make_prices([float("inf")])}, "no finite number"),
        ({"intervals": [PriceInterval(NOW, NOW, 1)]}, "ends before it starts"),
        ({"intervals": [*make_prices([1]), *make_prices([2])]}, "overlap"),
        ({"intervals": make_prices([1e13])}, "cannot be added up"),
        ({"intervals": make_prices([5e4, 0] * 100), "deadline": NOW + 200 * UNIT, "unit": MINUTE}, "do not fit"),
        ({"energy_kwh": -1.0}, "energy must be zero or more"),
        ({"energy_kwh": float("nan")}, "energy must be zero or more"),
        ({"energy_kwh": 1e9}, "more than 366 days"),
        ({"power_kw": 0.0}, "power must be above zero"),
        ({"power_kw": -7.2}, "power must be above zero"),
        ({"power_kw": float("inf")}, "power must be above zero"),
        ({"reserve": -MINUTE}, "reserve cannot be negative"),
        ({"max_windows": 0}, "at least one window"),
        ({"min_window": -MINUTE}, "shortest window cannot be negative"),
        ({"start_cost": -1}, "cost of a start"),
        ({"start_cost": float("nan")}, "cost of a start"),
        ({"unit": timedelta(0)}, "unit must be whole seconds"),
        ({"unit": timedelta(milliseconds=1500)}, "unit must be whole seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_means_nothing_is_refused_in_clear_words(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_plan([1, 2, 3], need=2, **changes)
