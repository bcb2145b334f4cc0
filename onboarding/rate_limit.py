"""How often one address may ask for something that costs rows in the database."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

WINDOW_SECONDS = 3600
MOST_GUESTS = 20


def is_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Counts this request and returns whether the address asked more than `most` times within an hour."""
    key = f"rate:{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key)) > most
    except ValueError:
        # The count ran out between the two calls.
        cache.set(key, 1, WINDOW_SECONDS)
        return False
