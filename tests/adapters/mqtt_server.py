"""A small MQTT broker on this machine with a car at it, well or badly behaved.

It speaks as much of version 3.1.1 as a client needs that reads, says something and leaves. Its car is a simulated one
that lives by the clock `now`.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from paho.mqtt.client import topic_matches_sub

from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from charging.adapters.vehicles.mqtt_broker import Broker
from charging.adapters.vehicles.mqtt_topics import Topics
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import take
from charging.adapters.vehicles.simulated_reading import telemetry
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.gateway_contract import NOW
from tests.adapters.mqtt_layouts import EVCC, HOME, Layout
from tests.adapters.serving import serving
from tests.adapters.simulated_cars import make_car

USER, PASSWORD = "readyby", "a secret of ours"
PATIENCE = timedelta(seconds=0.5)
CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, DISCONNECT = 1, 2, 3, 4, 8, 9, 14


class FakeBroker(socketserver.ThreadingTCPServer):
    """`changed` has other payloads than the car's, None for a topic that is gone; `said` is what was said to it.

    `manner` is how it behaves: see `_Conversation`. `refusal` is the code of a refused connection.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, layout: Layout = EVCC, car: SimulatedCar | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.now = NOW
        self.layout = layout
        self.car = car or make_car(latitude=HOME[0], longitude=HOME[1])
        self.secret: tuple[str, str] | None = (USER, PASSWORD)
        self.refusal = 0
        self.manner = "well"
        self.changed: dict[str, str | bytes | None] = {}
        self.is_live: set[str] = set()
        self.asked = 0
        self.said: list[tuple[str, str]] = []
        self.tls: ssl.SSLContext | None = None

    def set_clock(self, now: datetime) -> None:
        self.now = now

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.server_address[1]}"

    def broker(self, **values: Any) -> Broker:
        """How Readyby asks it."""
        known: dict[str, Any] = {"address": self.url, "user": USER, "password": PASSWORD, "allows_local": True}
        return Broker(**known | {"patience": PATIENCE} | values)

    def gateway(self, topics: Topics | None = None, **values: Any) -> ClockedGateway:
        """The gateway to its car, at whatever instant it is asked."""
        memory = Memory()
        inner = MqttGateway(self.broker(**values), topics or self.layout.topics, memory.load, memory.save, HOME)
        return ClockedGateway(self.set_clock, inner)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are no news."""

    def kept(self) -> dict[str, bytes]:
        """What it keeps, by topic."""
        self.car = advance(self.car, max(self.now, self.car.at))
        found = self.layout.kept(telemetry(self.car), self.now) | self.changed
        return {
            topic: text if isinstance(text, bytes) else text.encode()
            for topic, text in found.items()
            if text is not None
        }

    def hear(self, topic: str, payload: str) -> None:
        """What comes of a message: the car follows it after some seconds."""
        self.said.append((topic, payload))
        kind = self.layout.wishes.get((topic, payload))
        if kind is not None:
            self.kept()
            self.car, _ = take(self.car, UUID(int=len(self.said)), kind, None)


class _Conversation(socketserver.BaseRequestHandler):
    """One client. The manners are what `handle` and `answer` look for."""

    def handle(self) -> None:
        server = cast(FakeBroker, self.server)
        if server.tls is not None:
            self.request = server.tls.wrap_socket(self.request, server_side=True)
        server.asked += 1
        match server.manner:
            case "hang up":
                return
            case "another protocol":
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                time.sleep(0.2)
                return
            case "silence":
                self.request.recv(1)
                time.sleep(2)
                return
            case "drip":
                self._drip()
                return
        while (packet := self._packet()) is not None:
            if not self._answer(server, *packet):
                return

    def _drip(self) -> None:
        """A packet of which a byte comes now and then."""
        self._send(CONNACK, b"\0\0")
        self.request.sendall(bytes([PUBLISH << 4, 0x80, 0x80, 0x01]))
        for _ in range(200):
            self.request.sendall(b"x")
            time.sleep(0.02)

    def _answer(self, server: FakeBroker, kind: int, flags: int, body: bytes) -> bool:
        """Whether the conversation goes on."""
        if kind == CONNECT:
            code = server.refusal or (0 if server.secret in (None, _secret_of(body)) else 5)
            self._send(CONNACK, bytes([0, code]))
            return code == 0
        if kind == SUBSCRIBE:
            return self._subscribed(server, body)
        if kind == PUBLISH:
            topic, rest = _text(body)
            identity, payload = (rest[:2], rest[2:]) if flags & 0x06 else (b"", rest)
            server.hear(topic, payload.decode())
            if server.manner != "no receipt":
                self._send(PUBACK, identity)
        return kind != DISCONNECT

    def _subscribed(self, server: FakeBroker, body: bytes) -> bool:
        identity, rest, filters = body[:2], body[2:], []
        while rest:
            each, rest = _text(rest)
            filters.append(each)
            rest = rest[1:]
        is_closed = server.manner == "keeps it all to itself"
        self._send(SUBACK, identity + bytes([0x80 if is_closed else 0]) * len(filters))
        if server.manner == "leaves in between":
            return False
        if server.manner == "says too much":
            for _ in range(100):
                self._publish("noise", b"x" * 60_000, is_kept=True)
        if server.manner == "says what is no text":
            self._send(PUBLISH, b"\0\2\xff\xfeof no topic")
        if not is_closed:
            for topic, payload in server.kept().items():
                if any(topic_matches_sub(each, topic) for each in filters):
                    self._publish(topic, payload, is_kept=topic not in server.is_live)
        return True

    def _publish(self, topic: str, payload: bytes, *, is_kept: bool) -> None:
        name = topic.encode()
        self._send(PUBLISH, struct.pack("!H", len(name)) + name + payload, flags=int(is_kept))

    def _send(self, kind: int, body: bytes, flags: int = 0) -> None:
        length, left = bytearray(), len(body)
        while True:
            length.append(left % 128 | (128 if left > 127 else 0))
            left //= 128
            if not left:
                break
        self.request.sendall(bytes([kind << 4 | flags]) + bytes(length) + body)

    def _packet(self) -> tuple[int, int, bytes] | None:
        try:
            head = self._exactly(1)[0]
            length, factor = 0, 1
            while True:
                digit = self._exactly(1)[0]
                length, factor = length + digit % 128 * factor, factor * 128
                if digit < 128:
                    return head >> 4, head & 15, self._exactly(length)
        except (EOFError, OSError):
            return None

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            more = cast(socket.socket, self.request).recv(count - len(found))
            if not more:
                raise EOFError
            found += more
        return found


def _text(body: bytes) -> tuple[str, bytes]:
    length = struct.unpack("!H", body[:2])[0]
    return body[2 : 2 + length].decode(), body[2 + length :]


def _secret_of(body: bytes) -> tuple[str, str] | None:
    """The user and the password of a CONNECT; None without them."""
    _, rest = _text(body)
    flags, rest = rest[1], rest[4:]
    _, rest = _text(rest)
    if not flags & 0x80:
        return None
    user, rest = _text(rest)
    return user, _text(rest)[0] if flags & 0x40 else ""


@contextmanager
def serve_broker(layout: Layout = EVCC, car: SimulatedCar | None = None) -> Iterator[FakeBroker]:
    """A running broker, stopped at the end."""
    with serving(FakeBroker(layout, car)) as server:
        yield server
