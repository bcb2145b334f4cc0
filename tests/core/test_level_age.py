"""When the level of the view of a car was seen, and whether it charges."""

import pytest

from charging.core.car_view import charging_observed_at, fold
from charging.core.facts import PowerDelivery
from tests.core.test_car_view import MINUTE, NOW, make_history, make_reading


def test_a_level_is_as_old_as_what_told_it() -> None:
    car = make_history(
        make_reading(0, soc_percent=40.0),
        make_reading(10, soc_percent=41.0, observed_each={"soc_percent": NOW + 5 * MINUTE}),
    )

    assert car.soc_observed_at == NOW + 5 * MINUTE
    assert fold(car, make_reading(20)).soc_observed_at == NOW + 5 * MINUTE
    assert fold(car, make_reading(20, soc_percent=42.0)).soc_observed_at == NOW + 20 * MINUTE


def test_whether_a_car_charges_is_as_old_as_what_told_it() -> None:
    old = {"is_charging": NOW + 5 * MINUTE}
    car = make_history(make_reading(0, is_charging=True), make_reading(10, is_charging=True, observed_each=old))

    assert car.charging_observed_at == NOW + 5 * MINUTE
    silent = {"power_delivery": PowerDelivery.UNKNOWN, "is_charging": None, "is_plugged_in": None}
    assert fold(car, make_reading(20, **silent)).charging_observed_at == NOW + 5 * MINUTE
    assert fold(car, make_reading(20, **silent | {"is_plugged_in": False})).charging_observed_at == NOW + 20 * MINUTE
    told = silent | {"power_delivery": PowerDelivery.CHARGING}
    assert fold(car, make_reading(20, **told)).charging_observed_at == NOW + 20 * MINUTE


@pytest.mark.parametrize(
    ("power_kw", "is_charging", "age"), [(7.0, True, 10), (0.0, True, 5), (0.0, False, 10), (7.0, False, 5)]
)
def test_a_power_that_agrees_says_it_too(power_kw: float, is_charging: bool, age: int) -> None:
    reading = make_reading(
        10, is_charging=is_charging, charging_power_kw=power_kw, observed_each={"is_charging": NOW + 5 * MINUTE}
    )

    assert charging_observed_at(reading) == NOW + age * MINUTE


def test_what_is_as_it_was_is_made_no_older_by_somebody_who_tells_only_of_changes() -> None:
    old = {"soc_percent": NOW, "is_charging": NOW}
    car = make_history(make_reading(10, soc_percent=40.0, is_charging=True))

    same = fold(car, make_reading(20, soc_percent=40.0, is_charging=True, observed_each=old))
    other = fold(car, make_reading(20, soc_percent=41.0, is_charging=False, observed_each=old))

    assert (same.soc_observed_at, same.charging_observed_at) == (NOW + 10 * MINUTE, NOW + 10 * MINUTE)
    assert (other.soc_observed_at, other.charging_observed_at) == (NOW, NOW)
