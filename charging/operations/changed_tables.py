"""Which tables a migration locks: those it changes, and those that what it adds points to."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.models import Field


def changed_tables(migration: Migration, connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The names of those that are there, in order. Of what is written in SQL or Python nothing is known."""
    named = {name for operation in migration.operations for name in _models(operation)}
    labels = {name if "." in name else f"{migration.app_label}.{name}" for name in named}
    tables = {label.replace(".", "_").lower() for label in labels}
    return tuple(sorted(tables & set(connection.introspection.table_names())))


def _models(operation: Operation) -> set[str]:
    fields = [getattr(operation, "field", None), *(field for _, field in getattr(operation, "fields", None) or ())]
    return {getattr(operation, "model_name", "")} | {_points_to(field) for field in fields} - {""}


def _points_to(field: Field[object, object] | None) -> str:
    model = getattr(getattr(field, "remote_field", None), "model", "")
    return model if isinstance(model, str) else str(model._meta.label)
