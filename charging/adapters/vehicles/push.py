"""The gateway to a car that an app reads and commands: it pushes readings here, and fetches its commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities
from charging.core.facts import Hold, Reading
from charging.core.obstacle import WELL, Control

TELLS_ELSEWHERE = Capabilities(is_controllable=True, readings=frozenset())
"""What the app tells of the car comes another way."""


@dataclass(frozen=True, slots=True)
class PushGateway:
    """There is nobody to call: a command counts as taken once it stands in the ledger, where the app finds it.

    The app keeps the lease: a STOP is listed with the instants at which it starts the car by itself.
    """

    poll_interval: timedelta = timedelta(minutes=15)
    has_lease: bool = True
    capabilities: Capabilities = TELLS_ELSEWHERE

    def read(self, *, now: datetime) -> Reading | None:
        """None: readings come by themselves."""
        return None

    def control(self, *, now: datetime) -> Control:
        """The app says what is the matter with it."""
        return WELL

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """The app finds the command where it fetches them."""
        return Acknowledgement(accepted=True)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """The app finds the command where it fetches them."""
        return Acknowledgement(accepted=True)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """The app finds the new instants beside the command."""
        return Acknowledgement(accepted=True)
