"""A night through any way in with everything between a decision and the car in place, and every question noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from charging.core.states import State
from charging.models import Vehicle
from charging.operations import car_control, gateways, sending, telemetry
from charging.views.repairs import repairs
from charging.views.situation import load_situation
from charging.views.status_card import StatusCard, make_card
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.mqtt_layouts import EVCC
from tests.operations.connected_night import make_connected_night, make_enode_night, make_mqtt_night
from tests.operations.far_ends import FarEnd
from tests.operations.night import Night

MINUTE = timedelta(minutes=1)


@dataclass
class NotedGateway(ClockedGateway):
    """Notes what was asked, and when by the clock of the story."""

    asked: list[tuple[str, datetime]] = field(default_factory=list)

    def read(self, *, now: datetime) -> Any:
        self.asked.append(("read", now))
        return super().read(now=now)

    def control(self, *, now: datetime) -> Any:
        self.asked.append(("control", now))
        return super().control(now=now)

    def start(self, *, now: datetime, **wish: Any) -> Any:
        self.asked.append(("start", now))
        return super().start(now=now, **wish)

    def stop(self, *, now: datetime, **wish: Any) -> Any:
        self.asked.append(("stop", now))
        return super().stop(now=now, **wish)


@dataclass
class GuardedNight:
    """`asked` are questions that really went out."""

    night: Night
    end: FarEnd
    asked: list[tuple[str, datetime]]

    def after(self, at: datetime) -> list[tuple[str, datetime]]:
        return [each for each in self.asked if each[1] > at]

    @property
    def card(self) -> StatusCard:
        """The top of the dashboard now."""
        return make_card(load_situation(self._vehicle, self.night.now))

    @property
    def notice(self) -> str:
        """What the card says of the service now."""
        return self.card.notice

    @property
    def cards(self) -> dict[str, str]:
        """The repair cards on the dashboard now: their titles by their ids."""
        return {card.id: card.title for card in repairs(load_situation(self._vehicle, self.night.now))}

    @property
    def _vehicle(self) -> Vehicle:
        return Vehicle.objects.with_everything_shown().get(pk=self.night.vehicle.pk)


def make_guarded_night(patch: pytest.MonkeyPatch, end: FarEnd) -> GuardedNight:
    """A car that charges at Home, read and commanded through its breaker and budget."""
    asked: list[tuple[str, datetime]] = []

    def bare(_car: object) -> NotedGateway:
        return NotedGateway(end.server.set_clock, end.bare(), asked)

    patch.setattr(gateways, "bare_gateway_of", bare)
    guarded: Callable[[Vehicle], Any] = gateways.gateway_of
    with pytest.MonkeyPatch.context() as first:
        night = _night_through(first, end)
    for module in (telemetry, sending, car_control):
        patch.setattr(module, "gateway_of", guarded)
    return GuardedNight(night, end, asked)


def _night_through(patch: pytest.MonkeyPatch, end: FarEnd) -> Night:
    gateway = ClockedGateway(end.server.set_clock, end.bare())
    match end.kind:
        case "enode":
            return make_enode_night(patch, gateway, address=end.server.url)
        case "mqtt":
            return make_mqtt_night(patch, gateway, address=end.server.url, topics=EVCC.topics)
    return make_connected_night(patch, gateway, address=end.server.url)


def make_night_before_its_start(patch: pytest.MonkeyPatch, end: FarEnd) -> GuardedNight:
    """The car waits for the cheap hours, which come in ten minutes."""
    story = make_guarded_night(patch, end)
    story.night.let_pass(30 * MINUTE)
    assert story.night.vehicle.hold_until is not None
    story.night.now = story.night.vehicle.hold_until - 11 * MINUTE
    story.night.let_pass(MINUTE)
    assert story.night.vehicle.state == State.STOPPED
    assert story.notice == ""
    assert story.cards == {}
    return story
