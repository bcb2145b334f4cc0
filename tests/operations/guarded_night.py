"""A night through Home Assistant with everything between a decision and the car in place, and every question noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.models import Vehicle
from charging.operations import gateways, sending, telemetry
from charging.views.situation import load_situation
from charging.views.status_card import make_card
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.home_assistant_server import BY_SWITCH, FakeHomeAssistant
from tests.operations.connected_night import make_connected_night
from tests.operations.night import Night

Way = dict[str, Any]


@dataclass(frozen=True)
class NotedGateway(ClockedGateway):
    """Notes what was asked, and when by the clock of the story."""

    asked: list[tuple[str, datetime]] = field(default_factory=list)

    def read(self, *, now: datetime) -> Any:
        self.asked.append(("read", now))
        return super().read(now=now)

    def start(self, *, now: datetime, **wish: Any) -> Any:
        self.asked.append(("start", now))
        return super().start(now=now, **wish)

    def stop(self, *, now: datetime, **wish: Any) -> Any:
        self.asked.append(("stop", now))
        return super().stop(now=now, **wish)


@dataclass
class GuardedNight:
    """`asked` are questions that really went out; `way` overrules how the server is reached."""

    night: Night
    server: FakeHomeAssistant
    asked: list[tuple[str, datetime]]
    way: Way

    def after(self, at: datetime) -> list[tuple[str, datetime]]:
        return [each for each in self.asked if each[1] > at]

    @property
    def notice(self) -> str:
        """What the card says of the service now."""
        vehicle = Vehicle.objects.with_everything_shown().get(pk=self.night.vehicle.pk)
        return make_card(load_situation(vehicle, self.night.now)).notice


def make_guarded_night(patch: pytest.MonkeyPatch, server: FakeHomeAssistant) -> GuardedNight:
    """A car that charges at Home, read and commanded through its breaker and budget."""
    asked: list[tuple[str, datetime]] = []
    way: Way = {}

    def bare(_car: object) -> NotedGateway:
        return NotedGateway(server.set_clock, HomeAssistantGateway(server.api(**way), BY_SWITCH), asked)

    patch.setattr(gateways, "bare_gateway_of", bare)
    guarded: Callable[[Vehicle], Any] = gateways.gateway_of
    with pytest.MonkeyPatch.context() as first:
        night = make_connected_night(first, server.gateway(), address=server.url)
    for module in (telemetry, sending):
        patch.setattr(module, "gateway_of", guarded)
    return GuardedNight(night, server, asked, way)
