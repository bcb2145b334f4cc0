"""The ready-made cars of the simulator."""

from charging.adapters.bundled import read_json
from charging.core.vendors import MAX_SENDINGS, MINIMUM_FLOOR_PERCENT, VENDORS

CARS = read_json("car_models.json")


def test_there_are_a_small_a_family_and_an_old_car_with_the_promised_figures() -> None:
    figures = {car["key"]: (car["battery_capacity_kwh"], car["max_power_kw"]) for car in CARS}
    assert figures == {"small": (40.0, 7.0), "family": (77.0, 11.0), "old": (24.0, 3.7)}


def test_the_cars_have_vendors_of_the_wire_format_without_rules_of_their_own() -> None:
    for car in CARS:
        assert car["vendor"] in VENDORS
        assert car["vendor"] not in {"MERCEDES", "HYUNDAI", "KIA", *MAX_SENDINGS, *MINIMUM_FLOOR_PERCENT}
