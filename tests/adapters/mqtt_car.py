"""A car that a real Home Assistant discovers by MQTT, and the gateway to it: simulated, by the clock of the contract.

What it says is published, and what Home Assistant sends to its command topic is done to it. Both go through Home
Assistant itself, so that no client of MQTT is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import Entities
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import take
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.facts import CommandKind, Hold, Reading
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.real_home_assistant import RealHomeAssistant, wait_until
from tests.adapters.simulated_cars import make_car

ANSWERS_WITHIN = 15


@dataclass
class MqttCar:
    """A car that Home Assistant discovers: one device with all that a gateway reads, and a switch or two buttons."""

    home: RealHomeAssistant
    by: str = "switch"
    car: SimulatedCar = field(default_factory=lambda: make_car(latitude=58.1467, longitude=7.9956))
    seen: list[tuple[datetime, datetime]] = field(default_factory=list)
    commands: int = 0

    def __post_init__(self) -> None:
        self.home.count += 1
        self.key = f"car{self.home.count}"
        self.obeyed = ""
        shared = {"device": {"identifiers": [self.key], "name": f"Family car {self.home.count}"}}
        percent = {"unit_of_measurement": "%"}
        self.discover("sensor", "battery", shared | percent | {"device_class": "battery", "state_class": "measurement"})
        self.discover("binary_sensor", "plug", shared | {"device_class": "plug"})
        self.discover("binary_sensor", "charging", shared | {"device_class": "battery_charging"})
        self.discover("sensor", "power", shared | {"device_class": "power", "unit_of_measurement": "W"})
        self.discover("sensor", "limit", shared | percent)
        self.discover("sensor", "clock", shared | {"device_class": "timestamp"})
        self.discover(
            "device_tracker", "tracker", shared | {"json_attributes_topic": self.topic("where"), "source_type": "gps"}
        )
        orders = {"command_topic": self.topic("order")}
        if self.by == "switch":
            self.discover(
                "switch",
                "charge",
                shared | orders | {"payload_on": "START", "payload_off": "STOP", "state_on": "ON", "state_off": "OFF"},
            )
        else:
            for name in ("start", "stop"):
                self.discover("button", name, shared | orders | {"payload_press": name.upper()})
        # What was sent to the car, as Home Assistant itself hears it; the same order twice is heard twice.
        self.discover("sensor", "order", shared | {"force_update": True})

    def topic(self, name: str) -> str:
        return f"{self.key}/{name}"

    def discover(self, domain: str, name: str, values: dict[str, Any]) -> None:
        told = {
            "name": name,
            "unique_id": f"{self.key}_{name}",
            "object_id": f"{self.key}_{name}",
            "state_topic": self.topic(name),
            **values,
        }
        if domain == "button":
            del told["state_topic"]
        self.home.publish(f"homeassistant/{domain}/{self.key}_{name}/config", told)

    @property
    def entities(self) -> Entities:
        by = {"switch": f"switch.{self.key}_charge"}
        if self.by != "switch":
            by = {"start": f"button.{self.key}_start", "stop": f"button.{self.key}_stop"}
        return Entities(
            level=f"sensor.{self.key}_battery",
            plug=f"binary_sensor.{self.key}_plug",
            charging=f"binary_sensor.{self.key}_charging",
            power=f"sensor.{self.key}_power",
            limit=f"sensor.{self.key}_limit",
            position=f"device_tracker.{self.key}_tracker",
            **by,
        )

    def live_until(self, now: datetime) -> None:
        """Publishes the car as it is at `now`, once; waits until Home Assistant shows it."""
        if self.seen and self.seen[-1][1] == now:
            return
        self.car = advance(self.car, max(now, self.car.at))
        reading = telemetry(self.car)
        on = {True: "ON", False: "OFF"}
        published_at = datetime.now(UTC)
        self.home.publish(self.topic("plug"), on[bool(reading.is_plugged_in)])
        self.home.publish(self.topic("charging"), on[bool(reading.is_charging)])
        self.home.publish(self.topic("charge"), on[bool(reading.is_charging)])
        self.home.publish(self.topic("limit"), str(reading.charge_limit_percent))
        self.home.publish(self.topic("where"), {"latitude": reading.latitude, "longitude": reading.longitude})
        self.home.publish(self.topic("battery"), str(reading.soc_percent))
        # A meter is never quite steady, so that each minute is seen to be another one.
        watts = (reading.charging_power_kw or 0) * 1000 + (now.timestamp() // 60 % 100) / 100
        self.home.publish(self.topic("power"), f"{watts:.2f}")
        self.home.publish(self.topic("clock"), now.isoformat())
        wait_until(
            lambda: self._shows(now), within=ANSWERS_WITHIN, what=f"{self.key} is not shown, see {self.home.log}"
        )
        self.seen.append((published_at, now))

    def _shows(self, now: datetime) -> bool:
        clock = self.home.state(f"sensor.{self.key}_clock")
        is_there = self.home.state(next(iter(self.entities.commanded()))) not in {None, "unavailable"}
        return is_there and clock not in {None, "unknown", "unavailable"} and datetime.fromisoformat(clock or "") == now

    def obey(self) -> None:
        """Does what was sent to the car since it was looked at last."""
        entity = self.home.get(f"/api/states/sensor.{self.key}_order")
        if entity["last_updated"] == self.obeyed or entity["state"] == "unknown":
            return
        self.obeyed = entity["last_updated"]
        self.commands += 1
        self.car, _ = take(self.car, UUID(int=self.commands), CommandKind(entity["state"]), None)

    def instant_of(self, told: datetime) -> datetime:
        """The instant of the contract's clock that an instant of Home Assistant's belongs to."""
        return max((now for published_at, now in self.seen if published_at <= told), default=self.seen[0][1])


class RealGateway(ClockedGateway):
    """The gateway to such a car, whose night passes by the contract's clock."""

    def __init__(self, car: MqttCar) -> None:
        super().__init__(car.live_until, HomeAssistantGateway(car.home.api(), car.entities))
        self.car = car

    def read(self, *, now: datetime) -> Reading | None:
        self.car.live_until(now)
        reading = self.inner.read(now=datetime.now(UTC))
        if reading is None:
            return None
        at = self.car.instant_of(reading.observed_at)
        each = {name: self.car.instant_of(told) for name, told in reading.observed_each.items()}
        return replace(reading, observed_at=at, observed_each=each)

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        return self._asked(now, lambda: self.inner.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self._asked(now, lambda: self.inner.stop(command_id=command_id, hold=hold, now=now))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        return self._asked(now, lambda: self.inner.renew(hold=hold, now=now))

    def _asked(self, now: datetime, ask: Callable[[], Acknowledgement]) -> Acknowledgement:
        self.car.live_until(now)
        answer = ask()
        time.sleep(0.1)
        self.car.obey()
        return answer
