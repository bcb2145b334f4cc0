"""What the driver of a simulated car can do to it. Each action gives the car at `now`, changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from charging.adapters.vehicles.car_changes import driven_away, parked_at, plugged_in, unplugged
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance, with_event


def plug_in(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Plug the car in: it charges at once. Nothing changes when it is plugged in already."""
    return plugged_in(advance(car, now))


def unplug(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Pull the cable: hold and commands on their way are gone. Nothing changes when it is unplugged already."""
    return unplugged(advance(car, now))


def drive_to(car: SimulatedCar, now: datetime, *, latitude: float, longitude: float) -> SimulatedCar:
    """Unplug the car and park it elsewhere, at once and without using energy; `set_soc` empties the battery."""
    return parked_at(advance(car, now), latitude, longitude)


def drive_away(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Unplug the car and park it about 11 km from where it is; an unknown position stays unknown."""
    return driven_away(advance(car, now))


def set_soc(car: SimulatedCar, now: datetime, *, soc_percent: float) -> SimulatedCar:
    """Give the battery another level. Raises ValueError outside 0 to 100."""
    return with_event(replace(advance(car, now), soc_percent=_percent(soc_percent)))


def set_charge_limit(car: SimulatedCar, now: datetime, *, charge_limit_percent: float) -> SimulatedCar:
    """Set the limit at which the car itself stops charging. Raises ValueError outside 0 to 100."""
    return with_event(replace(advance(car, now), charge_limit_percent=_percent(charge_limit_percent)))


def inject(car: SimulatedCar, now: datetime, *, faults: Faults) -> SimulatedCar:
    """Let these faults begin, instead of those that the car had; what is to happen at `now` itself does not."""
    car = recover(car, now)
    return advance(replace(car, faults=faults), now)


def recover(car: SimulatedCar, now: datetime) -> SimulatedCar:
    """Take all faults away. A limit that they changed is the usual one again; what they did otherwise stays done."""
    car = advance(car, now)
    usual = car.faults.usual_limit_percent
    limit = car.charge_limit_percent if usual is None else usual
    return with_event(replace(car, charge_limit_percent=limit, faults=NO_FAULTS, undoing=None, remembered=()))


def _percent(value: float) -> float:
    if not 0 <= value <= 100:
        raise ValueError(f"{value} is not between 0 and 100 %")
    return value
