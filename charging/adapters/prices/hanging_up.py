"""Ends a conversation that takes too long, even one that trickles on byte by byte."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import timedelta
from threading import Lock, Timer
from types import TracebackType
from typing import Any, Self

CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class HangUp:
    """Shuts the connection that `watch` sees being made when the time is over; `is_over` tells.

    `watch` is the `trace` extension of a request. Time-outs of an HTTP client hold for a single read each: a server
    that sends a byte now and then keeps it for ever, and the thread with it.
    """

    def __init__(self, *, after: timedelta) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._lock = Lock()
        self._timer = Timer(after.total_seconds(), self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Remembers the socket of the connection."""
        if event in CONNECTED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.is_over:
                    self._shut()

    def _hang_up(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # Of the class itself: the one of a TLS socket would take the encryption away from under a reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
