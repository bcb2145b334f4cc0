"""What the driver of a simulated car does outside: plug in, drive home, drive away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from charging.adapters.vehicles import driver_actions
from charging.adapters.vehicles.simulated_car import SimulatedCar as SimulatedCarMemory
from charging.adapters.vehicles.simulated_car import advance
from charging.adapters.vehicles.simulated_reading import answer
from charging.core.facts import Reading
from charging.models import Location, Vehicle, VehicleView
from charging.operations import evaluation
from charging.operations.due import look_again
from charging.operations.fault_presets import Beginning, begin_fault
from charging.operations.gateways import alone_with, load_simulated_car, save_simulated_car
from charging.operations.telemetry import record_reading


def plug_in(*, vehicle: Vehicle, now: datetime) -> None:
    """Plugs the car in where it stands."""
    _act(vehicle, now, lambda car: driver_actions.plug_in(car, now))


def unplug(*, vehicle: Vehicle, now: datetime) -> None:
    """Pulls the cable."""
    _act(vehicle, now, lambda car: driver_actions.unplug(car, now))


def drive_home(*, vehicle: Vehicle, location: Location, now: datetime) -> None:
    """Parks the car at a place, unplugged."""
    _act(
        vehicle,
        now,
        lambda car: driver_actions.drive_to(car, now, latitude=location.latitude, longitude=location.longitude),
    )


def drive_to(*, vehicle: Vehicle, latitude: float, longitude: float, now: datetime) -> None:
    """Parks the car at a point, unplugged."""
    _act(vehicle, now, lambda car: driver_actions.drive_to(car, now, latitude=latitude, longitude=longitude))


def drive_away(*, vehicle: Vehicle, now: datetime) -> None:
    """Parks the car about 11 km away, unplugged."""
    _act(vehicle, now, lambda car: driver_actions.drive_away(car, now))


def set_battery(*, vehicle: Vehicle, soc_percent: float, now: datetime) -> None:
    """Gives the battery another level. Raises ValueError outside 0 to 100."""
    _act(vehicle, now, lambda car: driver_actions.set_soc(car, now, soc_percent=soc_percent))


def arrive(*, vehicle: Vehicle, location: Location, now: datetime) -> None:
    """Lets a car that stands nowhere yet arrive at its driver's first place and be plugged in there."""
    with alone_with(vehicle):
        car = load_simulated_car(vehicle)
        if car.latitude is None:
            parked = driver_actions.drive_to(car, now, latitude=location.latitude, longitude=location.longitude)
            at_home = _by_the_clocks_of(location, driver_actions.plug_in(parked, now), now)
            put(vehicle=vehicle, memory=at_home, now=now, trigger="simulation")


def _by_the_clocks_of(location: Location, car: SimulatedCarMemory, now: datetime) -> SimulatedCarMemory:
    """The car whose fault, if it came with one, goes by the local time of the place from now on."""
    if not car.faults.name:
        return car
    whole = driver_actions.recover(car, now)
    begin = Beginning(now, location.timezone_name, whole.charge_limit_percent)
    return driver_actions.inject(whole, now, faults=begin_fault(car.faults.name, begin))


def moved(fresh: SimulatedCarMemory, *, like: SimulatedCarMemory, now: datetime) -> SimulatedCarMemory:
    """Returns `fresh` standing where the other car stands, on the same cable."""
    before = advance(like, now)
    return replace(
        fresh,
        latitude=before.latitude,
        longitude=before.longitude,
        is_plugged_in=before.is_plugged_in,
        plugged_in_at=before.plugged_in_at,
        event_count=before.event_count + 1,
        last_active_at=now,
    )


@transaction.atomic
def put(*, vehicle: Vehicle, memory: SimulatedCarMemory, now: datetime, trigger: str) -> None:
    """Writes the car, lets it report what its faults leave of that, and decides anew."""
    save_simulated_car(vehicle, memory)
    reading = answer(memory)
    if reading is not None:
        record_reading(vehicle=vehicle, reading=_after_the_last(reading, vehicle, memory.at), now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger=trigger)
    look_again(vehicle=vehicle, now=now)


def _after_the_last(reading: Reading, vehicle: Vehicle, at: datetime) -> Reading:
    """The reading of what was done at the very instant of the last one, and after it; old news stay old."""
    seen_at = VehicleView.objects.filter(vehicle=vehicle).values_list("observed_at", flat=True).first()
    if seen_at is None or not seen_at >= reading.observed_at == at:
        return reading
    return replace(reading, observed_at=seen_at + timedelta(microseconds=1))


def _act(vehicle: Vehicle, now: datetime, action: Callable[[SimulatedCarMemory], SimulatedCarMemory]) -> None:
    with alone_with(vehicle):
        put(vehicle=vehicle, memory=action(load_simulated_car(vehicle)), now=now, trigger="simulation")
