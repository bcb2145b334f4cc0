"""Many rows in one statement: arrays on PostgreSQL, one prepared statement run for each row on SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

Columns = Mapping[str, Sequence[Any]]
"""A list of values, equally long, for each field of the model by name."""


def update_rows(model: type[models.Model], *, key: str, columns: Columns, added: Columns | None = None) -> int:
    """Writes `columns` into the rows whose `key` is listed there, and raises numbers by `added`; returns how many."""
    added = added or {}
    if not columns[key]:
        return 0
    names = [*columns, *added]
    values = [*columns.values(), *added.values()]
    own = {name: _column(model, name) for name in names}
    table = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor != "postgresql":
        sets = [f"{own[name]} = %s" for name in columns if name != key]
        sets += [f"{own[name]} = {own[name]} + %s" for name in added]
        order = [name for name in names if name != key] + [key]
        rows = zip(*(values[names.index(name)] for name in order), strict=True)
        return _run_for_each(f"UPDATE {table} SET {', '.join(sets)} WHERE {own[key]} = %s", rows)  # noqa: S608
    sets = [f"{own[name]} = given.{own[name]}" for name in columns if name != key]
    sets += [f"{own[name]} = kept.{own[name]} + given.{own[name]}" for name in added]
    given = f"unnest({_arrays(model, names)}) AS given ({', '.join(own.values())})"
    where = f"kept.{own[key]} = given.{own[key]}"
    return _run(f"UPDATE {table} AS kept SET {', '.join(sets)} FROM {given} WHERE {where}", values)  # noqa: S608


def insert_rows(model: type[models.Model], *, columns: Columns) -> int:
    """Inserts rows, `columns` for every field without a default in the database; returns how many."""
    names = list(columns)
    if not columns[names[0]]:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    listed = ", ".join(_column(model, name) for name in names)
    if connection.vendor != "postgresql":
        marks = ", ".join(["%s"] * len(names))
        rows = zip(*columns.values(), strict=True)
        return _run_for_each(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)  # noqa: S608
    arrays = _arrays(model, names)
    return _run(f"INSERT INTO {table} ({listed}) SELECT * FROM unnest({arrays})", list(columns.values()))  # noqa: S608


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(_field(model, name).column)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), "a column of the model"
    return field


def _arrays(model: type[models.Model], names: Sequence[str]) -> str:
    return ", ".join(f"%s::{_array_type(_field(model, name))}" for name in names)


def _array_type(field: models.Field[Any, Any]) -> str:
    """The type of an array of values; text keeps its length, so that one too long is refused and not cut."""
    kind = field.rel_db_type(connection) if field.primary_key else field.cast_db_type(connection)
    assert kind is not None, "a column has a type"
    return f"{'varchar' if kind.startswith('varchar') else kind}[]"


def _run(statement: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _run_for_each(statement: str, rows: Any) -> int:
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
        return int(cursor.rowcount)
