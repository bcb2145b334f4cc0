"""What empties the database after a test with transactions of its own, and leaves what every database has anyway."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper

KEPT = frozenset({"django_content_type", "auth_permission"})
"""Written with the tables, from the models alone, and changed by no test: to write them again takes hundreds of
questions."""
AUDIT = import_module("charging.migrations.0031_audit_events")

flush_on_sqlite = SqliteWrapper.ops_class.sql_flush


def empty_cheaply() -> None:
    """From now on this process empties its database like that."""
    DatabaseOperations.sql_flush = delete_rows  # type: ignore[method-assign, assignment]
    SqliteWrapper.ops_class.sql_flush = delete_rows_on_sqlite  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = write_price_areas  # type: ignore[attr-defined]


def not_kept(tables: Sequence[str]) -> list[str]:
    return [table for table in tables if table not in KEPT]


def delete_rows(self: DatabaseOperations, _style: Any, tables: Any, **_how: bool) -> list[str]:
    """Little is in the tables, and to truncate makes every file of theirs anew."""
    if not tables:
        return []
    emptied = [f"DELETE FROM {self.quote_name(table)}" for table in not_kept(tables)]
    switch = "ALTER TABLE charging_auditevent {} TRIGGER USER"
    return ["; ".join([switch.format("DISABLE"), *emptied, switch.format("ENABLE")])]


def delete_rows_on_sqlite(self: Any, style: Any, tables: Any, **how: Any) -> list[str]:
    """The same there, where a trigger cannot rest."""
    emptied = flush_on_sqlite(self, style, not_kept(tables), **how)
    return [*AUDIT.LET_GO["sqlite"], *emptied, *AUDIT.KEEP["sqlite"]]


def write_price_areas(*_: object, **__: object) -> None:
    """What migrations wrote is there for the next test."""
    from charging.operations.prices import ensure_price_areas  # noqa: PLC0415 - needs the apps

    ensure_price_areas()
