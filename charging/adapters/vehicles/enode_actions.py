"""What became of a wish at Enode's API (API_CONTRACT 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charging.adapters.vehicles.enode_values import part_of, text_of
from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.trouble import Trouble

PENDING, CONFIRMED, FAILED, CANCELLED = "PENDING", "CONFIRMED", "FAILED", "CANCELLED"
STATES = (PENDING, CONFIRMED, FAILED, CANCELLED)
BY_SOMEBODY_ELSE = frozenset({"CONFLICT", "REQUESTED_CANCELLATION"})
"""Nobody but us is to command this car."""


@dataclass(frozen=True, slots=True)
class Action:
    """One START or STOP as it stands there; `reason` and `detail` are empty until it has failed."""

    id: str
    state: str
    reason: str = ""
    detail: str = ""

    @property
    def is_unsuccessful(self) -> bool:
        """Whether the car will not follow; one that was in the wanted state already has nothing to follow."""
        return self.state in {FAILED, CANCELLED} and self.reason != "UNNECESSARY"

    @property
    def is_by_somebody_else(self) -> bool:
        return self.is_unsuccessful and self.reason in BY_SOMEBODY_ELSE

    @property
    def words(self) -> str:
        """For operators: `CANCELLED, FAILED_PRECONDITION: not plugged in`; empty while nothing is the matter."""
        if not self.is_unsuccessful:
            return ""
        words = ", ".join(filter(None, (self.state, self.reason)))
        return f"{words}: {self.detail}" if self.detail else words


def action_of(content: Any) -> Action:
    """Returns the action of an answer. Raises GatewayError for what is none."""
    found: Mapping[str, Any] = content if isinstance(content, Mapping) else {}
    identity, state = text_of(found, "id", 100), text_of(found, "state", 20)
    if not identity or state not in STATES:
        raise GatewayError("The answer is no action.")
    why = part_of(found, "failureReason")
    return Action(identity, state, text_of(why, "type", 40), text_of(why, "detail", 120))


def acknowledgement_of(action: Action) -> Acknowledgement:
    """Returns whether the wish was taken. Raises GatewayError where the car did not react at all."""
    if action.state == FAILED and action.reason == "NO_RESPONSE":
        raise GatewayError(action.words, kind=Trouble.ASLEEP)
    return Acknowledgement(
        accepted=not action.is_unsuccessful,
        detail=action.words,
        is_schedule_conflict=action.is_by_somebody_else,
        action_id=action.id,
    )
