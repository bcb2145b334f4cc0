"""What can be done to a simulated car at its own instant: by its driver, and by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from charging.adapters.vehicles.fault_parts import Act, Deed
from charging.adapters.vehicles.simulated_car_state import SimulatedCar, with_event

# About 11 km: far enough from any charging location.
AWAY_DEGREES = 0.1


def plugged_in(car: SimulatedCar) -> SimulatedCar:
    """The car on the cable, charging; as it is when it is plugged in already."""
    return car if car.is_plugged_in else with_event(replace(car, is_plugged_in=True, plugged_in_at=car.at))


def unplugged(car: SimulatedCar) -> SimulatedCar:
    """The car without the cable: hold and commands on their way are gone. As it is when it is unplugged already."""
    if not car.is_plugged_in:
        return car
    return with_event(
        replace(
            car,
            is_plugged_in=False,
            plugged_in_at=None,
            wants_charge=True,
            hold=None,
            pending=None,
            undoing=None,
        )
    )


def parked_at(car: SimulatedCar, latitude: float, longitude: float) -> SimulatedCar:
    """The car unplugged and elsewhere."""
    return with_event(replace(unplugged(car), latitude=latitude, longitude=longitude))


def driven_away(car: SimulatedCar) -> SimulatedCar:
    """The car unplugged and about 11 km from where it was; an unknown position stays unknown."""
    if car.latitude is None or car.longitude is None:
        return unplugged(car)
    is_far_north = car.latitude > 90 - AWAY_DEGREES
    return parked_at(car, car.latitude + (-AWAY_DEGREES if is_far_north else AWAY_DEGREES), car.longitude)


def set_charging(car: SimulatedCar, is_start: bool) -> SimulatedCar:
    """The car told to charge or not to, without a hold; as it is when it is unplugged or of that mind already."""
    if not car.is_plugged_in or car.wants_charge == is_start:
        return car
    return with_event(replace(car, wants_charge=is_start, hold=None))


def done_to(car: SimulatedCar, act: Act) -> SimulatedCar:
    """The car after what somebody else does to it."""
    return DEEDS[act.deed](car, act)


def _limited(car: SimulatedCar, act: Act) -> SimulatedCar:
    if car.charge_limit_percent == act.percent:
        return car
    return with_event(replace(car, charge_limit_percent=act.percent))


DEEDS: dict[Deed, Callable[[SimulatedCar, Act], SimulatedCar]] = {
    Deed.START: lambda car, _: set_charging(car, True),
    Deed.STOP: lambda car, _: set_charging(car, False),
    Deed.SET_LIMIT: _limited,
    Deed.PLUG_IN: lambda car, _: plugged_in(car),
    Deed.UNPLUG: lambda car, _: unplugged(car),
    Deed.DRIVE_AWAY: lambda car, _: driven_away(car),
}
