"""A gateway behind a connection: nothing is asked while it rests or needs its driver, and every answer is noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, Gateway, GatewayError
from charging.core.facts import Hold, Reading
from charging.core.trouble import Trouble
from charging.models import Connection
from charging.operations.connections import note_answer, note_trouble

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuardedGateway:
    """A token that is refused again and again gets this server banned there, so that only a new one is tried."""

    inner: Gateway
    connection: Connection

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
        return self._ask(now, lambda: self.inner.read(now=now))

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(now, lambda: self.inner.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(now, lambda: self.inner.stop(command_id=command_id, hold=hold, now=now))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """As the gateway behind it."""
        return self._ask(now, lambda: self.inner.renew(hold=hold, now=now))

    def _ask(self, now: datetime, question: Callable[[], T]) -> T:
        at_wall = self.connection.driver.clock.wall(now)
        if self.connection.is_sign_in_needed:
            raise GatewayError("The driver has to sign in again.", kind=Trouble.SIGN_IN_NEEDED)
        rests_until = self.connection.rests_until
        if rests_until is not None and at_wall < rests_until:
            raise GatewayError("It rests.", kind=Trouble.RATE_LIMITED, retry_after=rests_until - at_wall)
        try:
            answer = question()
        except GatewayError as error:
            note_trouble(connection=self.connection, error=error, at_wall=at_wall)
            raise
        note_answer(connection=self.connection, at_wall=at_wall)
        return answer
