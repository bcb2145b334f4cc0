from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core import energy

LEVELS = st.floats(min_value=0, max_value=100)
CAPACITIES = st.floats(min_value=10, max_value=150)
POWERS = st.floats(min_value=1, max_value=22)
HOUR = timedelta(hours=1)


def make_charge_by_small_steps(from_percent: float, to_percent: float, capacity_kwh: float, power_kw: float) -> float:
    """Hours of charging, summed over 20,000 thin slices of the battery (midpoint rule)."""
    slices = 20_000
    width = (to_percent - from_percent) / slices
    return sum(
        width / 100 * capacity_kwh / 0.9 / energy.power_at(from_percent + (i + 0.5) * width, power_kw)
        for i in range(slices)
    )


@pytest.mark.parametrize(
    ("soc_percent", "power_kw"),
    [
        pytest.param(0, 11.0, id="empty"),
        pytest.param(90, 11.0, id="at the knee"),
        pytest.param(95, 11.0 * 0.675, id="half way through the taper"),
        pytest.param(100, 11.0 * 0.35, id="full"),
        pytest.param(104, 11.0 * 0.35, id="a level that cannot be"),
    ],
)
def test_power_is_flat_up_to_the_knee_and_falls_in_a_line_above(soc_percent: float, power_kw: float) -> None:
    assert energy.power_at(soc_percent, 11.0) == pytest.approx(power_kw)


@pytest.mark.parametrize(
    ("from_percent", "to_percent", "energy_kwh"),
    [
        pytest.param(20, 80, 40.0, id="most of the battery"),
        pytest.param(80, 80, 0.0, id="nothing missing"),
        pytest.param(90, 80, 0.0, id="above the limit"),
    ],
)
def test_energy_at_the_plug_includes_the_losses(from_percent: float, to_percent: float, energy_kwh: float) -> None:
    assert energy.energy_at_plug_kwh(from_percent, to_percent, 60.0) == pytest.approx(energy_kwh)


def test_below_the_knee_charging_time_is_energy_over_power() -> None:
    assert energy.charging_time(20, 80, 60.0, 10.0) == timedelta(hours=4)


@pytest.mark.parametrize(
    ("from_percent", "to_percent"),
    [
        pytest.param(30, 100, id="across the knee"),
        pytest.param(92, 99, id="inside the taper"),
        pytest.param(10, 90, id="up to the knee"),
    ],
)
def test_charging_time_equals_the_sum_of_small_steps(from_percent: float, to_percent: float) -> None:
    hours = energy.charging_time(from_percent, to_percent, 77.0, 11.0) / HOUR

    assert hours == pytest.approx(make_charge_by_small_steps(from_percent, to_percent, 77.0, 11.0), rel=1e-7)


def test_nothing_to_charge_takes_no_time() -> None:
    assert energy.charging_time(85, 80, 60.0, 10.0) == timedelta(0)


@given(LEVELS, LEVELS, CAPACITIES, POWERS)
def test_charging_for_the_charging_time_reaches_the_level(a: float, b: float, capacity: float, power: float) -> None:
    low, high = sorted((a, b))

    reached = energy.soc_after(low, energy.charging_time(low, high, capacity, power), capacity, power)

    assert reached == pytest.approx(high, abs=1e-6)


@given(LEVELS, st.floats(min_value=0, max_value=30), st.floats(min_value=0, max_value=1), CAPACITIES, POWERS)
def test_a_charge_may_be_split_anywhere(soc: float, hours: float, share: float, capacity: float, power: float) -> None:
    whole = timedelta(hours=hours)
    first = share * whole

    half_way = energy.soc_after(soc, first, capacity, power)

    assert energy.soc_after(half_way, whole - first, capacity, power) == pytest.approx(
        energy.soc_after(soc, whole, capacity, power), abs=1e-9
    )


def test_time_that_runs_backward_charges_nothing() -> None:
    assert energy.soc_after(50, timedelta(hours=-1), 60.0, 10.0) == 50


def test_charging_ends_at_a_full_battery() -> None:
    assert energy.soc_after(95, timedelta(days=3), 60.0, 10.0) == 100


def test_the_effective_power_reproduces_energy_and_time() -> None:
    power = energy.effective_power_kw(50, 100, 77.0, 11.0)

    assert power * (energy.charging_time(50, 100, 77.0, 11.0) / HOUR) == pytest.approx(
        energy.energy_at_plug_kwh(50, 100, 77.0)
    )
    assert energy.power_at(100, 11.0) < power < 11.0


def test_the_effective_power_of_nothing_is_the_power_drawn_there() -> None:
    assert energy.effective_power_kw(95, 95, 77.0, 11.0) == energy.power_at(95, 11.0)


@given(LEVELS, LEVELS, CAPACITIES, POWERS)
def test_the_effective_power_lies_between_the_powers_at_both_ends(
    a: float, b: float, capacity: float, power: float
) -> None:
    low, high = sorted((a, b))

    effective = energy.effective_power_kw(low, high, capacity, power)

    assert energy.power_at(high, power) * (1 - 1e-6) <= effective <= energy.power_at(low, power)


@pytest.mark.parametrize("name", ["battery_capacity_kwh", "power_kw", "efficiency"])
@pytest.mark.parametrize("quantity", [0.0, -1.0, float("nan")])
def test_impossible_quantities_are_refused_by_name(name: str, quantity: float) -> None:
    quantities = {"battery_capacity_kwh": 60.0, "power_kw": 10.0, "efficiency": 0.9, name: quantity}

    with pytest.raises(ValueError, match=name):
        energy.charging_time(20, 80, **quantities)


@given(
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
)
def test_the_reserve_grows_with_the_charging_time_and_shrinks_with_knowledge(a: timedelta, b: timedelta) -> None:
    shorter, longer = sorted((a, b))

    assert energy.reserve(shorter, True) <= energy.reserve(longer, True)
    assert energy.reserve(shorter, False) <= energy.reserve(longer, False)
    assert energy.reserve(longer, True) < energy.reserve(longer, False)


def test_the_reserve_is_ten_minutes_and_a_twentieth_once_the_power_is_known() -> None:
    assert energy.reserve(timedelta(hours=4), True) == timedelta(minutes=22)


def test_the_reserve_before_that_covers_a_car_that_draws_seventy_percent() -> None:
    assumed, real = energy.charging_time(20, 80, 60.0, 10.0), energy.charging_time(20, 80, 60.0, 7.0)

    assert assumed + energy.reserve(assumed, False) > real
