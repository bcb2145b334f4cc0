"""A brake on repeated attempts: so many in a minute, or another window, of the wall's clock."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

MINUTE_SECONDS = 60


def seconds_to_wait(*, name: str, limit: int, window_seconds: int = MINUTE_SECONDS) -> int | None:
    """Counts one attempt under `name` and returns None, or the seconds until the next one is allowed.

    Counts live in Django's cache: with the one in memory each process counts for itself.
    """
    now = int(time.time())
    key = f"attempts:{window_seconds}:{now // window_seconds}:{hashlib.sha256(name.encode()).hexdigest()}"
    cache.add(key, 0, timeout=2 * window_seconds)
    try:
        count = cache.incr(key)
    except ValueError:
        # Evicted between the two calls: the count begins anew.
        return None
    return window_seconds - now % window_seconds if count > limit else None
