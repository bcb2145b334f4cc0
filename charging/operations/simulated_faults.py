"""Letting things go wrong with a simulated car, and taking them away again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from charging.adapters.vehicles import driver_actions
from charging.models import Location, Vehicle
from charging.operations import simulation
from charging.operations.facts import timezone_name_of
from charging.operations.fault_presets import Beginning, begin_fault
from charging.operations.gateways import alone_with, load_simulated_car


@transaction.atomic
def set_fault(*, vehicle: Vehicle, fault_name: str, now: datetime) -> None:
    """Lets a fault begin, and the one before end. Raises KeyError for an unknown one, ValueError for a real car."""
    _refuse_a_real_car(vehicle)
    with alone_with(vehicle):
        car = driver_actions.recover(load_simulated_car(vehicle), now)
        begin = Beginning(now, _timezone_name(vehicle), car.charge_limit_percent)
        broken = driver_actions.inject(car, now, faults=begin_fault(fault_name, begin))
        simulation.put(vehicle=vehicle, memory=broken, now=now, trigger="fault")


@transaction.atomic
def clear_faults(*, vehicle: Vehicle, now: datetime) -> None:
    """Takes the fault away, if there is one. Raises ValueError for a real car."""
    _refuse_a_real_car(vehicle)
    with alone_with(vehicle):
        whole = driver_actions.recover(load_simulated_car(vehicle), now)
        simulation.put(vehicle=vehicle, memory=whole, now=now, trigger="fault over")


def _refuse_a_real_car(vehicle: Vehicle) -> None:
    if not vehicle.is_simulated:
        raise ValueError("Faults are for simulated cars")


def _timezone_name(vehicle: Vehicle) -> str:
    places = list(Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk")[:1])
    return timezone_name_of(vehicle.view.location, places)
