"""How it really is with a simulated car, whatever it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charging.adapters.vehicles import simulated_car_json
from charging.adapters.vehicles.fault_end import is_over
from charging.adapters.vehicles.simulated_car import advance
from charging.models import Vehicle


@dataclass(frozen=True, slots=True)
class Outside:
    """What somebody standing beside the car sees; `fault_name` is empty where nothing goes wrong, or no more."""

    is_plugged_in: bool
    latitude: float | None
    longitude: float | None
    fault_name: str


def outside_of(*, vehicle: Vehicle, now: datetime) -> Outside | None:
    """Returns how it is at `now`; None for a real car."""
    stored = getattr(vehicle, "simulated_car", None)
    if not vehicle.is_simulated or stored is None:
        return None
    car = advance(simulated_car_json.from_json(stored.memory), now)
    return Outside(
        is_plugged_in=car.is_plugged_in,
        latitude=car.latitude,
        longitude=car.longitude,
        fault_name="" if is_over(car.faults, now) else car.faults.name,
    )
