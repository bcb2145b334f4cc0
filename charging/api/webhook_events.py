"""What receivers are told: each message of the outbox in the form of the wire (API_CONTRACT 13.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from charging.api.action_answers import action_answer, command_answer
from charging.api.status_answers import status_answer
from charging.api.vehicle_answers import vehicle_answer
from charging.api.wire import written
from charging.core.facts import CommandStatus
from charging.models import ChargeAction, Command, OutboxMessage, Plan, Vehicle
from charging.operations.decisions import STATUS_UPDATED
from charging.operations.outbox import CHARGE_ACTION, CREDENTIALS, DELETED, DISCOVERED, UPDATED, VENDOR_ACTION
from charging.operations.webhooks import API_VERSION


def envelope_of(message: OutboxMessage) -> dict[str, Any] | None:
    """Returns the event; None for a car that is gone, and for a user whose access was given up."""
    driver = message.vehicle.driver if message.vehicle is not None else None
    if driver is not None and driver.unauthorized_at is not None:
        return None
    rest = TELLERS[message.event](message)
    if rest is None:
        return None
    common = {"event": message.event, "version": API_VERSION, "createdAt": written(message.created_at)}
    return {**common, **rest}


def _json(answer: BaseModel) -> dict[str, Any]:
    return answer.model_dump(mode="json", by_alias=True)


def _car(message: OutboxMessage) -> Vehicle | None:
    if message.vehicle_id is None:
        return None
    return Vehicle.objects.with_everything_shown().filter(pk=message.vehicle_id).first()


def _vehicle(message: OutboxMessage) -> dict[str, Any] | None:
    car = _car(message)
    if car is None:
        return None
    told = {"user": {"id": car.driver.external_id}, "vehicle": _json(vehicle_answer(car, message.created_at))}
    return told | ({"updatedFields": message.payload["updatedFields"]} if message.event == UPDATED else {})


def _deleted(message: OutboxMessage) -> dict[str, Any]:
    car = message.payload["vehicle"]
    return {"user": {"id": car["userId"]}, "vehicle": car}


def _status(message: OutboxMessage) -> dict[str, Any] | None:
    """The status as it was when the state changed, also where it has changed again since."""
    car = _car(message)
    if car is None:
        return None
    car.state, car.state_changed_at, car.evaluated_at = _state_of(message)
    plans = Plan.objects.filter(vehicle=car).select_related("location").prefetch_related("windows")
    plan = plans.filter(public_id=message.payload["plan"]).first() if message.payload["plan"] is not None else None
    status = status_answer(car, message.created_at, plan=plan)
    return {"user": {"id": car.driver.external_id}, "smartChargingStatus": _json(status)}


def _state_of(message: OutboxMessage) -> tuple[str, datetime, datetime]:
    return message.payload["state"], message.created_at, message.created_at


def _action(message: OutboxMessage) -> dict[str, Any] | None:
    action = ChargeAction.objects.filter(public_id=message.payload["action"]).first()
    if action is None:
        return None
    if message.payload["state"] == "PENDING":
        # It may be over by now; this tells of its beginning.
        action.state, action.completed_at, action.failure_type = "PENDING", None, ""
        action.updated_at = action.created_at
    told = {"user": {"id": action.user_id}, "updatedFields": message.payload["updatedFields"]}
    return told | {"chargeAction": _json(action_answer(action))}


def _command(message: OutboxMessage) -> dict[str, Any] | None:
    found = Command.objects.select_related("vehicle__driver").filter(public_id=message.payload["command"])
    command = found.first()
    if command is None:
        return None
    if message.payload["isPending"]:
        command.status, command.completed_at, command.last_sent_at = CommandStatus.INTENDED, None, None
    told = {"user": {"id": command.vehicle.driver.external_id}, "updatedFields": message.payload["updatedFields"]}
    return told | {"vendorAction": _json(command_answer(command))}


def _credentials(message: OutboxMessage) -> dict[str, Any]:
    return {"user": {"id": message.payload["user"]}, "vendor": message.payload["vendor"]}


TELLERS: dict[str, Callable[[OutboxMessage], dict[str, Any] | None]] = {
    DISCOVERED: _vehicle,
    UPDATED: _vehicle,
    DELETED: _deleted,
    STATUS_UPDATED: _status,
    CHARGE_ACTION: _action,
    VENDOR_ACTION: _command,
    CREDENTIALS: _credentials,
}
