"""A brake on repeated attempts: so many in a minute of the wall's clock."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

WINDOW_SECONDS = 60


def seconds_to_wait(*, name: str, limit: int) -> int | None:
    """Counts one attempt under `name` and returns None, or the seconds until the next one is allowed.

    Counts live in Django's cache: with the one in memory each process counts for itself.
    """
    now = int(time.time())
    key = f"attempts:{now // WINDOW_SECONDS}:{hashlib.sha256(name.encode()).hexdigest()}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:
        # Evicted between the two calls: the count begins anew.
        return None
    return WINDOW_SECONDS - now % WINDOW_SECONDS if count > limit else None
