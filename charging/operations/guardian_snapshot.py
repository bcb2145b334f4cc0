"""What the guardian needs to start held cars while the database is away, refreshed while it is there.

Only cars whose gateway can be taken along are in it; where a lease ends by itself nobody has to. The way to the car is
sealed under the key of this installation together with whose it is, so the file tells no address and no token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db.models import OuterRef, Subquery

from charging.adapters import guardian_files
from charging.adapters.sealed import seal_for, unseal_for
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.portable import PORTABLE, describe, restored
from charging.core.states import State
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Plan
from charging.operations.gateways import bare_gateway_of
from charging.operations.releasing import release_id

log = structlog.get_logger(__name__)

LEFT_ALONE = (State.OVERRIDDEN, State.DISABLED, State.ENDED_DISABLED)
"""States in which nobody has to be told to start, whatever stands of a hold."""


@dataclass(frozen=True, slots=True)
class HeldCar:
    """A car to be started at `start_at`, the end of its hold, which is never later than its latest safe start."""

    vehicle_id: UUID
    command_id: UUID
    plan_id: str
    start_at: datetime
    gateway: Gateway = field(repr=False)


class Snapshot:
    """The file, written anew where a car was held, let go or connected otherwise since this process last wrote it."""

    def __init__(self) -> None:
        self._written: list[tuple[Any, ...]] | None = None

    def refresh(self) -> None:
        """Writes who is held now. Raises DatabaseError, or OSError where the file cannot be written."""
        cars = list(_held())
        seen = [_fingerprint(car) for car in cars]
        if seen == self._written:
            return
        guardian_files.write_snapshot(entry for car in cars if (entry := _entry(car)) is not None)
        self._written = seen


def load_held_cars() -> list[HeldCar]:
    """Returns the cars of the file, without any database. One that this key does not open is left out and logged."""
    found = (_held_car(entry) for entry in guardian_files.read_snapshot())
    return [car for car in found if car is not None]


def _held() -> Iterator[ConnectedCar]:
    """Cars that wait because of us, as far as is known plugged in, behind a connection of their driver's that works."""
    running = Plan.objects.filter(vehicle=OuterRef("vehicle"), ended_at__isnull=True).order_by("-pk")
    held = ConnectedCar.objects.filter(vehicle__hold_until__isnull=False, vehicle__gateway__in=PORTABLE)
    held = held.exclude(vehicle__state__in=LEFT_ALONE).exclude(vehicle__view__is_plugged_in=False)
    held = held.exclude(connection__trouble=Trouble.SIGN_IN_NEEDED)
    held = held.annotate(plan_id=Subquery(running.values("public_id")[:1])).order_by("pk")
    for car in held.select_related("vehicle__driver", "connection"):
        if car.connection.driver_id == car.vehicle.driver_id:
            yield car


def _fingerprint(car: ConnectedCar) -> tuple[Any, ...]:
    plan_id = getattr(car, "plan_id", None)
    at = car.connection.address, car.connection.encrypted_secret, json.dumps(car.entities, sort_keys=True)
    return (car.vehicle.public_id, car.vehicle.hold_until, plan_id, *at)


def _entry(car: ConnectedCar) -> dict[str, str] | None:
    vehicle = car.vehicle
    assert vehicle.hold_until is not None, "a held car has a hold"
    try:
        description = describe(bare_gateway_of(car))
    except ValueError:
        log.warning("a secret does not open", connection=car.connection_id)
        return None
    plan_id = getattr(car, "plan_id", None)
    return {
        "vehicle": str(vehicle.public_id),
        "command": str(release_id(vehicle)),
        "plan": "" if plan_id is None else str(plan_id),
        "start_at": vehicle.driver.clock.wall(vehicle.hold_until).isoformat(),
        "sealed": seal_for(_owner(str(vehicle.public_id)), json.dumps(description)),
    }


def _held_car(entry: dict[str, Any]) -> HeldCar | None:
    try:
        description = json.loads(unseal_for(_owner(entry["vehicle"]), entry["sealed"]))
        return HeldCar(
            vehicle_id=UUID(entry["vehicle"]),
            command_id=UUID(entry["command"]),
            plan_id=str(entry["plan"]),
            start_at=datetime.fromisoformat(entry["start_at"]),
            gateway=restored(description),
        )
    except (KeyError, ValueError, TypeError):
        log.error("a held car of the snapshot cannot be read", vehicle=str(entry.get("vehicle", ""))[:36])
        return None


def _owner(vehicle_id: str) -> str:
    return f"guardian for {vehicle_id}"
