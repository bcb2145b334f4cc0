"""Cars that an app adds by itself: simulated ones, and ones that the app reads and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters.erased_file import require_writable
from charging.core.vendor_names import VENDOR_NAMES
from charging.core.vendors import VENDORS
from charging.models import Connection, Driver, OutboxMessage, Vehicle, VehicleView
from charging.models.vehicles import GatewayName
from charging.operations import evaluation
from charging.operations.caps import one_more_car_issues
from charging.operations.charge_actions import abandon_actions
from charging.operations.clock_reset import back_to_wall
from charging.operations.clocks import own_now
from charging.operations.farewells import leave
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.letting_go import let_go
from charging.operations.outbox import tell_deleted, tell_discovered
from charging.operations.tombstones import bury
from charging.operations.traces import wizard_events_of
from charging.operations.vehicles import CarDetails, add_simulated_car, car_issues

LONGEST_NAME = 100
LONGEST_VIN = 17
MOST_KWH = 1000
MOST_KW = 500


@dataclass(frozen=True, slots=True)
class LinkedCar:
    """What an app says of a car. `soc_percent` counts for a simulated one only."""

    gateway: str
    vendor: str
    battery_capacity_kwh: float
    max_power_kw: float
    display_name: str = ""
    charge_limit_percent: float = 100.0
    vin: str = ""
    soc_percent: float = 50.0
    model: str = ""
    year: int | None = None
    vendor_asset_id: str = ""


def linked_car_issues(car: LinkedCar) -> tuple[Issue, ...]:
    """Returns what is wrong with such a car, under the names of the wire."""
    issues = []
    if car.vendor not in VENDORS:
        issues.append(Issue("VENDOR_INVALID", "vendor", _("Use the name of one of the vendors.")))
    elif car.gateway == GatewayName.SIMULATOR:
        found = car_issues(_details(car))
        issues += [Issue(one.code, one.path, one.message) for one in found if one.path == "vendor"]
    for path, value, least, most in (
        ("batteryCapacityKwh", car.battery_capacity_kwh, 1, MOST_KWH),
        ("maxChargingPowerKw", car.max_power_kw, 0.5, MOST_KW),
        ("chargeLimit", car.charge_limit_percent, 50, 100),
        ("batteryLevel", car.soc_percent, 0, 100),
    ):
        if not least <= value <= most:
            message = _("Use a number from %(least)g to %(most)g.") % {"least": least, "most": most}
            issues.append(Issue("NUMBER_OUT_OF_RANGE", path, message))
    for path, text, longest in (("displayName", car.display_name, LONGEST_NAME), ("vin", car.vin, LONGEST_VIN)):
        if len(text) > longest:
            message = _("Use %(longest)d characters or fewer.") % {"longest": longest}
            issues.append(Issue("TEXT_TOO_LONG", path, message))
        if not text.isprintable():
            issues.append(Issue("TEXT_INVALID", path, _("Use letters, numbers and spaces that can be seen.")))
    return tuple(issues)


def _details(car: LinkedCar) -> CarDetails:
    return CarDetails(
        vendor=car.vendor,
        brand=VENDOR_NAMES[car.vendor],
        model="",
        battery_capacity_kwh=car.battery_capacity_kwh,
        max_power_kw=car.max_power_kw,
        soc_percent=car.soc_percent,
        charge_limit_percent=car.charge_limit_percent,
        display_name=car.display_name,
    )


@transaction.atomic
def link_car(*, driver: Driver, car: LinkedCar, now: datetime) -> Vehicle:
    """Adds the car. A simulated one arrives at its driver's first place; a pushed one says nothing until it is pushed.

    Raises Refused.
    """
    refuse_if_any(linked_car_issues(car))
    if car.gateway == GatewayName.SIMULATOR:
        vehicle = add_simulated_car(driver=driver, details=_details(car), now=now)
        Vehicle.objects.filter(pk=vehicle.pk).update(vin=car.vin)
        return vehicle
    return add_real_car(driver=driver, car=car, now=now)


@transaction.atomic
def add_real_car(*, driver: Driver, car: LinkedCar, now: datetime) -> Vehicle:
    """Adds a car of which nothing is known yet but what was said of it. Raises Refused."""
    refuse_if_any((*linked_car_issues(car), *one_more_car_issues(driver)))
    vehicle = Vehicle.objects.create(
        driver=driver,
        vendor=car.vendor,
        brand=_details(car).brand,
        display_name=car.display_name,
        vin=car.vin,
        model=car.model,
        year=car.year,
        vendor_asset_id=car.vendor_asset_id,
        battery_capacity_kwh=car.battery_capacity_kwh,
        max_power_kw=car.max_power_kw,
        gateway=car.gateway,
        linked_at=now,
        state_changed_at=now,
    )
    VehicleView.objects.create(vehicle=vehicle, charge_limit_percent=car.charge_limit_percent)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="car added")
    tell_discovered(vehicle=vehicle, now=now)
    return vehicle


def remove_car(*, vehicle: Vehicle, last_known: Mapping[str, Any], at_wall: datetime, insists: bool = False) -> None:
    """Deletes a car with everything of it; one that is held may charge first. Receivers are told of it.

    A restored backup does not bring the car back. Raises StillHeld, and deletes nothing, where a car that is held did
    not take its START and nobody insists; ErasedFileError, and nothing was done, where the data folder cannot be
    written to.
    """
    require_writable()
    let_go(vehicles=[vehicle], at_wall=at_wall, insists=insists)
    bury(public_ids=[vehicle.public_id], at_wall=at_wall)
    abandon_actions(vehicle=vehicle, now=own_now(driver=vehicle.driver, at_wall=at_wall))
    with transaction.atomic():
        tell_deleted(driver=vehicle.driver, last_known=last_known, now=at_wall)
        delete_with_access(vehicle=vehicle, at_wall=at_wall)


@transaction.atomic
def delete_with_access(*, vehicle: Vehicle, at_wall: datetime) -> None:
    """Deletes the rows of a car, and its connection where no other car is behind it.

    With the last car a clock that was sped up goes back to the wall's, so that a real car may come next.
    """
    # Whoever changes the driver's clock at this moment is waited for, in the order in which they lock.
    driver = Driver.objects.select_for_update().get(pk=vehicle.driver_id)
    connection = Connection.objects.filter(cars__vehicle=vehicle).first()
    wizard_events_of(vehicle).delete()
    # What was told of it outlives it, without naming whose it was: it is dated here, while that is known.
    OutboxMessage.objects.filter(vehicle=vehicle, created_at__gt=at_wall).update(created_at=at_wall)
    vehicle.delete()
    back_to_wall(driver=driver, at_wall=at_wall)
    leave(connection=connection, at_wall=at_wall)
