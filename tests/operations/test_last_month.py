"""The last month replayed: stored prices first, the recorded month else, and what habit it rests on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core.replay import Habit
from charging.models import Location, Policy, Vehicle
from charging.operations.last_month import LastMonth, last_month
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
CHEAP_NIGHT = [0.3] * 4 + [0.1] * 20 + [0.3] * 72


@pytest.fixture
def vehicle() -> Vehicle:
    driver = factories.make_driver()
    factories.make_location(driver=driver)
    vehicle = factories.make_vehicle(driver=driver)
    factories.make_policy(vehicle=vehicle)
    return vehicle


def store_days(count: int, *, currency: str = "EUR") -> None:
    """The last `count` days of prices of NO2, each from 1:00 to 6:00 in Oslo cheap."""
    area = factories.make_price_area()
    for number in range(count):
        start = datetime(2026, 3, 10, 23, tzinfo=UTC) - timedelta(days=number + 1)
        factories.make_prices(area=area, day_start=start, prices=CHEAP_NIGHT, currency=currency)


def look(vehicle: Vehicle, **values: Any) -> LastMonth:
    found = last_month(
        vehicle=vehicle,
        location=values.pop("location", None) or Location.objects.with_prices().get(),
        policy=Policy.objects.get(),
        now=NOW,
        **values,
    )
    assert found is not None
    return found


def test_thirty_nights_of_stored_prices_are_replayed_and_the_sample_is_not_needed(vehicle: Vehicle) -> None:
    store_days(32)

    found = look(vehicle)

    assert len(found.replay.nights) == 30
    assert found.replay.nights[0].plugged_in_at == datetime(2026, 2, 8, 16, tzinfo=UTC)
    assert found.replay.nights[-1].deadline_at == datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert (found.currency, found.recorded_on, found.is_spot_only) == ("EUR", (), True)
    night = found.replay.nights[0]
    assert float(night.cost) == pytest.approx(night.energy_kwh * 0.1)
    assert float(night.cost_charged_at_once) == pytest.approx(night.energy_kwh * 0.3)


def test_a_fast_clock_does_not_hide_what_was_really_published(vehicle: Vehicle) -> None:
    store_days(32)
    vehicle.driver.clock_speed = 60
    vehicle.driver.save()

    assert look(vehicle).recorded_on == ()


@pytest.mark.parametrize("days", [0, 5])
def test_with_less_than_a_week_of_stored_prices_the_recorded_month_is_replayed(vehicle: Vehicle, days: int) -> None:
    store_days(days)

    found = look(vehicle)

    assert len(found.replay.nights) == 30
    assert found.replay.without_prices == 0
    assert found.replay.nights[0].plugged_in_at == datetime(2025, 12, 1, 16, tzinfo=UTC)
    assert (found.recorded_on[0], found.recorded_on[-1]) == (date(2025, 12, 1), date(2025, 12, 31))
    assert sum(night.saving for night in found.replay.nights) > 0


def test_an_area_with_neither_has_no_nights(vehicle: Vehicle) -> None:
    area = factories.make_price_area(code="NO5", name="West Norway")
    Location.objects.update(price_area=area)

    found = look(vehicle)

    assert (found.replay.nights, found.replay.without_prices) == ((), 30)


def test_a_few_stored_nights_are_better_than_none(vehicle: Vehicle) -> None:
    area = factories.make_price_area(code="NO5", name="West Norway")
    Location.objects.update(price_area=area)
    for number in range(3):
        start = datetime(2026, 3, 10, 23, tzinfo=UTC) - timedelta(days=number + 1)
        factories.make_prices(area=area, day_start=start, prices=CHEAP_NIGHT)

    found = look(vehicle)

    assert (len(found.replay.nights), found.replay.without_prices) == (2, 28)


def test_a_place_without_area_or_terms_has_no_nights(vehicle: Vehicle) -> None:
    Location.objects.update(price_area=None)

    assert look(vehicle).replay.without_prices == 30


def test_rates_of_ones_own_need_no_market_and_are_known_at_any_hour(vehicle: Vehicle) -> None:
    Location.objects.update(price_area=None)
    home = Location.objects.get()
    factories.make_terms(location=home, rates={"all day": "0.25"})

    found = look(vehicle, habit=Habit(time(9), 60))

    assert len(found.replay.nights) == 30
    assert {night.saving for night in found.replay.nights} == {Decimal(0)}
    assert not found.is_spot_only
    assert float(found.replay.nights[0].cost) == pytest.approx(found.replay.nights[0].energy_kwh * 0.25)


def test_fees_on_the_recorded_market_price_count_in_both_costs(vehicle: Vehicle) -> None:
    plain = look(vehicle).replay.nights[0]
    factories.make_terms(location=Location.objects.get(), spot_fee_per_kwh=Decimal("0.05"))

    with_fee = look(vehicle)

    night = with_fee.replay.nights[0]
    assert float(night.cost - plain.cost) == pytest.approx(night.energy_kwh * 0.05)
    assert with_fee.recorded_on[0] == date(2025, 12, 1)


def test_a_car_that_was_not_seen_yet_has_a_usual_evening(vehicle: Vehicle) -> None:
    """13 kWh at the plug are 11.7 in the battery: 15 % of 77 kWh, below the limit of 80 %."""
    found = look(vehicle)

    assert (found.habit, found.is_own_habit) == (Habit(time(17), 65), False)


def test_a_small_battery_is_never_below_empty(vehicle: Vehicle) -> None:
    Vehicle.objects.update(battery_capacity_kwh=10)
    vehicle.refresh_from_db()

    assert look(vehicle).habit.soc_percent == 0


def test_from_five_plug_ins_on_the_habit_is_the_cars_own(vehicle: Vehicle) -> None:
    for number, (hour, soc) in enumerate([(22, 30), (23, 40), (1, 44), (0, 50), (23, 60)]):
        start = datetime(2026, 3, 1 + number, hour, 10, tzinfo=UTC) - timedelta(hours=1)
        end = start + timedelta(hours=4)
        factories.make_session(
            vehicle=vehicle, plugged_in_at=start, unplugged_at=end, measured_at=end, soc_from_percent=soc
        )
        own = look(vehicle)
        assert own.is_own_habit == (number == 4)

    assert own.habit == Habit(time(23, 10), 44)


def test_another_habit_may_be_asked_for(vehicle: Vehicle) -> None:
    found = look(vehicle, habit=Habit(time(20), 30))

    assert (found.habit, found.is_own_habit) == (Habit(time(20), 30), False)
    assert found.replay.nights[0].plugged_in_at == datetime(2025, 12, 1, 19, tzinfo=UTC)


def test_without_a_deadline_there_is_nothing_to_replay(vehicle: Vehicle) -> None:
    Policy.objects.update(deadline=None, is_enabled=False)

    found = last_month(
        vehicle=vehicle, location=Location.objects.with_prices().get(), policy=Policy.objects.get(), now=NOW
    )

    assert found is None
