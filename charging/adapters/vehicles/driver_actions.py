"""What the driver of a simulated car can do to it. Each action gives the car at `now`, changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from charging.adapters.vehicles.simulated_car import SimulatedCar, advance, with_event

# About 11 km: far enough from any charging location.
AWAY_DEGREES = 0.1


def plug_in(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Plug the car in: it charges at once. Nothing changes when it is plugged in already."""
    car = advance(car, now)
    return car if car.is_plugged_in else with_event(replace(car, is_plugged_in=True, plugged_in_at=car.at))


def unplug(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Pull the cable: hold and commands on their way are gone. Nothing changes when it is unplugged already."""
    car = advance(car, now)
    if not car.is_plugged_in:
        return car
    return with_event(replace(car, is_plugged_in=False, plugged_in_at=None, wants_charge=True, hold=None, pending=None))


def drive_to(car: SimulatedCar, now: datetime, *, latitude: float, longitude: float) -> SimulatedCar:
    """Unplug the car and park it elsewhere, at once and without using energy; `set_soc` empties the battery."""
    return with_event(replace(unplug(car, now), latitude=latitude, longitude=longitude))


def drive_away(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Unplug the car and park it about 11 km from where it is; an unknown position stays unknown."""
    car = unplug(car, now)
    if car.latitude is None or car.longitude is None:
        return car
    is_far_north = car.latitude > 90 - AWAY_DEGREES
    latitude = car.latitude + (-AWAY_DEGREES if is_far_north else AWAY_DEGREES)
    return drive_to(car, now, latitude=latitude, longitude=car.longitude)


def set_soc(car: SimulatedCar, now: datetime, *, soc_percent: float) -> SimulatedCar:
    """Give the battery another level. Raises ValueError outside 0 to 100."""
    return with_event(replace(advance(car, now), soc_percent=_percent(soc_percent)))


def set_charge_limit(car: SimulatedCar, now: datetime, *, charge_limit_percent: float) -> SimulatedCar:
    """Set the limit at which the car itself stops charging. Raises ValueError outside 0 to 100."""
    return with_event(replace(advance(car, now), charge_limit_percent=_percent(charge_limit_percent)))


def _percent(value: float) -> float:
    if not 0 <= value <= 100:
        raise ValueError(f"{value} is not between 0 and 100 %")
    return value
