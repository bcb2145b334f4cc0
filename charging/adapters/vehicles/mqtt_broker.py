"""Asking an MQTT broker: at an address that a driver has typed, with the driver's name and password.

The address is checked when it is connected to, and every conversation is soon over: it takes what the broker keeps of
the topics, waits a little for what is missing, and leaves. What is wrong comes as a GatewayError of a kind; neither the
password nor a payload is ever part of its text.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpcore
from paho.mqtt import MQTTException
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from charging.adapters.outside_address import AddressRefused, CheckedBackend, Resolve, resolve
from charging.adapters.vehicles.conversation import CONNECT_SECONDS, tls
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import checked_address, is_allowed
from charging.core.trouble import Trouble

WITHIN = timedelta(seconds=10)
"""For everything that one reading or one command asks."""

PATIENCE = timedelta(seconds=1.5)
"""For topics of which the broker keeps nothing: what is published meanwhile is heard."""

QUIET = 0.5
"""Seconds without news after which a broker has told all that it keeps."""

MOST_BYTES = 4 * 1024 * 1024
LONGEST_PAYLOAD = 64 * 1024
PORTS = {"mqtt": 1883, "mqtts": 8883}
AS_WEB = {"": "http", "mqtt": "http", "mqtts": "https"}
KIND_OF_REFUSAL = {
    "Bad user name or password": Trouble.SIGN_IN_NEEDED,
    "Not authorized": Trouble.SIGN_IN_NEEDED,
    "Server unavailable": Trouble.OFFLINE,
}
NONSENSE = (MQTTException, ValueError, IndexError, struct.error)
"""What the client raises of packets that it cannot take apart."""


def checked_broker(text: str, *, allows_local: bool) -> str:
    """Returns the address in one form: `mqtt://host` or `mqtts://host:8884`. Raises AddressRefused with the reason.

    Without a scheme it is `mqtt://`, which is for the local network: elsewhere everybody on the way would read along.
    """
    scheme, sign, host = text.strip().rpartition("://")
    web = AS_WEB.get(scheme.lower())
    if web is None or (sign and not scheme):
        raise AddressRefused("The address begins with mqtts://, or mqtt:// on the local network.")
    found = checked_address(f"{web}://{host}", allows_local=allows_local)
    return f"{scheme.lower() or 'mqtt'}://{urlsplit(found).netloc}"


@dataclass(frozen=True, slots=True)
class Message:
    """What was said at a topic; `is_kept` where the broker has kept it since nobody knows when."""

    payload: bytes
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Broker:
    """One broker, and who we are there; without a user we are nobody in particular."""

    address: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    allows_local: bool = False
    resolve_name: Resolve = field(default=resolve, repr=False)
    within: timedelta = WITHIN
    patience: timedelta = PATIENCE

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A conversation, all of it within the time. Raises GatewayError."""
        session = Session(self, _Client(self._connected))
        try:
            session.begin()
            yield session
        except AddressRefused as fault:
            raise GatewayError(str(fault), kind=Trouble.NOT_ALLOWED) from fault
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
            raise GatewayError("Nobody is there.", kind=Trouble.OFFLINE) from fault
        finally:
            session.end()

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.address)
        host, is_encrypted = parts.hostname or "", parts.scheme == "mqtts"
        backend = CheckedBackend(
            is_allowed=lambda found: is_allowed(found, is_encrypted=is_encrypted, allows_local=self.allows_local),
            resolve_name=self.resolve_name,
        )
        seconds = min(CONNECT_SECONDS, self.within.total_seconds())
        stream = backend.connect_tcp(host, parts.port or PORTS[parts.scheme], seconds)
        if is_encrypted:
            stream = stream.start_tls(tls(), host, seconds)
        found: socket.socket = stream.get_extra_info("socket")
        return found


class _Client(Client):
    """Speaks over a connection that somebody else makes, and takes only so much."""

    def __init__(self, connected: Callable[[], socket.socket]) -> None:
        name = f"readyby-{uuid4().hex[:12]}"
        super().__init__(CallbackAPIVersion.VERSION2, client_id=name, clean_session=True, reconnect_on_failure=False)
        self.connected = connected
        self.taken = 0

    @property
    def is_too_much(self) -> bool:
        return self.taken > MOST_BYTES

    def _create_socket_connection(self) -> socket.socket:
        return self.connected()

    def _sock_recv(self, bufsize: int) -> bytes:
        if self.is_too_much:
            raise ConnectionError("more than is taken")
        got = super()._sock_recv(min(bufsize, LONGEST_PAYLOAD))
        self.taken += len(got)
        return got


@dataclass(slots=True)
class Session:
    """An open conversation. `heard` has the newest message of each topic, `closed` are those that may not be read."""

    broker: Broker
    client: _Client = field(repr=False)
    heard: dict[str, Message] = field(default_factory=dict, repr=False)
    refusal: str | None = None
    is_subscribed: bool = False
    closed: frozenset[str] = frozenset()
    asked_for: tuple[str, ...] = ()
    is_heard_by_broker: bool = False
    ends: float = 0.0
    heard_at: float = 0.0

    def begin(self) -> None:
        """Raises GatewayError, and what comes of connecting."""
        self.ends = time.monotonic() + self.broker.within.total_seconds()
        client, parts = self.client, urlsplit(self.broker.address)
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_publish, client.on_message = self._on_publish, self._on_message
        if self.broker.user:
            client.username_pw_set(self.broker.user, self.broker.password)
        client.connect(parts.hostname or "", parts.port or PORTS[parts.scheme])
        self._wait(lambda: self.refusal is not None, needs=True)

    def end(self) -> None:
        """Hangs up. The client lets go of what it calls, so that its sockets are closed now and not at some time."""
        client = self.client
        client.disconnect()
        client.on_connect = client.on_subscribe = client.on_publish = client.on_message = None

    def listen(self, topics: Sequence[str]) -> dict[str, Message]:
        """Returns what the broker keeps of the topics, or what is said while it is waited. Raises GatewayError."""
        wanted = set(topics)
        if not wanted:
            return {}
        self._subscribe(sorted(wanted))
        self._wait(lambda: wanted <= self.heard.keys(), seconds=self.broker.patience.total_seconds())
        return self.heard

    def look(self, filters: Sequence[str], *, most: int) -> dict[str, Message]:
        """Returns what the broker keeps beneath the filters, as far as it is told soon. Raises GatewayError."""
        self._subscribe(filters)
        self.heard_at = time.monotonic()
        try:
            self._wait(
                lambda: len(self.heard) >= most or time.monotonic() - self.heard_at > QUIET,
                seconds=2 * self.broker.patience.total_seconds(),
            )
        except GatewayError:
            if not self.client.is_too_much:
                raise
        return self.heard

    def publish(self, topic: str, payload: str) -> None:
        """Returns once the broker has it; whether anybody listens it does not say. Raises GatewayError."""
        self.client.publish(topic, payload.encode(), qos=1, retain=False)
        self._wait(lambda: self.is_heard_by_broker, needs=True)

    def _subscribe(self, filters: Sequence[str]) -> None:
        self.is_subscribed, self.asked_for = False, tuple(filters)
        self.client.subscribe([(each, 0) for each in filters])
        self._wait(lambda: self.is_subscribed, needs=True)

    def _wait(self, is_done: Callable[[], bool], *, seconds: float | None = None, needs: bool = False) -> None:
        """Lets the conversation go on until it is done, or the time is over. Raises GatewayError."""
        ends = self.ends if seconds is None else min(self.ends, time.monotonic() + seconds)
        while not is_done():
            left = ends - time.monotonic()
            if left <= 0:
                if needs:
                    raise GatewayError("It took too long.")
                return
            try:
                code = self.client.loop(timeout=min(left, QUIET / 2))
            except NONSENSE as fault:
                raise GatewayError("What was said is not MQTT.") from fault
            if code is not MQTTErrorCode.MQTT_ERR_SUCCESS and not is_done():
                raise GatewayError("Too much was said." if self.client.is_too_much else code.name)
        if self.refusal:
            kind = KIND_OF_REFUSAL.get(self.refusal, Trouble.NO_ANSWER)
            raise GatewayError(self.refusal, kind=kind)

    def _on_connect(self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        self.refusal = str(reason) if reason.is_failure else ""

    def _on_subscribe(
        self, _client: Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        # What may not be read is not said: it is missing like what nobody has published.
        answers = zip(self.asked_for, reasons, strict=False)
        self.closed = frozenset(topic for topic, reason in answers if reason.is_failure)
        self.is_subscribed = True

    def _on_publish(self, _client: Client, _data: Any, _mid: int, _reason: Any, _properties: Any) -> None:
        self.is_heard_by_broker = True

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.heard_at = time.monotonic()
        if 0 < len(message.payload) <= LONGEST_PAYLOAD:
            self.heard[message.topic] = Message(bytes(message.payload), bool(message.retain))
