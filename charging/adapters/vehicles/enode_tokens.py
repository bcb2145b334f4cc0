"""Access tokens of client credentials, kept as long as they live: one for each server and client of this process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from threading import Lock

RENEWED_BEFORE_SECONDS = 60.0
"""A token that ends on its way is refused."""


class Tokens:
    """What is kept is lost with the process, and never written down. `clock` counts seconds, forward only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[str, float]] = {}

    def get(self, key: str) -> str | None:
        """The token, while it lives long enough to be of use."""
        with self._lock:
            token, ends_at = self._kept.get(key, ("", 0.0))
            return token if token and self._clock() < ends_at else None

    def keep(self, key: str, token: str, lives_seconds: float) -> None:
        """Keeps a token that was given just now; one that ends within a minute is used only once."""
        with self._lock:
            self._kept[key] = (token, self._clock() + lives_seconds - RENEWED_BEFORE_SECONDS)

    def forget(self, key: str) -> None:
        """The token was refused."""
        with self._lock:
            self._kept.pop(key, None)


TOKENS = Tokens()


def key_of(address: str, client_id: str, client_secret: str) -> str:
    """Returns under which name a token is kept: another address, client or secret has another token."""
    return hashlib.sha256("\n".join((address, client_id, client_secret)).encode()).hexdigest()
