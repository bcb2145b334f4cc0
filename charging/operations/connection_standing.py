"""How a real car stands with its connection, as one word for the readiness checks; empty where all is well."""

from __future__ import annotations

from datetime import datetime, timedelta

from charging.core.obstacle import Obstacle
from charging.models import ConnectedCar, Vehicle

HEARD_WITHIN = timedelta(minutes=30)


def answers_standing(*, vehicle: Vehicle, observed_at: datetime | None, now: datetime) -> str:
    """Returns what only the driver can mend at once; whatever else it is counts once the car has been silent."""
    if not vehicle.needs_connection:
        return ""
    car = _connected(vehicle)
    if car is None:
        return "disconnected"
    if car.connection.is_sign_in_needed:
        return "sign_in_needed"
    if car.lasting_obstacle == Obstacle.READING_GONE:
        return "reading_gone"
    is_heard = observed_at is not None and now - observed_at <= HEARD_WITHIN
    return "unreachable" if car.connection.trouble and not is_heard else ""


def control_standing(*, vehicle: Vehicle) -> str:
    """Returns what keeps the car from being started and stopped."""
    car = _connected(vehicle) if vehicle.needs_connection else None
    return car.obstacle.lower() if car is not None and car.has_lost_control else ""


def _connected(vehicle: Vehicle) -> ConnectedCar | None:
    return ConnectedCar.objects.select_related("connection").filter(vehicle=vehicle).first()
