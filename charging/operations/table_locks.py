"""Several tables of PostgreSQL locked at once, without waiting for any of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def lock_tables(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> None:
    """Keeps all others from them until the end of the transaction.

    Raises OperationalError (`lock_not_available`) where one of them is in use, and holds none then.
    """
    named = ", ".join(connection.ops.quote_name(table) for table in tables)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE NOWAIT")
