"""A web server on this machine that plays a geocoder, well or badly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any, cast

from tests.adapters.serving import serving
from tests.feeds.server import MANNERS, Reply
from tests.feeds.server import _Handler as Handler


class GeocoderServer(ThreadingHTTPServer):
    """Gives the same reply to everything; `asked` remembers the paths."""

    daemon_threads = True

    def __init__(self, reply: Reply) -> None:
        super().__init__(("127.0.0.1", 0), _GeocoderHandler)
        self.reply = reply
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are no news."""


class _GeocoderHandler(Handler):
    def do_GET(self) -> None:  # noqa: N802 - the name of the standard library
        server = cast(GeocoderServer, self.server)
        server.asked.append(self.path)
        self.close_connection = True
        MANNERS[server.reply.manner](self, server.reply)


@contextmanager
def serve_geocoder(reply: Reply) -> Iterator[GeocoderServer]:
    """A running server, stopped at the end."""
    with serving(GeocoderServer(reply)) as server:
        yield server
