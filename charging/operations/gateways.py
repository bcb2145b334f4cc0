"""The gateway of a car."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from charging.adapters.vehicles import simulated_car_json
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.push import PushGateway
from charging.adapters.vehicles.simulated_car import SimulatedCar as SimulatedCarMemory
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.models import SimulatedCar, Vehicle
from charging.models.vehicles import GatewayName


def gateway_of(vehicle: Vehicle) -> Gateway:
    """Returns the gateway through which the car is read and commanded."""
    if vehicle.gateway == GatewayName.PUSH:
        return PushGateway()
    return SimulatorGateway(
        load=lambda: load_simulated_car(vehicle),
        save=lambda memory: save_simulated_car(vehicle, memory),
        alone=lambda: alone_with(vehicle),
    )


@contextmanager
def alone_with(vehicle: Vehicle) -> Iterator[None]:
    """Keeps everybody else from changing the simulated car until the end of the block or of a transaction around it."""
    with transaction.atomic():
        SimulatedCar.objects.select_for_update().filter(vehicle=vehicle).first()
        yield


def load_simulated_car(vehicle: Vehicle) -> SimulatedCarMemory:
    """Returns the simulated car as it was last written. Raises SimulatedCar.DoesNotExist for a real one."""
    return simulated_car_json.from_json(SimulatedCar.objects.get(vehicle=vehicle).memory)


def save_simulated_car(vehicle: Vehicle, memory: SimulatedCarMemory) -> None:
    """Writes the simulated car."""
    SimulatedCar.objects.update_or_create(vehicle=vehicle, defaults={"memory": simulated_car_json.to_json(memory)})
