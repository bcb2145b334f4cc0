"""Starts and stops, by hand and of the plan, as the API shows them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.api import action_schemas
from charging.core.facts import OPEN_STATUSES, CommandStatus
from charging.models import ChargeAction, Command

DETAILS: dict[str, Promise] = {
    "NO_RESPONSE": _("The car did not react in time."),
    "FAILED_PRECONDITION": _("The car is not plugged in."),
    "CONFLICT": _("A newer action took its place."),
    "REQUESTED_CANCELLATION": _("It was cancelled by request."),
    "UNNECESSARY": _("The car did that already."),
    "NOT_FOUND": _("The car was deleted."),
}


def _reason(failure_type: str) -> action_schemas.FailureReason | None:
    if not failure_type:
        return None
    return action_schemas.FailureReason.model_validate({"type": failure_type, "detail": str(DETAILS[failure_type])})


def action_answer(action: ChargeAction) -> action_schemas.ChargeAction:
    """Returns an action by hand; one whose car is gone meanwhile is over."""
    is_orphan = action.vehicle_id is None and action.state == "PENDING"
    return action_schemas.ChargeAction.model_validate(
        {
            "id": str(action.public_id),
            "user_id": action.user_id,
            "created_at": action.created_at,
            "updated_at": action.updated_at,
            "completed_at": action.updated_at if is_orphan else action.completed_at,
            "state": "CANCELLED" if is_orphan else action.state,
            "target_id": str(action.target_id),
            "target_type": "vehicle",
            "kind": action.kind,
            "failure_reason": _reason("NOT_FOUND" if is_orphan else action.failure_type),
        }
    )


STATES = {status.value: "PENDING" for status in OPEN_STATUSES} | {
    CommandStatus.CONFIRMED.value: "CONFIRMED",
    CommandStatus.FAILED.value: "FAILED",
    CommandStatus.SUPERSEDED.value: "CANCELLED",
}
"""Status in the ledger -> state of the action (DESIGN 8)."""


def command_answer(command: Command) -> action_schemas.ChargeAction:
    """Returns a command of a decision as an action; `vehicle__driver` should be loaded."""
    failure = {"FAILED": "NO_RESPONSE", "SUPERSEDED": "REQUESTED_CANCELLATION" if command.is_cancelled else "CONFLICT"}
    instants = (command.created_at, command.last_sent_at, command.completed_at)
    return action_schemas.ChargeAction.model_validate(
        {
            "id": str(command.public_id),
            "user_id": command.vehicle.driver.external_id,
            "created_at": command.created_at,
            "updated_at": max(instant for instant in instants if instant is not None),
            "completed_at": command.completed_at,
            "state": STATES[command.status],
            "target_id": str(command.vehicle.public_id),
            "target_type": "vehicle",
            "kind": command.kind,
            "failure_reason": _reason(failure.get(command.status, "")),
        }
    )
