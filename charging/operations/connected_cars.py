"""Real cars behind a connection: added, connected again, disconnected, forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters.vehicles.home_assistant_entities import entities_from_json, entities_to_json
from charging.adapters.vehicles.mqtt_topics import topics_from_json, topics_to_json
from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.models.connections import ConnectionKind
from charging.operations import evaluation, telemetry
from charging.operations.clocks import own_now, wall_now
from charging.operations.connections import may_connect_issues, note_answer
from charging.operations.farewells import leave
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.letting_go import end_hold, let_go
from charging.operations.linking import LinkedCar, add_real_car, linked_car_issues, remove_car
from charging.operations.mqtt_cars import topic_issues

TOLD_BY_VENDOR = ("vin", "model", "year", "vendor_asset_id")
"""What no driver is asked for: where it is not told it stays as it is known."""

ENTITY_ID = re.compile(r"[a-z0-9_]{1,60}\.[a-z0-9_]{1,190}", re.ASCII)


def entity_issues(chosen: Mapping[str, str]) -> tuple[Issue, ...]:
    """Returns what is wrong with the entities that were chosen, each by its use."""
    entities = entities_from_json(chosen)
    issues = []
    if not entities.level:
        issues.append(Issue("LEVEL_MISSING", "level", _("Select what tells the battery level")))
    if not entities.plug:
        issues.append(Issue("PLUG_MISSING", "plug", _("Select what tells whether the cable is plugged in")))
    if not entities.is_controllable:
        message = _("Select the switch that lets the car charge, or both buttons")
        issues.append(Issue("CONTROL_MISSING", "switch", message))
    for use, entity_id in entities_to_json(entities).items():
        if not ENTITY_ID.fullmatch(entity_id):
            issues.append(Issue("ENTITY_INVALID", use, _("Select one of the entities of Home Assistant")))
    return tuple(issues)


@transaction.atomic
def connect_car(
    *, driver: Driver, connection: Connection, car: LinkedCar, chosen: Mapping[str, Any], now: datetime
) -> Vehicle:
    """Adds a car that is read and commanded through a connection of the driver. Raises Refused.

    `chosen` is what is used of it: entities by their use, or a vehicle as `enode_car` keeps it.
    """
    refuse_if_any(may_connect_issues(driver))
    refuse_if_any(_issues_of(connection, chosen))
    vehicle = add_real_car(driver=driver, car=car, now=now)
    _put_behind(vehicle, connection, chosen)
    return vehicle


@transaction.atomic
def connect_again(
    *, vehicle: Vehicle, connection: Connection, car: LinkedCar, chosen: Mapping[str, Any], now: datetime
) -> Vehicle:
    """Lets a car be read and commanded in another way, or again; its history and settings stay. Raises Refused."""
    refuse_if_any(_issues_of(connection, chosen))
    refuse_if_any(linked_car_issues(car))
    vehicle = evaluation.locked(vehicle=vehicle)
    vehicle.vendor, vehicle.brand, vehicle.display_name = car.vendor, "", car.display_name
    vehicle.battery_capacity_kwh, vehicle.max_power_kw = car.battery_capacity_kwh, car.max_power_kw
    vehicle.is_capable = True
    told = {name: value for name in TOLD_BY_VENDOR if (value := getattr(car, name))}
    for name, value in told.items():
        setattr(vehicle, name, value)
    changed = ["vendor", "brand", "display_name", "battery_capacity_kwh", "max_power_kw", "is_capable", *told]
    vehicle.save(update_fields=changed)
    _put_behind(vehicle, connection, chosen)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="connected again")
    return vehicle


def look_at_first(*, vehicle: Vehicle, now: datetime) -> bool:
    """Reads a car that was connected just now. Returns whether it answered; where it did not, it is asked again."""
    is_heard = telemetry.poll(vehicle=vehicle, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="first look")
    return is_heard


def disconnect_car(*, vehicle: Vehicle, at_wall: datetime, insists: bool = False) -> None:
    """Turns smart charging off, lets a car that is held charge, and takes the access away; the history stays.

    The secret is deleted with the last car behind it. Raises StillHeld, and takes nothing away, where a car that is
    held did not take its START and its driver does not insist.
    """
    let_go(vehicles=[vehicle], at_wall=at_wall, insists=insists)
    now = own_now(driver=vehicle.driver, at_wall=at_wall)
    with transaction.atomic():
        end_hold(vehicle=vehicle, now=now)
        _take_away(vehicle)
        Vehicle.objects.filter(pk=vehicle.pk).update(is_capable=False)
        evaluation.evaluate(vehicle=vehicle, now=now, trigger="disconnected")


def forget_car(*, vehicle: Vehicle, at_wall: datetime, insists: bool = False) -> None:
    """Deletes a car with its history and its access; one that is held may charge first. Raises StillHeld."""
    known = {"id": str(vehicle.public_id), "userId": vehicle.driver.external_id, "vendor": vehicle.vendor}
    remove_car(vehicle=vehicle, last_known=known, at_wall=at_wall, insists=insists)


UNHINDERED: dict[str, Any] = {"obstacle": "", "obstacle_since": None, "obstacle_names": [], "control_looked_at": None}
"""What was in the way of the car when it was connected before is looked at anew."""

CHECKED = {ConnectionKind.HOME_ASSISTANT: entity_issues, ConnectionKind.MQTT: topic_issues}
"""What a driver has chosen at the other end; of Enode nothing is."""


def _issues_of(connection: Connection, chosen: Mapping[str, Any]) -> tuple[Issue, ...]:
    check = CHECKED.get(ConnectionKind(connection.kind))
    return () if check is None else check(chosen)


def _put_behind(vehicle: Vehicle, connection: Connection, chosen: Mapping[str, Any]) -> None:
    entities = dict(chosen)
    if connection.kind == ConnectionKind.MQTT:
        entities = topics_to_json(topics_from_json(chosen))
    if connection.kind == ConnectionKind.HOME_ASSISTANT:
        entities = entities_to_json(entities_from_json(chosen))
    before = Connection.objects.filter(cars__vehicle=vehicle).exclude(pk=connection.pk).first()
    values = {"connection": connection, "entities": entities, "seen": {}, **UNHINDERED}
    ConnectedCar.objects.update_or_create(vehicle=vehicle, defaults=values)
    leave(connection=before, at_wall=wall_now())
    if connection.kind == ConnectionKind.ENODE:
        # It was found there just now.
        note_answer(connection=connection, at_wall=wall_now())


def _take_away(vehicle: Vehicle) -> None:
    car = ConnectedCar.objects.select_related("connection").filter(vehicle=vehicle).first()
    if car is not None:
        car.delete()
        leave(connection=car.connection, at_wall=wall_now())


def is_behind(vehicle: Vehicle, connection: Connection) -> bool:
    """Whether the car is read and commanded through this very connection."""
    return ConnectedCar.objects.filter(vehicle=vehicle, connection=connection).exists()
