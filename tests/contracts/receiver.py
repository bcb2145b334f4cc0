"""A receiver of webhooks on loopback that takes, refuses or dawdles as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came in: headers with names in lower case, and bodies. `answer` gives the status of each request."""

    url: str = ""
    answer: Callable[[int], int] = lambda _number: 200
    headers: dict[str, str] = field(default_factory=dict)
    reply: bytes = b"ok"
    delay_seconds: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all deliveries that were taken."""
        return [event for _headers, body in self.taken for event in json.loads(body)]

    def named(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver until the end of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((headers, body))
            status = receiver.answer(len(receiver.got))
            time.sleep(receiver.delay_seconds)
            if 200 <= status < 300:
                receiver.taken.append((headers, body))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(receiver.reply)), **receiver.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.reply)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
