"""One short conversation with a server that knows cars: checked when it is connected to, over in time, never followed.

What is wrong comes as a GatewayError of a kind; nothing of what was sent or answered is ever part of its text.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import SplitResult

import httpcore

from charging.adapters.outside_address import AddressRefused, CheckedBackend, Resolve
from charging.adapters.prices.hanging_up import HangUp
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.retry_after import retry_after_of
from charging.core.trouble import Trouble

CONNECT_SECONDS = 4.0
MOST_BYTES = 16 * 1024 * 1024
KIND_OF_STATUS = {
    401: Trouble.SIGN_IN_NEEDED,
    403: Trouble.RATE_LIMITED,
    429: Trouble.RATE_LIMITED,
    502: Trouble.OFFLINE,
    503: Trouble.OFFLINE,
    504: Trouble.OFFLINE,
}
"""A proxy says that nobody is behind it; all other errors say nothing that can be relied on.

403 is who bans an address for a while, and what stands before a server: of our token only 401 says something.
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """An open line; all that is asked over it is over within its time."""

    pool: httpcore.ConnectionPool = field(repr=False)
    hang_up: HangUp = field(repr=False)
    within: timedelta

    @contextmanager
    def ask(
        self, method: str, parts: SplitResult, target: str, headers: list[tuple[str, str]], content: bytes
    ) -> Iterator[httpcore.Response]:
        """The answer to one question; `target` is the path with its query.

        Raises GatewayError, also while the answer is read in the block.
        """
        where = httpcore.URL(
            scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target.encode("ascii")
        )
        seconds = self.within.total_seconds()
        limits = {"connect": min(CONNECT_SECONDS, seconds), "read": seconds, "write": seconds, "pool": seconds}
        extensions = {"timeout": limits, "trace": self.hang_up.watch}
        asked = self.pool.stream(method, where, headers=headers, content=content, extensions=extensions)
        with _troubles(self.hang_up), asked as got:
            yield got


@contextmanager
def conversation(
    *, is_allowed: Callable[[str], bool], resolve_name: Resolve, within: timedelta
) -> Iterator[Conversation]:
    """Several questions over one connection. Raises GatewayError."""
    backend = CheckedBackend(is_allowed=is_allowed, resolve_name=resolve_name)
    with (
        HangUp(after=within) as hang_up,
        _troubles(hang_up),
        httpcore.ConnectionPool(ssl_context=tls(), network_backend=backend, retries=0) as pool,
    ):
        yield Conversation(pool, hang_up, within)


@contextmanager
def _troubles(hang_up: HangUp) -> Iterator[None]:
    """What goes wrong on the line, told by its kind."""
    try:
        yield
    except AddressRefused as fault:
        raise GatewayError(str(fault), kind=Trouble.NOT_ALLOWED) from fault
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
        raise GatewayError("Nobody is there.", kind=Trouble.OFFLINE) from fault
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as fault:
        detail = "It took too long." if hang_up.is_over else type(fault).__name__
        raise GatewayError(detail) from fault


def error_of(got: httpcore.Response) -> GatewayError:
    """Returns what an answer that is no success says."""
    kind = KIND_OF_STATUS.get(got.status, Trouble.NO_ANSWER)
    waits = retry_after_of(got.headers) if kind is Trouble.RATE_LIMITED else None
    return GatewayError(f"HTTP {got.status}", kind=kind, retry_after=waits)


def json_of(got: httpcore.Response) -> Any:
    """Returns the answer. Raises GatewayError for one without end, and for one that is no JSON."""
    kept = b""
    for piece in got.iter_stream():
        kept += piece
        if len(kept) > MOST_BYTES:
            raise GatewayError("The answer is too long.")
    try:
        return json.loads(kept)
    except (ValueError, RecursionError) as fault:
        raise GatewayError("The answer is not JSON.") from fault


@cache
def tls() -> ssl.SSLContext:
    """Made once: reading the certificates of all authorities takes longer than most requests."""
    return ssl.create_default_context()
