"""Cars: added, described, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters.vehicles.simulated_car import SimulatedCar as SimulatedCarMemory
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.vendors import MINIMUM_FLOOR_PERCENT, VENDORS
from charging.models import Driver, Location, Vehicle
from charging.operations import evaluation, simulated_faults, simulation
from charging.operations.caps import one_more_car_issues
from charging.operations.fault_presets import PRESETS
from charging.operations.gateways import alone_with, load_simulated_car, save_simulated_car
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.outbox import tell_discovered
from charging.operations.telemetry import record_reading

NOT_SIMULATED = {"HYUNDAI", "KIA"} | set(MINIMUM_FLOOR_PERCENT)
"""Vendors with rules of their own, which a simulated car does not play."""


@dataclass(frozen=True, slots=True)
class CarDetails:
    """What a simulated car is like, and which of the faults in `fault_presets` it comes with."""

    vendor: str
    brand: str
    model: str
    battery_capacity_kwh: float
    max_power_kw: float
    soc_percent: float
    charge_limit_percent: float
    year: int | None = None
    display_name: str = ""
    fault_name: str = ""


def car_issues(details: CarDetails) -> tuple[Issue, ...]:
    """Returns what is wrong with such a car."""
    issues = []
    if details.vendor not in VENDORS or details.vendor in NOT_SIMULATED:
        issues.append(Issue("VENDOR_INVALID", "vendor", _("Choose one of the simulated cars")))
    if not 0 <= details.soc_percent <= 100:
        message = _("Battery level must be a whole number from 0 to 100")
        issues.append(Issue("SOC_INVALID", "soc", message))
    if not 50 <= details.charge_limit_percent <= 100:
        message = _("Charge limit must be a whole number from 50 to 100")
        issues.append(Issue("LIMIT_INVALID", "limit", message))
    if details.fault_name and details.fault_name not in PRESETS:
        issues.append(Issue("FAULT_INVALID", "behaves", _("Choose one of the ways to behave")))
    return tuple(issues)


@transaction.atomic
def add_simulated_car(*, driver: Driver, details: CarDetails, now: datetime) -> Vehicle:
    """Makes a simulated car, unplugged, standing nowhere until its driver has a place. Raises Refused."""
    refuse_if_any((*car_issues(details), *one_more_car_issues(driver)))
    vehicle = Vehicle.objects.create(
        driver=driver,
        vendor=details.vendor,
        brand=details.brand,
        model=details.model,
        year=details.year,
        display_name=details.display_name,
        battery_capacity_kwh=details.battery_capacity_kwh,
        max_power_kw=details.max_power_kw,
        gateway="simulator",
        linked_at=now,
        state_changed_at=now,
    )
    memory = _memory_of(vehicle, details, now)
    save_simulated_car(vehicle, memory)
    record_reading(vehicle=vehicle, reading=telemetry(memory), now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="car added")
    tell_discovered(vehicle=vehicle, now=now)
    if details.fault_name:
        simulated_faults.set_fault(vehicle=vehicle, fault_name=details.fault_name, now=now)
    place = Location.objects.of_driver(driver).order_by("created_at", "pk").first()
    if place is not None:
        simulation.arrive(vehicle=vehicle, location=place, now=now)
    return vehicle


def _memory_of(vehicle: Vehicle, details: CarDetails, now: datetime) -> SimulatedCarMemory:
    return SimulatedCarMemory(
        seed=vehicle.pk,
        at=now,
        soc_percent=details.soc_percent,
        battery_capacity_kwh=details.battery_capacity_kwh,
        max_power_kw=details.max_power_kw,
        charge_limit_percent=details.charge_limit_percent,
    )


@transaction.atomic
def change_simulated_car(*, vehicle: Vehicle, details: CarDetails, now: datetime) -> Vehicle:
    """Makes the simulated car another one, at the same place and on the same cable. Raises Refused."""
    refuse_if_any(car_issues(details))
    changed = ["vendor", "brand", "model", "year", "display_name", "battery_capacity_kwh", "max_power_kw"]
    for name in changed:
        setattr(vehicle, name, getattr(details, name))
    vehicle.save(update_fields=changed)
    with alone_with(vehicle):
        before = load_simulated_car(vehicle)
        memory = simulation.moved(_memory_of(vehicle, details, now), like=before, now=now)
        simulation.put(vehicle=vehicle, memory=memory, now=now, trigger="car changed")
    if details.fault_name:
        simulated_faults.set_fault(vehicle=vehicle, fault_name=details.fault_name, now=now)
    return vehicle


@transaction.atomic
def set_other_control(
    *, vehicle: Vehicle, other_control: str, charger_brand: str, safety_net_time: time | None, now: datetime
) -> Vehicle:
    """Stores what the driver says of other schedules."""
    vehicle.other_control = other_control
    vehicle.charger_brand = charger_brand
    vehicle.safety_net_time = safety_net_time
    vehicle.save(update_fields=["other_control", "charger_brand", "safety_net_time"])
    return vehicle
