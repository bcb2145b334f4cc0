"""Simulated cars for tests, and a place that keeps one as the database does."""

import json

from charging.adapters.vehicles import driver_actions as driver
from charging.adapters.vehicles.faults import Faults
from charging.adapters.vehicles.simulated_car import SimulatedCar
from charging.adapters.vehicles.simulated_car_json import from_json, to_json
from charging.adapters.vehicles.simulator import SimulatorGateway
from tests.adapters.gateway_contract import NOW


class Store:
    """Keeps one car; only JSON goes in and comes out."""

    def __init__(self, car: SimulatedCar) -> None:
        self.saved = json.dumps(to_json(car))
        self.savings = 0

    def load(self) -> SimulatedCar:
        return from_json(json.loads(self.saved))

    def save(self, car: SimulatedCar) -> None:
        self.saved = json.dumps(to_json(car))
        self.savings += 1


def make_car(
    soc_percent: float = 40.0,
    *,
    is_plugged_in: bool = True,
    power_factor: float = 1.0,
    latitude: float | None = None,
    longitude: float | None = None,
) -> SimulatedCar:
    """A car of 60 kWh and 10 kW at NOW, plugged in and charging unless said otherwise."""
    car = SimulatedCar(
        seed=7,
        at=NOW,
        soc_percent=soc_percent,
        battery_capacity_kwh=60,
        max_power_kw=10,
        power_factor=power_factor,
        latitude=latitude,
        longitude=longitude,
        last_active_at=NOW,
    )
    return driver.plug_in(car, NOW) if is_plugged_in else car


def make_faulty(faults: Faults, car: SimulatedCar | None = None) -> tuple[SimulatorGateway, Store]:
    """The gateway to a car with these faults from NOW on."""
    return make_gateway(driver.inject(car or make_car(), NOW, faults=faults))


def make_gateway(car: SimulatedCar | None = None) -> tuple[SimulatorGateway, Store]:
    store = Store(car or make_car())
    return SimulatorGateway(load=store.load, save=store.save), store
