"""Locks of PostgreSQL that are waited for a short time only, by whoever changes the schema under a running server.

Whoever waits for a lock keeps all others waiting that come after. Whoever waits while it holds one may wait in a
circle, and after its `deadlock_timeout` of a second PostgreSQL lets one of the circle fail: it must not be a call.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from charging.operations.table_locks import lock_tables

HOLDING_SECONDS = 0.8
"""Nothing is waited for any more so long after the first lock: no call has waited for a second by then."""

AT_LEAST_SECONDS = 0.02
"""What is waited for a lock in any case."""

BETWEEN_TRIES_SECONDS = 0.03
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"
LOCKS_NO_TABLE = frozenset({"SELECT", "SET", "SHOW", "LOCK", "SAVEPOINT", "RELEASE", "ROLLBACK"})


class ShortLocks:
    """A wrapper for `connection.execute_wrapper`: what waits for a lock too long fails with `lock_not_available`.

    `begin` tells it of each transaction, with the tables that it is going to change.
    """

    def __init__(self, connection: BaseDatabaseWrapper, *, seconds: float) -> None:
        self.connection, self.seconds = connection, seconds
        self.tables: tuple[str, ...] = ()
        self.has_begun = False
        self.holds_since: float | None = None

    def begin(self, tables: tuple[str, ...] = ()) -> None:
        self.tables, self.has_begun, self.holds_since = tables, False, None
        if not self.connection.in_atomic_block:
            self._wait(self.seconds)

    def end(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    def __call__(self, go_on: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        first_word = "".join(str(sql).split(maxsplit=1)[:1]).upper()
        locks = self.connection.in_atomic_block and first_word not in LOCKS_NO_TABLE
        if locks and not self.has_begun:
            self.has_begun = True
            self._lock_together()
        if locks and self.holds_since is not None:
            left = HOLDING_SECONDS - (monotonic() - self.holds_since)
            self._wait(max(min(left, self.seconds), AT_LEAST_SECONDS), in_transaction=True)
        answer = go_on(sql, params, many, context)
        if locks and self.holds_since is None:
            self.holds_since = monotonic()
        return answer

    def _lock_together(self) -> None:
        """Takes the locks of several tables at a moment at which all are free, so that it waits while it holds none.

        Where there is no such moment it goes on without, and takes one after the other.
        """
        if len(self.tables) < 2:
            return
        end = monotonic() + self.seconds
        while monotonic() < end:
            try:
                lock_tables(self.connection, self.tables)
            except OperationalError as error:
                if not is_lock_refused(error):
                    raise
                sleep(BETWEEN_TRIES_SECONDS)
            else:
                self.holds_since = monotonic()
                return

    def _wait(self, seconds: float, *, in_transaction: bool = False) -> None:
        """From now on, or until the transaction ends, so long for each lock."""
        milliseconds = str(max(round(seconds * 1000), 1))
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, %s)", [milliseconds, in_transaction])


def is_lock_refused(error: DatabaseError) -> bool:
    """Whether others held a lock for too long, so that the same may succeed later."""
    return getattr(error.__cause__, "sqlstate", None) in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED}


def oldest_transaction(connection: BaseDatabaseWrapper) -> str:
    """Who may hold the lock, for an operator: no statement is named, as it may hold what is private."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::int
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
            ORDER BY xact_start LIMIT 1
        """)
        row = cursor.fetchone()
    if row is None:
        return "No other transaction is open now."
    pid, name, state, seconds = row
    return f"The oldest open transaction is of process {pid} ({name or 'unnamed'}, {state}), {seconds} s old."
