"""The ready-made cars of the simulator."""

from charging.adapters.car_models import car_models
from charging.core.vendors import MAX_SENDINGS, MINIMUM_FLOOR_PERCENT, VENDORS


def test_the_three_cars_have_the_figures_that_their_labels_promise() -> None:
    figures = {key: (car.battery_capacity_kwh, car.max_power_kw) for key, car in car_models().items()}
    assert figures == {"small": (40.0, 7.0), "family": (77.0, 11.0), "old": (24.0, 3.7)}
    for car in car_models().values():
        assert f"{car.battery_capacity_kwh:g} kWh" in car.label
        assert f"{car.max_power_kw:g} kW" in car.label


def test_the_cars_have_vendors_of_the_wire_format_without_rules_of_their_own() -> None:
    for car in car_models().values():
        assert car.vendor in VENDORS
        assert car.vendor not in {"MERCEDES", "HYUNDAI", "KIA", *MAX_SENDINGS, *MINIMUM_FLOOR_PERCENT}
