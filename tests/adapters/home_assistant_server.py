"""A web server on this machine that plays a Home Assistant with a car, well or badly.

It answers as version 2024.3.3 was seen to (tests/adapters/captured_home_assistant); its car is a simulated one that
lives by the clock `now`, so that a night passes in no time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from uuid import UUID

from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import Entities
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import take
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.facts import CommandKind, Reading
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.gateway_contract import NOW
from tests.adapters.serving import serving
from tests.adapters.simulated_cars import make_car
from tests.feeds.server import MANNERS, Reply

TOKEN = "a.long-lived.token"
ENTITIES = Entities(
    level="sensor.family_car_battery",
    plug="binary_sensor.family_car_plug",
    charging="binary_sensor.family_car_charging",
    power="sensor.family_car_power",
    limit="number.family_car_limit",
    position="device_tracker.family_car",
    switch="switch.family_car_charge",
    start="button.family_car_start",
    stop="button.family_car_stop",
)
BY_SWITCH = replace(ENTITIES, start="", stop="")
BY_BUTTONS = replace(ENTITIES, switch="")
LITTLE = Entities(level=ENTITIES.level, plug=ENTITIES.plug, switch=ENTITIES.switch)
CAR, PHONE = "Family car", "Somebody's phone"
MINUTE = timedelta(minutes=1)
WISHES = {
    ("switch", "turn_on"): CommandKind.START,
    ("switch", "turn_off"): CommandKind.STOP,
    (ENTITIES.start, "press"): CommandKind.START,
    (ENTITIES.stop, "press"): CommandKind.STOP,
}
SERVICES = {("switch", "turn_on"), ("switch", "turn_off"), ("button", "press")}


class FakeHomeAssistant(ThreadingHTTPServer):
    """`replies` overrule the answer to paths that begin so; `asked` remembers methods and paths, `called` services.

    What `goes` is there until it is called; what begins as one of `loses` happens without an answer.
    """

    daemon_threads = True

    def __init__(self, car: SimulatedCar | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.now = NOW
        self.token = TOKEN
        self.car = car or make_car(latitude=58.1467, longitude=7.9956)
        self.replies: dict[str, Reply] = {}
        self.changed: dict[str, str | None] = {}
        self.more: list[dict[str, Any]] = []
        self.goes: set[str] = set()
        self.loses: set[str] = set()
        self.is_admin = True
        self.asked: list[tuple[str, str]] = []
        self.called: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def api(self, **values: Any) -> HomeAssistantApi:
        """How Readyby asks it."""
        known: dict[str, Any] = {"address": self.url, "token": TOKEN, "allows_local": True}
        return HomeAssistantApi(**known | values)

    def gateway(self, entities: Entities = BY_SWITCH) -> ClockedGateway:
        """The gateway to its car, at whatever instant it is asked."""
        return ClockedGateway(self.set_clock, HomeAssistantGateway(self.api(), entities))

    def set_clock(self, now: datetime) -> None:
        self.now = now

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are no news."""

    def states(self) -> list[dict[str, Any]]:
        """All entities, as `GET /api/states` gives them; `changed` has other states, None for one that is gone."""
        self.car = advance(self.car, max(self.now, self.car.at))
        states = [*_states_of(telemetry(self.car), self.now), *self.more]
        changed = self.changed
        return [
            state | {"state": changed.get(state["entity_id"], state["state"])}
            for state in states
            if changed.get(state["entity_id"], "") is not None
        ]

    def call(self, domain: str, service: str, entity_id: str) -> list[dict[str, Any]]:
        """What a service does: the car follows after some seconds, so that nothing has changed yet."""
        known = {state["entity_id"]: state for state in self.states()}
        if entity_id not in known:
            return []
        if entity_id in self.goes:
            self.changed[entity_id] = None
            return []
        self.called.append((service, entity_id))
        kind = WISHES.get((domain, service)) or WISHES.get((entity_id, service))
        if kind is not None:
            self.car, _ = take(self.car, UUID(int=len(self.called)), kind, None)
        return [known[entity_id]] if domain == "button" else []


def _states_of(reading: Reading, now: datetime) -> Iterator[dict[str, Any]]:
    """The car reports every minute; an old phone lies beside it."""
    at = now.replace(second=0, microsecond=0)
    on = {True: "on", False: "off"}
    percent = {"unit_of_measurement": "%"}
    yield _state(ENTITIES.level, reading.soc_percent, at, CAR, device_class="battery", **percent)
    yield _state(ENTITIES.plug, on[bool(reading.is_plugged_in)], at, CAR, device_class="plug")
    yield _state(ENTITIES.charging, on[bool(reading.is_charging)], at, CAR, device_class="battery_charging")
    watts = round((reading.charging_power_kw or 0) * 1000)
    yield _state(ENTITIES.power, watts, at, CAR, device_class="power", unit_of_measurement="W")
    yield _state(ENTITIES.limit, reading.charge_limit_percent, at - 30 * MINUTE, CAR, min=50, max=100, **percent)
    where = {"latitude": reading.latitude, "longitude": reading.longitude, "gps_accuracy": 10}
    yield _state(ENTITIES.position, "home", at - 20 * MINUTE, CAR, source_type="gps", **where)
    yield _state(ENTITIES.switch, on[bool(reading.is_charging)], at, CAR)
    yield _state(ENTITIES.start, "unknown", at, CAR)
    yield _state(ENTITIES.stop, "unknown", at, CAR)
    yield _state("sensor.phone_battery_level", 77, at, PHONE, device_class="battery", **percent)
    yield _state("device_tracker.phone", "not_home", at, PHONE, source_type="gps", latitude=58.2, longitude=8.1)
    yield _state("zone.home", "0", at, "", latitude=58.15, longitude=8.0, radius=100)
    yield _state("sun.sun", "below_horizon", at, "")


def _state(entity_id: str, state: object, at: datetime, device: str, **attributes: Any) -> dict[str, Any]:
    name = entity_id.partition(".")[2].replace("_", " ").capitalize()
    told = at.isoformat()
    return {
        "entity_id": entity_id,
        "state": str(state),
        "attributes": {**attributes, "friendly_name": name},
        "last_changed": told,
        "last_updated": told,
        "context": {"id": "01", "parent_id": None, "user_id": None},
        "_device": device,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Says nothing."""

    def head(self, reply: Reply, length: int | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
        self.end_headers()

    def _answer(self, method: str) -> None:
        server = cast(FakeHomeAssistant, self.server)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked.append((method, self.path))
        reply = next((reply for path, reply in server.replies.items() if self.path.startswith(path)), None)
        if reply is None:
            reply = self._well(server, method, json.loads(content or b"{}"))
        if self.path.startswith(tuple(server.loses)):
            reply = Reply(manner="hang up")
        if reply.manner != "well":
            self.close_connection = True
        MANNERS[reply.manner](cast(Any, self), reply)

    def _well(self, server: FakeHomeAssistant, method: str, body: Any) -> Reply:
        if self.headers.get("Authorization") != f"Bearer {server.token}":
            return Reply(b"401: Unauthorized", 401)
        parts = self.path.strip("/").split("/")
        match method, parts[1:]:
            case "GET", ["config"]:
                return _json({"location_name": "Our house", "version": "2024.3.3", "state": "RUNNING"})
            case "GET", ["states"]:
                return _json([_shown(state) for state in server.states()])
            case "GET", ["states", entity_id]:
                found = [state for state in server.states() if state["entity_id"] == entity_id]
                return _json(_shown(found[0])) if found else _json({"message": "Entity not found."}, 404)
            case "POST", ["services", domain, service]:
                if (domain, service) not in SERVICES:
                    return _json({"message": "400: Bad Request"}, 400)
                return _json([_shown(state) for state in server.call(domain, service, body["entity_id"])])
            case "POST", ["template"]:
                if not server.is_admin:
                    return Reply(b"401: Unauthorized", 401)
                devices = {state["entity_id"]: state["_device"] for state in server.states()}
                ids = body["variables"]["ids"]
                return _json([[each, devices.get(each) or None] for each in ids])
        return Reply(b"404: Not Found", 404)


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name != "_device"}


def _json(content: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


@contextmanager
def serve_home_assistant(car: SimulatedCar | None = None) -> Iterator[FakeHomeAssistant]:
    """A running server, stopped at the end."""
    with serving(FakeHomeAssistant(car)) as server:
        yield server
