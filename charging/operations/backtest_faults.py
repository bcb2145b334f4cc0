"""A gateway that misbehaves in a backtest: readings that are old news, and starts that the car ignores."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.core.facts import Hold, Reading
from charging.operations.passing_on import PassingOn

NEVER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class GatewayFaults:
    """The share of polls answered with the reading before, and how many STARTs of a session are taken and ignored."""

    stale_share: float = 0.0
    failed_starts: int = 0


@dataclass
class FaultyGateway(PassingOn):
    """Stands before a gateway. What it does wrong follows from the name of the session alone.

    While starts are still to fail, the end of a hold starts nothing either: it asks the same deaf car.
    """

    faults: GatewayFaults
    name: str
    starts_to_ignore: int = field(init=False)
    last_reading: Reading | None = None

    def __post_init__(self) -> None:
        self.starts_to_ignore = self.faults.failed_starts

    def read(self, *, now: datetime) -> Reading | None:
        """The car as it is, or as it was when it was read before."""
        if self.last_reading is None or not self._is_stale(now):
            self.last_reading = self.gateway.read(now=now)
        return self.last_reading

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Take the wish; the first ones never reach the car."""
        if self.starts_to_ignore > 0:
            self.starts_to_ignore -= 1
            return Acknowledgement(accepted=True)
        return self.gateway.start(command_id=command_id, now=now)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self.gateway.stop(command_id=command_id, hold=hold and self._lasting(hold), now=now)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self.gateway.renew(hold=self._lasting(hold), now=now)

    def _is_stale(self, now: datetime) -> bool:
        share = self.faults.stale_share
        return share > 0 and random.Random(f"{self.name}:{now.isoformat()}").random() < share  # noqa: S311

    def _lasting(self, hold: Hold) -> Hold:
        if self.starts_to_ignore == 0:
            return hold
        return replace(hold, until=hold.until + NEVER, renew_by=hold.renew_by + NEVER)
