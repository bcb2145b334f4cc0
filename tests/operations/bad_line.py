"""The line between the product and its simulated cars: it may be bad, and it sees what was written before a sending."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from charging.adapters.vehicles.gateway import Acknowledgement, Gateway, GatewayError
from charging.core.facts import Hold, Reading
from charging.models import Command, Vehicle
from charging.operations import sending, sweep, telemetry
from charging.operations.gateways import gateway_of
from tests.core.far_car import Line


@dataclass
class Between:
    """How the line is now, and what went over it that should not have."""

    line: Line = Line.GOOD
    breaches: list[str] = field(default_factory=list)
    open_transactions: int = 0

    def begin_anew(self) -> None:
        """A good line, where as many transactions are open as now when nothing is being written."""
        self.line, self.breaches, self.open_transactions = Line.GOOD, [], len(connection.savepoint_ids)

    def lie(self, patch: pytest.MonkeyPatch) -> None:
        """Lies between the operations and the gateways from now on."""
        for module in (sending, telemetry):
            patch.setattr(module, "gateway_of", lambda vehicle: LineGateway(gateway_of(vehicle), vehicle, self))
        patch.setattr(sweep, "log", self)

    def exception(self, event: str, **values: object) -> None:
        """What a sweep only writes into its log, since the other cars must go on, is a breach here."""
        self.breaches.append(f"{event}: {traceback.format_exc()}")


@dataclass(frozen=True)
class LineGateway:
    """The gateway of a car behind the line."""

    gateway: Gateway
    vehicle: Vehicle
    between: Between
    poll_interval: timedelta = timedelta(minutes=1)
    has_lease: bool = True

    def read(self, *, now: datetime) -> Reading | None:
        if self.between.line is Line.DOWN:
            raise GatewayError
        return self.gateway.read(now=now)

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        self._see(command_id, "START")
        return self._call(lambda: self.gateway.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        self._see(command_id, "STOP")
        return self._call(lambda: self.gateway.stop(command_id=command_id, hold=hold, now=now))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self._call(lambda: self.gateway.renew(hold=hold, now=now))

    def _see(self, command_id: UUID, kind: str) -> None:
        """I15: the row is there, is the newest of its car, and no transaction that could take it back is open."""
        newest = Command.objects.filter(vehicle=self.vehicle).order_by("-generation").first()
        if newest is None or newest.sending_key != command_id or newest.kind != kind:
            self.between.breaches.append(f"I15: a {kind} that is not the newest command of the car was sent")
        if len(connection.savepoint_ids) > self.between.open_transactions:
            self.between.breaches.append(f"I15: a {kind} was sent before its row was committed")

    def _call(self, send: Callable[[], Acknowledgement]) -> Acknowledgement:
        line = self.between.line
        if line is Line.DOWN:
            raise GatewayError
        answer = Acknowledgement(accepted=False, detail="Not now.") if line is Line.DEAF else send()
        if line is Line.LOST:
            raise GatewayError
        return answer
