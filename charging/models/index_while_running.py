"""An index that a migration adds while others go on reading and writing the table."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AddIndexWhileRunning(AddIndexConcurrently):
    """For a migration with `atomic = False` of nothing else; it may be applied again after it was interrupted.

    PostgreSQL leaves an index behind, marked as invalid, when it could not be completed: that one is dropped.
    Other databases get a plain index.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        is_valid = _is_valid(schema_editor, self.index.name)
        if is_valid is False:
            super().database_backwards(app_label, schema_editor, to_state, from_state)
        if not is_valid:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
        elif _is_valid(schema_editor, self.index.name) is not None:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def _is_valid(schema_editor: Any, name: str) -> bool | None:
    """None where there is no index of that name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE relname = %s AND pg_table_is_visible(pg_class.oid)",
            [name],
        )
        row = cursor.fetchone()
    return None if row is None else bool(row[0])
