"""A real Mosquitto on this machine, and cars that publish and listen there: for `READYBY_MOSQUITTO=/path/to/it`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from charging.adapters.vehicles.mqtt_broker import Broker
from charging.adapters.vehicles.mqtt_topics import Topics, topics_from_json, topics_to_json
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import take
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.facts import Hold
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.mqtt_layouts import HOME, Layout
from tests.adapters.mqtt_server import PASSWORD, USER
from tests.adapters.real_home_assistant import free_port, wait_until
from tests.adapters.simulated_cars import make_car

MOSQUITTO = os.environ.get("READYBY_MOSQUITTO", "")
STARTS_WITHIN = 20
ANSWERS_WITHIN = 15


@dataclass
class RealBroker:
    """A running broker, and how many cars were put at it."""

    port: int
    needs_password: bool
    cars: int = 0

    def broker(self, **values: Any) -> Broker:
        """How Readyby asks it."""
        known: dict[str, Any] = {"address": f"mqtt://127.0.0.1:{self.port}", "allows_local": True}
        secret = {"user": USER, "password": PASSWORD} if self.needs_password else {}
        return Broker(**known | secret | values)


@contextmanager
def real_broker(folder: Path, *, needs_password: bool, port: int = 0) -> Iterator[RealBroker]:
    """Starts it on a free port, and ends it: a SIGTERM to the process that was started here."""
    port = port or free_port()
    lines = [
        f"listener {port} 127.0.0.1",
        "persistence false",
        f"allow_anonymous {'false' if needs_password else 'true'}",
    ]
    if needs_password:
        passwords = folder / "passwords"
        tool = str(Path(MOSQUITTO).parent.parent / "bin" / "mosquitto_passwd")
        subprocess.run([tool, "-b", "-c", str(passwords), USER, PASSWORD], check=True, capture_output=True)
        passwords.chmod(0o644)
        folder.chmod(0o755)
        lines.append(f"password_file {passwords}")
    config = folder / "mosquitto.conf"
    config.write_text("\n".join([*lines, f"user {os.environ.get('USER', 'root')}", ""]))
    with (folder / "mosquitto.log").open("wb") as output:
        process = subprocess.Popen([MOSQUITTO, "-c", str(config)], stdout=output, stderr=output)
        try:
            wait_until(lambda: _is_up(port), within=STARTS_WITHIN, what=f"no broker, see {folder / 'mosquitto.log'}")
            yield RealBroker(port, needs_password)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _is_up(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@dataclass
class CarAtBroker:
    """A simulated car that publishes what it is and does what it hears, beneath a name of its own."""

    at: RealBroker
    layout: Layout
    car: SimulatedCar = field(default_factory=lambda: make_car(latitude=HOME[0], longitude=HOME[1]))
    heard: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at.cars += 1
        self.name = f"car{self.at.cars}/"
        self.lived_until: datetime | None = None
        self.client = Client(CallbackAPIVersion.VERSION2)
        if self.at.needs_password:
            self.client.username_pw_set(USER, PASSWORD)
        self.client.on_message = self._hear
        ready: list[bool] = []
        self.client.on_subscribe = lambda *_: ready.append(True)
        self.client.connect("127.0.0.1", self.at.port)
        self.client.loop_start()
        self.client.subscribe(
            [(f"{self.name}{topic}", 1) for topic in sorted({topic for topic, _ in self.layout.wishes})]
        )
        wait_until(lambda: bool(ready), within=ANSWERS_WITHIN, what="the car cannot listen")

    @property
    def topics(self) -> Topics:
        """Those of the layout, beneath the car's name."""
        unnamed = {"plug_words", "charging_words", "power_unit", "at_home", "start_payload", "stop_payload"}
        told = topics_to_json(self.layout.topics)
        return topics_from_json({use: text if use in unnamed else f"{self.name}{text}" for use, text in told.items()})

    def live_until(self, now: datetime) -> None:
        """Publishes the car as it is at `now`, once."""
        if self.lived_until == now:
            return
        self.lived_until = now
        self.car = advance(self.car, max(now, self.car.at))
        for topic, payload in self.layout.kept(telemetry(self.car), now).items():
            self.client.publish(f"{self.name}{topic}", payload, qos=1, retain=True).wait_for_publish(ANSWERS_WITHIN)

    def obey(self, count: int) -> None:
        """Waits until so much was heard, and does the newest of it."""
        wait_until(lambda: len(self.heard) >= count, within=ANSWERS_WITHIN, what="nothing was heard")
        self.car, _ = take(self.car, UUID(int=count), self.layout.wishes[self.heard[-1]], None)

    def leave(self) -> None:
        """Hangs up."""
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_subscribe = None

    def _hear(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.heard.append((message.topic.removeprefix(self.name), message.payload.decode()))


class RealBrokerGateway(ClockedGateway):
    """The gateway to such a car, which lives by the clock of the contract."""

    def __init__(self, car: CarAtBroker) -> None:
        memory = Memory()
        inner = MqttGateway(car.at.broker(), car.topics, memory.load, memory.save, HOME)
        super().__init__(car.live_until, inner)
        self.car = car

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        return self._asked(now, lambda: self.inner.start(command_id=command_id, now=now))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        return self._asked(now, lambda: self.inner.stop(command_id=command_id, hold=hold, now=now))

    def _asked(self, now: datetime, ask: Callable[[], Acknowledgement]) -> Acknowledgement:
        self.car.live_until(now)
        before = len(self.car.heard)
        answer = ask()
        if answer.accepted:
            self.car.obey(before + 1)
        return answer
