"""Whoever sends a request a byte at a time, or never ends it, has a place of their own: nobody waits for them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from config.embedded import WEB_THREADS, server_options

SLOW = 50
HALF_OF_A_HEAD = b"POST /api/readings HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_OF_A_BODY = b"POST /api/readings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n["


@pytest.fixture
def port() -> Iterator[int]:
    """The web server of an installation of one process, without its other parts."""
    server: Any = create_server(get_wsgi_application(), port=0, **server_options())
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    # Ended in its own thread, which then has nothing left to wait for.
    server.trigger.pull_trigger(server.close)
    thread.join(5)


@pytest.mark.parametrize("half", [HALF_OF_A_HEAD, HALF_OF_A_BODY], ids=["half of a head", "half of a body"])
def test_many_who_never_finish_their_request_keep_nobody_else_waiting(port: int, half: bytes) -> None:
    assert SLOW > WEB_THREADS
    with ExitStack() as slow:
        for _ in range(SLOW):
            caller = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
            caller.sendall(half)

        answers = [httpx.get(f"http://127.0.0.1:{port}/livez", timeout=20, trust_env=False) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 5
