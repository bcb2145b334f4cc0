"""Locks of PostgreSQL that are waited for a short time only, by whoever changes the schema under a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

HOLDING_SECONDS = 0.25
"""How long it waits while it already holds a lock: a quarter of PostgreSQL's `deadlock_timeout`.

When a call waits for it and it for that call, this gives up before PostgreSQL picks one of the two to fail.
"""

LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"
LOCKS_NOTHING = frozenset({"SELECT", "SET", "SHOW"})
OLDEST = """
    SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::int
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    ORDER BY xact_start LIMIT 1
"""


@contextmanager
def short_locks(connection: BaseDatabaseWrapper, *, seconds: float) -> Iterator[None]:
    """Until the end of the block a statement that waits longer than that for a lock fails with `lock_not_available`."""

    def wait_less_while_holding(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        answer = execute(sql, params, many, context)
        if connection.in_atomic_block and str(sql).split(maxsplit=1)[0].upper() not in LOCKS_NOTHING:
            _set(connection, "SET LOCAL lock_timeout", min(seconds, HOLDING_SECONDS))
        return answer

    _set(connection, "SET lock_timeout", seconds)
    try:
        with connection.execute_wrapper(wait_less_while_holding):
            yield
    finally:
        # In a transaction that has failed the setting goes with it.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _set(connection: BaseDatabaseWrapper, setting: str, seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{setting} = {max(round(seconds * 1000), 1)}")


def is_lock_refused(error: DatabaseError) -> bool:
    """Whether others held a lock for too long, so that the same may succeed later."""
    return getattr(error.__cause__, "sqlstate", None) in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED}


def oldest_transaction(connection: BaseDatabaseWrapper) -> str:
    """Who may hold the lock, for an operator: no statement is named, as it may hold what is private."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        row = cursor.fetchone()
    if row is None:
        return "No other transaction is open now."
    pid, name, state, seconds = row
    return f"The oldest open transaction is of process {pid} ({name or 'unnamed'}, {state}), {seconds} s old."
