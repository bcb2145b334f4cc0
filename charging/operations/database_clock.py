"""The clock of the database beside that of this host: all hosts share it, and nobody knows which of the two is right.

A car must not be started too late, so where they disagree this process goes by the later one: a car then starts too
early at worst, which costs money and no morning. What disagrees by half a day is followed by nobody; it is only told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection

from charging.operations.clocks import go_ahead_of_host

log = structlog.get_logger(__name__)

MOST_OFFSET = timedelta(seconds=5)
"""Clocks that somebody keeps are nearer to each other."""
MOST_FOLLOWED = timedelta(hours=12)
MOST_ASKING_SECONDS = 1.0
"""An answer that took longer says too little of the present."""


def follow_later_clock() -> timedelta | None:
    """Measures the clocks, and from now on shows the later one as the present where they disagree; tells the log.

    Returns the database's clock minus the host's; None where that is not known. Raises DatabaseError.
    """
    offset = measured_offset()
    if offset is None:
        return None
    is_followed = MOST_OFFSET < offset <= MOST_FOLLOWED
    go_ahead_of_host(offset if is_followed else timedelta(0))
    if abs(offset) > MOST_OFFSET:
        seconds = round(offset.total_seconds(), 1)
        log.error("this host and the database disagree about the time", database_is_ahead_seconds=seconds)
    return offset


def measured_offset() -> timedelta | None:
    """Returns the database's clock minus the host's; None where the clock is a made one, or the answer took too long.

    Raises DatabaseError.
    """
    if settings.READYBY_NOW is not None:
        return None
    before, began = datetime.now(UTC), monotonic()
    at = database_now()
    took = monotonic() - began
    if took > MOST_ASKING_SECONDS:
        return None
    return at - (before + timedelta(seconds=took / 2))


def database_now() -> datetime:
    """Returns what the database's clock shows; with SQLite that is the host's. Raises DatabaseError."""
    if connection.vendor == "sqlite":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    return at.astimezone(UTC)  # type: ignore[no-any-return]
