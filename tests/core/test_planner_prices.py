"""What the planner makes of prices: gaps, estimates, long units, and what means nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core.planner import PriceInterval, Reason
from tests.core.evenings import MINUTE, NOW, UNIT, make_plan, make_prices, marks


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
