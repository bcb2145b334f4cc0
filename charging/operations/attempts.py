"""A brake on repeated attempts: so many in a minute, or another window, of the wall's clock."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime

from django.core.cache import cache
from django.db import connection, transaction

from charging.models import AttemptCount

MINUTE_SECONDS = 60
SHARE = 20
"""A process takes this part of what is left for itself at a time: few writes at first, exact at the end."""


def seconds_to_wait(
    *, name: str, limit: int, window_seconds: int = MINUTE_SECONDS, is_shared: bool = True
) -> int | None:
    """Counts one attempt under `name` and returns None, or the seconds until the next one is allowed.

    All processes together allow `limit`: each takes some from the database at a time and counts in Django's cache how
    many of its own are left. On SQLite, where one process serves all, and when not shared, the cache alone counts.
    """
    now = int(time.time())
    window = now // window_seconds
    checksum = hashlib.sha256(f"{window_seconds} {name}".encode()).hexdigest()
    key = f"attempts:{window}:{limit}:{checksum}"
    if cache.get(f"{key}:over"):
        return window_seconds - now % window_seconds
    is_alone = not is_shared or connection.vendor == "sqlite"
    cache.add(key, limit if is_alone else 0, timeout=2 * window_seconds)
    try:
        is_allowed = cache.decr(key) >= 0
        if not is_allowed and not is_alone:
            taken = _take(checksum, limit, datetime.fromtimestamp((window + 1) * window_seconds, UTC))
            cache.incr(key, taken)
            is_allowed = taken > 0
    except ValueError:
        # Evicted between the two calls: the count begins anew.
        return None
    if is_allowed:
        return None
    cache.set(f"{key}:over", True, timeout=window_seconds - now % window_seconds)
    return window_seconds - now % window_seconds


@transaction.atomic
def _take(checksum: str, limit: int, ends_at: datetime) -> int:
    """Takes a part of what is left of the window for this process. Returns how many attempts, 0 when none is left."""
    rows = AttemptCount.objects.select_for_update()
    row, _was_created = rows.get_or_create(checksum=checksum, defaults={"ends_at": ends_at})
    if row.ends_at != ends_at:
        row.ends_at, row.count = ends_at, 0
    left = max(0, limit - row.count)
    taken = min(left, max(1, left // SHARE))
    if taken:
        row.count += taken
        row.save(update_fields=["ends_at", "count"])
    return taken


def forget_old_attempts(*, at_wall: datetime) -> int:
    """Deletes counts whose window is over. Returns how many."""
    count, _by_model = AttemptCount.objects.filter(ends_at__lt=at_wall).delete()
    return count
