"""What is deleted must not lie on in free pages of the database's files."""

from __future__ import annotations

import structlog
from django.db import OperationalError, connection

log = structlog.get_logger(__name__)


def wipe_storage() -> bool:
    """Rewrites an SQLite database without its free pages and empties its journal. Returns whether both were possible.

    Not inside a transaction, and not while somebody else writes; the journal is emptied every hour too. Deleted text is
    overwritten in any case (secure_delete). On PostgreSQL that is the work of its vacuum.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    except OperationalError:
        log.warning("database not rewritten after an erasure: somebody else was writing")
        return False
    return empty_journal()


def empty_journal() -> bool:
    """Moves what stands in SQLite's write-ahead log into the database and cuts the log off. Returns whether it is."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not is_busy
