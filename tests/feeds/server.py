"""A web server on this machine that plays all services that publish prices, well or badly."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus
from charging.adapters.prices.areas import areas

SERVICES = (elering, energy_charts, entsoe, nord_pool, octopus)
HOSTS = {urlsplit(service.ADDRESS).netloc: service.NAME for service in SERVICES}
DRIP_SECONDS = 0.02


@dataclass(frozen=True)
class Reply:
    """What the server says. `manner` is how: see `MANNERS`."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: str = "well"


Answering = Callable[[str, date], Reply]
"""The reply of a service, by its name, to the question for a delivery day."""


class Feed(ThreadingHTTPServer):
    """`answering` decides what is said; `asked` remembers each question as service and delivery day."""

    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering = answering
        self.asked: list[tuple[str, date]] = []
        self.addresses: list[str] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are no news."""

    def client(self) -> httpx.Client:
        """A client like the one of the product, whose every request ends up here."""
        from charging.adapters.prices.reading import make_client  # noqa: PLC0415 - its limits may be patched

        return make_client(_ToLoopback(self.server_port))


@contextmanager
def serve(answering: Answering) -> Iterator[Feed]:
    """A running server, stopped at the end."""
    feed = Feed(answering)
    thread = Thread(target=feed.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield feed
    finally:
        feed.shutdown()
        feed.server_close()
        thread.join(5)


class _ToLoopback(httpx.BaseTransport):
    """Sends requests for any host to one port of this machine. The host that was meant stays in its header."""

    def __init__(self, port: int) -> None:
        self._port = port
        # Nothing is encrypted here, and reading all the world's certificates takes longer than a test.
        self._real = httpx.HTTPTransport(verify=False, limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return self._real.handle_request(request)

    def close(self) -> None:
        self._real.close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        feed = cast(Feed, self.server)
        source = HOSTS[self.headers["Host"]]
        delivery_date = delivery_date_of(source, self.path)
        feed.asked.append((source, delivery_date))
        feed.addresses.append(self.path)
        reply = feed.answering(source, delivery_date)
        self.close_connection = True
        MANNERS[reply.manner](self, reply)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Says nothing."""

    def head(self, reply: Reply, length: int | None) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def _well(handler: _Handler, reply: Reply) -> None:
    handler.head(reply, len(reply.body))
    handler.wfile.write(reply.body)


def _without_length(handler: _Handler, reply: Reply) -> None:
    handler.head(reply, None)
    handler.wfile.write(reply.body)


def _cut_off(handler: _Handler, reply: Reply) -> None:
    handler.head(reply, len(reply.body))
    handler.wfile.write(reply.body[: len(reply.body) // 2])


def _reset(handler: _Handler, reply: Reply) -> None:
    _cut_off(handler, reply)
    handler.wfile.flush()
    # A connection that lingers for no time at all ends with a reset instead of a goodbye.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _hang_up(handler: _Handler, reply: Reply) -> None:
    """Says nothing at all."""


def _drip_body(handler: _Handler, reply: Reply) -> None:
    handler.head(reply, None)
    _drip(handler, reply.body)


def _drip_head(handler: _Handler, reply: Reply) -> None:
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000)


def _drip(handler: _Handler, content: bytes) -> None:
    for byte in content:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(DRIP_SECONDS)


def _not_http(handler: _Handler, reply: Reply) -> None:
    handler.wfile.write(b"\x16\x03\x01\x02\x00\x01\x00 SSH-2.0\r\n\r\n")


MANNERS: dict[str, Callable[[_Handler, Reply], None]] = {
    "well": _well,
    "without length": _without_length,
    "cut off": _cut_off,
    "reset": _reset,
    "hang up": _hang_up,
    "drip body": _drip_body,
    "drip head": _drip_head,
    "not HTTP": _not_http,
}


def delivery_date_of(source: str, address: str) -> date:
    """The delivery day that a service is asked for."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if source == nord_pool.NAME:
        return date.fromisoformat(query["date"])
    names = {entsoe.NAME: "periodStart", octopus.NAME: "period_from"}
    text = query[names.get(source, "start")]
    start = datetime.strptime(text, "%Y%m%d%H%M") if source == entsoe.NAME else datetime.fromisoformat(text)
    return areas()["BE"].market_day(start.replace(tzinfo=UTC))
