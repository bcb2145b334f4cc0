"""What comes back from a link: a state that names the draft it was begun for, signed, and good for a day."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from charging.models import ConnectedCar, Connection
from onboarding.models import OnboardingDraft

SALT = "a link by Enode"
LIVES_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class LinkState:
    """`had_car`: the draft's car was behind the connection when the link was begun, so that it is linked again."""

    draft_id: int
    connection_id: UUID
    had_car: bool
    comes_from_check: bool


def is_behind(draft: OnboardingDraft, connection: Connection) -> bool:
    """Whether the draft's car is read and commanded through the connection."""
    return ConnectedCar.objects.filter(vehicle=draft.vehicle, connection=connection).exists()


def signed(state: LinkState) -> str:
    """Returns the state for an address."""
    values = [state.draft_id, str(state.connection_id), state.had_car, state.comes_from_check]
    return signing.dumps(values, salt=SALT)


def read_state(text: str) -> LinkState | None:
    """Returns the state; None for one that is over, or was not made here."""
    try:
        draft_id, connection_id, had_car, comes_from_check = signing.loads(text, salt=SALT, max_age=LIVES_SECONDS)
    except signing.BadSignature:
        return None
    return LinkState(draft_id, UUID(connection_id), had_car, comes_from_check)
