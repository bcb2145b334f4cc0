"""Whether real cars can still be started, stopped and seen: looked at now and then, and told to their drivers."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.obstacle import Control, Obstacle
from charging.models import ConnectedCar, Vehicle
from charging.operations import evaluation
from charging.operations.gateways import gateway_of

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(minutes=30)
LOOK_AT_OBSTACLE_EVERY = timedelta(minutes=2)
"""While it is not sure yet, or may be gone by what its driver does."""


def look_if_due(*, vehicle: Vehicle, now: datetime) -> None:
    """Looks at the control of a car that has just been read, where that is due."""
    if not vehicle.needs_connection:
        return
    car = ConnectedCar.objects.filter(vehicle=vehicle).first()
    if car is not None and _is_due(car, vehicle.driver.clock.wall(now)):
        look(vehicle=vehicle, now=now)


def look(*, vehicle: Vehicle, now: datetime) -> bool:
    """Asks what keeps the car from being started, stopped or seen. Returns whether there was an answer."""
    try:
        control = gateway_of(vehicle).control(now=now)
    except GatewayError:
        return False
    note_control(vehicle=vehicle, control=control, now=now)
    return True


def check_again(*, vehicle: Vehicle, now: datetime) -> bool:
    """Looks because the driver asks for it, and decides on the car. Returns whether there was an answer."""
    is_answered = look(vehicle=vehicle, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="control looked at")
    return is_answered


def look_soon(*, vehicle: Vehicle) -> None:
    """Has the control looked at with the next reading: the car has refused a wish."""
    ConnectedCar.objects.filter(vehicle=vehicle, obstacle="").update(control_looked_at=None)


@transaction.atomic
def note_control(*, vehicle: Vehicle, control: Control, now: datetime) -> None:
    """Writes down what is in the way. A car without control is not smart charged until it has it back.

    What follows for the car is decided with its next evaluation.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    car = ConnectedCar.objects.select_for_update(of=("self",)).filter(vehicle=vehicle).first()
    if car is None:
        return
    at_wall = vehicle.driver.clock.wall(now)
    had_lost_control, before = car.has_lost_control, car.obstacle
    car.obstacle = "" if control.obstacle is None else control.obstacle.value
    car.obstacle_names, car.control_looked_at = list(control.names), at_wall
    if control.obstacle is None:
        car.obstacle_since = None
    elif not before or Obstacle(before).keeps_control != control.obstacle.keeps_control:
        car.obstacle_since = at_wall
    car.save(update_fields=["obstacle", "obstacle_names", "obstacle_since", "control_looked_at"])
    if car.has_lost_control == had_lost_control or vehicle.driver.unauthorized_at is not None:
        return
    vehicle.is_capable = not car.has_lost_control
    vehicle.save(update_fields=["is_capable"])
    log.info("control of a car", vehicle=str(vehicle.public_id), is_lost=car.has_lost_control, kind=car.obstacle)


def _is_due(car: ConnectedCar, at_wall: datetime) -> bool:
    if car.control_looked_at is None:
        return True
    return at_wall - car.control_looked_at >= (LOOK_AT_OBSTACLE_EVERY if car.obstacle else LOOK_EVERY)
