"""The gateway of a car."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import transaction

from charging.adapters.vehicles import simulated_car_json
from charging.adapters.vehicles.disconnected import DisconnectedGateway
from charging.adapters.vehicles.enode import EnodeGateway
from charging.adapters.vehicles.enode_car import car_from_json
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import entities_from_json
from charging.adapters.vehicles.push import PushGateway
from charging.adapters.vehicles.simulated_car import SimulatedCar as SimulatedCarMemory
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.core.facts import PowerDelivery
from charging.models import ConnectedCar, SimulatedCar, Vehicle, VehicleView
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations import vendor_actions
from charging.operations.connections import home_assistant_of
from charging.operations.enode import enode_api, is_offered
from charging.operations.guarded_gateway import GuardedGateway
from charging.operations.mqtt_cars import mqtt_gateway

log = structlog.get_logger(__name__)

UNSEEN_SOC_PERCENT = 50.0
FULL_PERCENT = 100.0


def gateway_of(vehicle: Vehicle) -> Gateway:
    """Returns the gateway through which the car is read and commanded."""
    if vehicle.gateway == GatewayName.PUSH:
        return PushGateway()
    if vehicle.needs_connection:
        return _behind_connection(vehicle)
    simulator = SimulatorGateway(
        load=lambda: load_simulated_car(vehicle),
        save=lambda memory: save_simulated_car(vehicle, memory),
        alone=lambda: alone_with(vehicle),
    )
    return GuardedGateway(simulator, None, vehicle)


def _behind_connection(vehicle: Vehicle) -> Gateway:
    """The gateway as it is connected now; a secret that was moved here from another row connects nothing."""
    car = ConnectedCar.objects.select_related("connection__driver").filter(vehicle=vehicle).first()
    if car is None or car.connection.driver_id != vehicle.driver_id:
        return DisconnectedGateway()
    if car.connection.kind == ConnectionKind.ENODE and not is_offered():
        return DisconnectedGateway()
    try:
        inner = bare_gateway_of(car)
    except ValueError:
        log.warning("a secret does not open", connection=car.connection_id)
        return DisconnectedGateway()
    return GuardedGateway(inner, car.connection, vehicle)


def bare_gateway_of(car: ConnectedCar) -> Gateway:
    """Returns the gateway to a connected car, without anybody who counts. Raises ValueError for a closed secret."""
    if car.connection.kind == ConnectionKind.MQTT:
        return mqtt_gateway(car)
    if car.connection.kind == ConnectionKind.ENODE:
        return _at_enode(car)
    return HomeAssistantGateway(home_assistant_of(car.connection), entities_from_json(car.entities))


def _at_enode(car: ConnectedCar) -> EnodeGateway:
    """The gateway, which follows the action of the car's open command too."""
    known = car_from_json(car.entities, str(car.connection.public_id))
    return EnodeGateway(enode_api(), known, vendor_actions.to_follow(car.vehicle_id))


@contextmanager
def alone_with(vehicle: Vehicle) -> Iterator[None]:
    """Keeps everybody else from changing the simulated car until the end of the block or of a transaction around it."""
    with transaction.atomic():
        SimulatedCar.objects.select_for_update().filter(vehicle=vehicle).first()
        yield


def load_simulated_car(vehicle: Vehicle) -> SimulatedCarMemory:
    """Returns the simulated car as it was last written; one of which nothing is written is as it was last seen.

    Raises SimulatedCar.DoesNotExist for a real one.
    """
    try:
        return simulated_car_json.from_json(SimulatedCar.objects.get(vehicle=vehicle).memory)
    except SimulatedCar.DoesNotExist:
        if not vehicle.is_simulated:
            raise
        return _as_last_seen(vehicle)


def _as_last_seen(vehicle: Vehicle) -> SimulatedCarMemory:
    view = VehicleView.objects.filter(vehicle=vehicle).first() or VehicleView()
    return SimulatedCarMemory(
        seed=vehicle.pk,
        at=view.observed_at or vehicle.linked_at,
        soc_percent=UNSEEN_SOC_PERCENT if view.soc_percent is None else view.soc_percent,
        battery_capacity_kwh=vehicle.battery_capacity_kwh,
        max_power_kw=vehicle.max_power_kw,
        charge_limit_percent=view.charge_limit_percent or FULL_PERCENT,
        is_plugged_in=bool(view.is_plugged_in),
        plugged_in_at=view.plugged_in_at if view.is_plugged_in else None,
        wants_charge=view.power_delivery != PowerDelivery.STOPPED,
        latitude=view.latitude,
        longitude=view.longitude,
    )


def save_simulated_car(vehicle: Vehicle, memory: SimulatedCarMemory) -> None:
    """Writes the simulated car."""
    SimulatedCar.objects.update_or_create(vehicle=vehicle, defaults={"memory": simulated_car_json.to_json(memory)})
