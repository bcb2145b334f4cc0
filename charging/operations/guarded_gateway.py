"""A gateway that leaves alone who does not answer, asks to wait or needs its driver; every answer is noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Max

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, Gateway, GatewayError
from charging.core.breaker import Operation
from charging.core.facts import Hold, Reading
from charging.core.obstacle import Control
from charging.core.trouble import Trouble
from charging.models import Connection, Vehicle
from charging.models.vehicles import SHARED
from charging.operations.connections import note_answer, note_trouble
from charging.operations.urgency import is_start_urgent
from charging.operations.vendor_health import Service, is_failure, note_answered, note_failed, service_of, take_leave

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuardedGateway:
    """Who asks a service that is down again and again keeps it down; one that refuses our token may ban this server."""

    inner: Gateway
    connection: Connection | None
    vehicle: Vehicle

    @property
    def poll_interval(self) -> timedelta:
        return self.inner.poll_interval

    @property
    def has_lease(self) -> bool:
        return self.inner.has_lease

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    def read(self, *, now: datetime) -> Reading | None:
        """As the gateway behind it."""
        return self._ask(Operation.READ, now, lambda: self.inner.read(now=now))

    def control(self, *, now: datetime) -> Control:
        """As the gateway behind it."""
        return self._ask(Operation.READ, now, lambda: self.inner.control(now=now))

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(Operation.START, now, lambda: self.inner.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(Operation.STOP, now, lambda: self.inner.stop(command_id=command_id, hold=hold, now=now))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(Operation.RENEW, now, lambda: self.inner.renew(hold=hold, now=now))

    def _ask(self, operation: Operation, now: datetime, question: Callable[[], T]) -> T:
        # Simulated cars live by their driver's clock, and so does what is counted of them.
        at = now if self.connection is None else self.connection.driver.clock.wall(now)

        def is_urgent() -> bool:
            return operation is Operation.START and is_start_urgent(vehicle=self.vehicle, now=now)

        self._refuse_at(at, is_urgent)
        service = service_of(self.vehicle, self.connection)
        had_failed = take_leave(service=service, operation=operation, now=at, is_urgent=is_urgent)
        try:
            answer = question()
        except GatewayError as error:
            self._note(error, service, operation, at)
            raise
        if had_failed:
            note_answered(service=service, operation=operation)
        if self.connection is not None:
            note_answer(connection=self.connection, at_wall=at)
        return answer

    def _refuse_at(self, at: datetime, is_urgent: Callable[[], bool]) -> None:
        """Raises GatewayError while only the driver can help, and while the other end wants to be left alone.

        Who refused us once may have been mistaken: a START that cannot wait is tried now and then all the same.
        """
        if self.connection is None:
            return
        if self.connection.is_sign_in_needed:
            tried_from = self.connection.rests_until or at
            if at < tried_from or not is_urgent():
                raise GatewayError("The driver has to sign in again.", kind=Trouble.SIGN_IN_NEEDED)
        rests_until = self._rests_until()
        if rests_until is not None and at < rests_until:
            raise GatewayError("It rests.", kind=Trouble.RATE_LIMITED, retry_after=rests_until - at, was_asked=False)

    def _rests_until(self) -> datetime | None:
        """Until when it wants to be left alone: one service of everybody counts us all together."""
        if self.connection is None or self.vehicle.gateway not in SHARED:
            return None if self.connection is None else self.connection.rests_until
        of_all = Connection.objects.filter(kind=self.connection.kind, trouble=Trouble.RATE_LIMITED)
        rests_until: datetime | None = of_all.aggregate(last=Max("rests_until"))["last"]
        return rests_until

    def _note(self, error: GatewayError, service: Service, operation: Operation, at: datetime) -> None:
        if is_failure(error, service):
            note_failed(service=service, operation=operation, now=at)
        if self.connection is not None:
            note_trouble(connection=self.connection, error=error, at_wall=at)
