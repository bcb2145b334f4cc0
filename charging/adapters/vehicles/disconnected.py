"""The gateway to a car whose connection was taken away, or whose secret does not open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, GatewayError
from charging.core.facts import Hold, Reading
from charging.core.obstacle import Control
from charging.core.trouble import Trouble

NOTHING = Capabilities(is_controllable=False, readings=frozenset())


@dataclass(frozen=True, slots=True)
class DisconnectedGateway:
    """Asks nobody: only the driver can connect the car again."""

    poll_interval: timedelta = timedelta(minutes=15)
    has_lease: bool = False
    capabilities: Capabilities = NOTHING

    def read(self, *, now: datetime) -> Reading | None:
        """Raises GatewayError."""
        raise _not_connected()

    def control(self, *, now: datetime) -> Control:
        """Raises GatewayError."""
        raise _not_connected()

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Raises GatewayError."""
        raise _not_connected()

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Raises GatewayError."""
        raise _not_connected()

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Raises GatewayError."""
        raise _not_connected()


def _not_connected() -> GatewayError:
    return GatewayError("The car is not connected.", kind=Trouble.SIGN_IN_NEEDED)
