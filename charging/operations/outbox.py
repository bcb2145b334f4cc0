"""What happened, put down for clients' receivers in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from charging.core.facts import CommandStatus
from charging.models import ChargeAction, Command, Driver, OutboxMessage, Vehicle, VehicleView, Webhook

DISCOVERED = "user:vehicle:discovered"
UPDATED = "user:vehicle:updated"
DELETED = "user:vehicle:deleted"
CHARGE_ACTION = "user:charge-action:updated"
VENDOR_ACTION = "user:vendor-action:updated"
CREDENTIALS = "user:credentials:invalidated"

FIELDS = {
    "soc_percent": "chargeState.batteryLevel",
    "is_plugged_in": "chargeState.isPluggedIn",
    "is_charging": "chargeState.isCharging",
    "is_fully_charged": "chargeState.isFullyCharged",
    "charge_limit_percent": "chargeState.chargeLimit",
    "charging_power_kw": "chargeState.chargeRate",
    "power_delivery": "chargeState.powerDeliveryState",
    "odometer_km": "odometer.distance",
    "latitude": "location.latitude",
    "longitude": "location.longitude",
    "location_id": "location.id",
}
"""Column of the view -> key of the wire."""


def seen_of(view: VehicleView) -> dict[str, Any]:
    """Returns what receivers are told of a view, to compare it later."""
    return {name: getattr(view, name) for name in FIELDS}


def tell_update(*, vehicle: Vehicle, before: Mapping[str, Any], view: VehicleView, now: datetime) -> None:
    """Puts down that a car changed, with what did; nothing where nothing did or nobody listens."""
    changed = [key for name, key in FIELDS.items() if before[name] != getattr(view, name)]
    if changed and has_listeners(client_id=vehicle.driver.client_id):
        tell(vehicle=vehicle, event=UPDATED, payload={"updatedFields": changed}, now=now)


def tell_discovered(*, vehicle: Vehicle, now: datetime) -> None:
    """Puts down that a car was added."""
    if has_listeners(client_id=vehicle.driver.client_id):
        tell(vehicle=vehicle, event=DISCOVERED, payload={}, now=now)


def has_listeners(*, client_id: int) -> bool:
    """Whether the client has any receiver at all."""
    return Webhook.objects.filter(client_id=client_id).exists()


def tell(*, vehicle: Vehicle, event: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Puts down an event of a car. The caller keeps others from telling of the same car at once."""
    told = OutboxMessage.objects.filter(vehicle=vehicle, event=event).aggregate(last=Max("seq"))["last"]
    OutboxMessage.objects.create(
        client_id=vehicle.driver.client_id,
        vehicle=vehicle,
        event=event,
        seq=(told or 0) + 1,
        payload=dict(payload),
        created_at=now,
    )


def tell_deleted(*, driver: Driver, last_known: Mapping[str, Any], now: datetime) -> None:
    """Puts down that a car is gone, with what was last known of it in the form of the wire.

    Of a user whose access was given up nothing more is told.
    """
    if driver.unauthorized_at is None and has_listeners(client_id=driver.client_id):
        OutboxMessage.objects.create(
            client_id=driver.client_id,
            vehicle=None,
            event=DELETED,
            seq=1,
            payload={"vehicle": dict(last_known)},
            created_at=now,
        )


def tell_action(*, action: ChargeAction, updated_fields: list[str], now: datetime) -> None:
    """Puts down a change of an action by hand: that it is pending, or that it no longer is."""
    if not has_listeners(client_id=action.client_id):
        return
    OutboxMessage.objects.create(
        client_id=action.client_id,
        vehicle_id=action.vehicle_id,
        event=CHARGE_ACTION,
        # Two for each action, the later one above the earlier one, and both above those of older actions.
        seq=2 * action.pk + (action.state != "PENDING"),
        payload={"action": str(action.public_id), "state": action.state, "updatedFields": updated_fields},
        created_at=now,
    )


def tell_command(*, command: Command, vehicle: Vehicle, now: datetime) -> None:
    """Puts down that a command of a decision is pending, or that it no longer is."""
    if not has_listeners(client_id=vehicle.driver.client_id):
        return
    is_pending = command.as_facts().is_open
    changed = ["state"] if is_pending else ["state", "completedAt"]
    if command.status in {CommandStatus.FAILED, CommandStatus.SUPERSEDED}:
        changed.append("failureReason")
    OutboxMessage.objects.create(
        client_id=vehicle.driver.client_id,
        vehicle=vehicle,
        event=VENDOR_ACTION,
        # Two for each command, as for actions by hand.
        seq=2 * command.generation + (not is_pending),
        payload={"command": str(command.public_id), "isPending": is_pending, "updatedFields": changed},
        created_at=now,
    )


def tell_credentials_invalidated(*, driver: Driver, now: datetime) -> None:
    """Puts down, for each make of the user's cars, that the access to them is gone."""
    if not has_listeners(client_id=driver.client_id):
        return
    vendors = Vehicle.objects.of_driver(driver).order_by("vendor").values_list("vendor", flat=True).distinct()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            client_id=driver.client_id,
            vehicle=None,
            event=CREDENTIALS,
            seq=1,
            payload={"user": driver.external_id, "vendor": vendor},
            created_at=now,
        )
        for vendor in vendors
    )
