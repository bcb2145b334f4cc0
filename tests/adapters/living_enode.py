"""The server that plays Enode's API, with a simulated car that lives by the instants at which it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import take
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.facts import CommandKind
from tests.adapters.enode_server import FakeEnode, make_content, stamp
from tests.adapters.gateway_contract import NOW
from tests.adapters.mqtt_layouts import HOME
from tests.adapters.serving import serving
from tests.adapters.simulated_cars import make_car
from tests.feeds.server import Reply


class LivingEnode(FakeEnode):
    """`wished` is what the car was told, once for each key; `told` overrules what is said of it."""

    def __init__(self, car: SimulatedCar | None = None) -> None:
        super().__init__()
        self.now = NOW
        self.car = car or make_car(latitude=HOME[0], longitude=HOME[1])
        self.wished: list[str] = []
        self.told: dict[str, Any] = {}

    def set_clock(self, now: datetime) -> None:
        self.now = now

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Reply:
        self.car = advance(self.car, max(self.now, self.car.at))
        self.vehicles = [self._content()]
        if method == "POST" and path.endswith("/charging"):
            self._wish(body["action"])
        return super().answer(method, path, query, body)

    def _wish(self, kind: str) -> None:
        key = UUID(self.keys[-1])
        if str(key) not in self.car.seen_command_ids:
            self.wished.append(kind)
        self.car, _ = take(self.car, key, CommandKind(kind), None)

    def _content(self) -> dict[str, Any]:
        reading, at = telemetry(self.car), stamp(self.now)
        told = {
            "batteryLevel": reading.soc_percent,
            "isPluggedIn": reading.is_plugged_in,
            "isCharging": reading.is_charging,
            "isFullyCharged": reading.is_fully_charged,
            "chargeLimit": reading.charge_limit_percent,
            "chargeRate": reading.charging_power_kw,
            "powerDeliveryState": reading.power_delivery.value,
        }
        where = {"latitude": reading.latitude, "longitude": reading.longitude, "lastUpdated": at}
        return make_content(at=self.now, **{"chargeState": told, "location": where} | self.told)


@contextmanager
def serve_living_enode() -> Iterator[LivingEnode]:
    """A running server, stopped at the end."""
    with serving(LivingEnode()) as server:
        yield server
