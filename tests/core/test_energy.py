from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core import energy
from charging.core.energy import ASSUMED_TAPER, Taper

LEVELS = st.floats(min_value=0, max_value=100)
CAPACITIES = st.floats(min_value=10, max_value=150)
POWERS = st.floats(min_value=1, max_value=22)
TAPERS = st.builds(Taper, st.floats(min_value=50, max_value=99), st.floats(min_value=0.05, max_value=0.95))
HOUR = timedelta(hours=1)


def make_charge_by_small_steps(
    from_percent: float, to_percent: float, capacity_kwh: float, power_kw: float, taper: Taper
) -> float:
    """Hours of charging, summed over 20,000 thin slices of the battery (midpoint rule)."""
    slices = 20_000
    width = (to_percent - from_percent) / slices
    return sum(
        width / 100 * capacity_kwh / 0.9 / energy.power_at(from_percent + (i + 0.5) * width, power_kw, taper)
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
@pytest.mark.parametrize("taper", [ASSUMED_TAPER, Taper(80.0, 0.1)], ids=["assumed taper", "learned taper"])
def test_charging_time_equals_the_sum_of_small_steps(from_percent: float, to_percent: float, taper: Taper) -> None:
    hours = energy.charging_time(from_percent, to_percent, 77.0, 11.0, taper=taper) / HOUR

    assert hours == pytest.approx(make_charge_by_small_steps(from_percent, to_percent, 77.0, 11.0, taper), rel=1e-7)


def test_nothing_to_charge_takes_no_time() -> None:
    assert energy.charging_time(85, 80, 60.0, 10.0) == timedelta(0)


@given(LEVELS, LEVELS, CAPACITIES, POWERS, TAPERS)
def test_charging_for_the_charging_time_reaches_the_level(
    a: float, b: float, capacity: float, power: float, taper: Taper
) -> None:
    low, high = sorted((a, b))

    time = energy.charging_time(low, high, capacity, power, taper=taper)
    reached = energy.soc_after(low, time, capacity, power, taper=taper)

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
    quantities: dict[str, Any] = {"battery_capacity_kwh": 60.0, "power_kw": 10.0, "efficiency": 0.9, name: quantity}

    with pytest.raises(ValueError, match=name):
        energy.charging_time(20, 80, **quantities)


@pytest.mark.parametrize(
    ("taper", "is_longer"),
    [
        pytest.param(Taper(85.0, 0.35), True, id="falls earlier"),
        pytest.param(Taper(90.0, 0.2), True, id="falls deeper"),
        pytest.param(Taper(96.0, 0.35), False, id="falls later"),
        pytest.param(Taper(90.0, 0.8), False, id="falls less"),
    ],
)
def test_another_taper_changes_the_charging_time_the_right_way(taper: Taper, is_longer: bool) -> None:
    assumed = energy.charging_time(50, 100, 77.0, 11.0)

    assert (energy.charging_time(50, 100, 77.0, 11.0, taper=taper) > assumed) is is_longer
    assert (
        energy.effective_power_kw(50, 100, 77.0, 11.0, taper=taper) < energy.effective_power_kw(50, 100, 77.0, 11.0)
    ) is is_longer
    assert energy.charging_time(50, 80, 77.0, 11.0, taper=taper) == energy.charging_time(50, 80, 77.0, 11.0)


@pytest.mark.parametrize(("knee", "floor"), [(100.0, 0.5), (-1.0, 0.5), (90.0, 0.0), (90.0, 1.0), (90.0, float("nan"))])
def test_what_is_no_taper_is_refused(knee: float, floor: float) -> None:
    with pytest.raises(ValueError, match="no taper falls"):
        Taper(knee, floor)
