"""A gateway that stands before another one and passes everything on: what it changes is written by who derives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from charging.adapters.vehicles.gateway import Capabilities, Gateway
from charging.core.obstacle import Control


@dataclass
class PassingOn:
    """What a gateway is, as the one behind it says; what is asked of the car is left to who derives it."""

    gateway: Gateway

    @property
    def poll_interval(self) -> timedelta:
        return self.gateway.poll_interval

    @property
    def has_lease(self) -> bool:
        return self.gateway.has_lease

    @property
    def capabilities(self) -> Capabilities:
        return self.gateway.capabilities

    def control(self, *, now: datetime) -> Control:
        return self.gateway.control(now=now)
