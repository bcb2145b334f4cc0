"""A habit of plugging in, replayed over known prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from charging.core.deadlines import WeeklyDeadline
from charging.core.facts import Car, PolicyFacts, PriceInterval
from charging.core.replay import Driving, Habit, replay

DAY = date(2026, 1, 13)
MIDNIGHT = datetime(2026, 1, 13, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
DRIVING = Driving(
    car=Car(battery_capacity_kwh=90, max_power_kw=10, charge_limit_percent=80),
    habit=Habit(time(17), 60),
    deadline=WeeklyDeadline(time(7)),
    timezone_name="UTC",
    policy=PolicyFacts(is_enabled=False, deadline_at=None),
)
"""20 % of 90 kWh are 20 kWh at the plug: two hours at 10 kW, all below the knee of the taper."""


def prices(hourly: Sequence[float], start: datetime = MIDNIGHT) -> list[PriceInterval]:
    quarters = [price for price in hourly for _ in range(4)]
    return [PriceInterval(start + n * QUARTER, start + (n + 1) * QUARTER, p) for n, p in enumerate(quarters)]


DEAR_EVENING = [0.3] * 24 + [0.3, 0.3, 0.1, 0.1, *[0.3] * 20]


def test_a_night_with_cheap_hours_saves_the_difference_to_charging_from_plug_in_on() -> None:
    night = replay(DRIVING, prices(DEAR_EVENING), [DAY]).nights[0]

    assert night.plugged_in_at == MIDNIGHT + timedelta(hours=17)
    assert night.deadline_at == MIDNIGHT + timedelta(hours=31)
    assert night.energy_kwh == pytest.approx(20)
    assert float(night.cost) == pytest.approx(2.0)
    assert float(night.cost_charged_at_once) == pytest.approx(6.0)
    assert float(night.saving) == pytest.approx(4.0)
    assert night.is_full


def test_where_nothing_is_to_be_saved_the_car_charges_at_once_and_saves_exactly_nothing() -> None:
    night = replay(DRIVING, prices([0.2] * 48), [DAY]).nights[0]

    assert night.cost == night.cost_charged_at_once
    assert night.saving == 0


def test_a_saving_below_the_thresholds_of_real_plans_is_not_claimed() -> None:
    slightly = [0.2] * 24 + [0.2, 0.2, 0.199, 0.199, *[0.2] * 20]

    assert replay(DRIVING, prices(slightly), [DAY]).nights[0].saving == 0


def test_what_lies_below_the_minimum_is_charged_at_once_in_both() -> None:
    driving = replace(DRIVING, policy=replace(DRIVING.policy, minimum_percent=70))

    night = replay(driving, prices(DEAR_EVENING), [DAY]).nights[0]

    assert float(night.cost) == pytest.approx(10 * 0.3 + 10 * 0.1)
    assert float(night.cost_charged_at_once) == pytest.approx(6.0)


def test_negative_prices_are_income_on_both_sides() -> None:
    negative = [-0.1] * 24 + [-0.1, -0.1, -0.5, -0.5, *[-0.1] * 20]

    night = replay(DRIVING, prices(negative), [DAY]).nights[0]

    assert float(night.cost) == pytest.approx(-10.0)
    assert float(night.cost_charged_at_once) == pytest.approx(-2.0)


def test_the_taper_counts_on_both_sides() -> None:
    """From 90 % on the power falls, so that the same energy takes longer than at full power."""
    driving = replace(DRIVING, car=replace(DRIVING.car, charge_limit_percent=100), habit=Habit(time(17), 90))
    hourly = [0.3] * 17 + [0.1, 0.5] + [0.5] * 29

    night = replay(driving, prices(hourly), [DAY]).nights[0]

    assert night.energy_kwh == pytest.approx(10)
    assert night.cost == night.cost_charged_at_once
    assert float(night.cost) > 10 * 0.1 + 0.5


def test_a_night_that_is_too_short_ends_at_the_deadline_and_says_so() -> None:
    driving = replace(DRIVING, deadline=WeeklyDeadline(time(18)))

    night = replay(driving, prices([0.2] * 48), [DAY]).nights[0]

    assert not night.is_full
    assert night.energy_kwh == pytest.approx(10)
    assert night.saving == 0


def test_a_night_without_all_its_prices_is_left_out_and_counted() -> None:
    with_gap = [row for row in prices(DEAR_EVENING) if row.start != MIDNIGHT + timedelta(hours=20)]

    found = replay(DRIVING, with_gap, [DAY, DAY + timedelta(days=1), DAY - timedelta(days=5)])

    assert (found.nights, found.without_prices) == ((), 3)


def test_a_market_night_is_replayed_only_where_its_prices_were_out_at_plug_in() -> None:
    driving = replace(DRIVING, habit=Habit(time(9), 60))

    of_market = replay(driving, prices(DEAR_EVENING), [DAY])
    of_own_rates = replay(driving, prices(DEAR_EVENING), [DAY], is_published_daily=False)

    assert (of_market.nights, of_market.unpublished) == ((), 1)
    assert float(of_own_rates.nights[0].saving) == pytest.approx(4.0)


def test_nights_follow_the_clock_on_the_wall_through_a_change_of_clocks() -> None:
    driving = replace(DRIVING, timezone_name="Europe/Oslo")
    start = datetime(2026, 3, 27, 22, tzinfo=UTC)

    nights = replay(driving, prices([0.2] * 72, start), [date(2026, 3, 28), date(2026, 3, 29)]).nights

    assert [night.plugged_in_at.hour for night in nights] == [16, 15]
    assert nights[0].deadline_at - nights[0].plugged_in_at == timedelta(hours=13)


def test_a_full_car_costs_nothing() -> None:
    driving = replace(DRIVING, habit=Habit(time(17), 80))

    night = replay(driving, prices(DEAR_EVENING), [DAY]).nights[0]

    assert (night.energy_kwh, night.cost, night.cost_charged_at_once) == (0, Decimal(0), Decimal(0))
    assert night.is_full


def test_a_car_whose_battery_is_not_known_is_refused() -> None:
    driving = replace(DRIVING, car=replace(DRIVING.car, battery_capacity_kwh=None))

    with pytest.raises(ValueError, match="capacity"):
        replay(driving, prices(DEAR_EVENING), [DAY])
