"""A gateway whose other end lives by the instants at which it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, Gateway
from charging.core.facts import Hold, Reading
from charging.core.obstacle import Control


@dataclass
class ClockedGateway:
    """Sets the clock of the other end to each call's own; whoever has more to do at a call inherits it."""

    set_clock: Callable[[datetime], None]
    inner: Gateway

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
        self.set_clock(now)
        return self.inner.read(now=now)

    def control(self, *, now: datetime) -> Control:
        self.set_clock(now)
        return self.inner.control(now=now)

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        self.set_clock(now)
        return self.inner.start(command_id=command_id, now=now)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        self.set_clock(now)
        return self.inner.stop(command_id=command_id, hold=hold, now=now)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        self.set_clock(now)
        return self.inner.renew(hold=hold, now=now)
