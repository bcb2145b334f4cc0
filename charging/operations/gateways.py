"""The gateway of a car."""

from __future__ import annotations

from charging.adapters.vehicles import simulated_car_json
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.simulated_car import SimulatedCar as SimulatedCarMemory
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.models import SimulatedCar, Vehicle


def gateway_of(vehicle: Vehicle) -> Gateway:
    """Returns the gateway through which the car is read and commanded."""
    return SimulatorGateway(
        load=lambda: load_simulated_car(vehicle), save=lambda memory: save_simulated_car(vehicle, memory)
    )


def load_simulated_car(vehicle: Vehicle) -> SimulatedCarMemory:
    """Returns the simulated car as it was last written. Raises SimulatedCar.DoesNotExist for a real one."""
    return simulated_car_json.from_json(SimulatedCar.objects.get(vehicle=vehicle).memory)


def save_simulated_car(vehicle: Vehicle, memory: SimulatedCarMemory) -> None:
    """Writes the simulated car."""
    SimulatedCar.objects.update_or_create(vehicle=vehicle, defaults={"memory": simulated_car_json.to_json(memory)})
