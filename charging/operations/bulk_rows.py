"""Many rows in one statement: arrays on PostgreSQL, one prepared statement run for each row on SQLite."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

Columns = Mapping[str, Sequence[Any]]
"""A list of values, equally long, for each field of the model by name; JSON as text, UUIDs as hexadecimal digits."""


def update_rows(
    model: type[models.Model],
    *,
    key: str,
    columns: Columns,
    added: Columns | None = None,
    partly: Columns | None = None,
) -> int:
    """Writes `columns` into the rows whose `key` is listed there; returns how many.

    Numbers are raised by those in `added`; a None in `partly` leaves what is there.
    """
    added, partly = added or {}, partly or {}
    if not columns[key]:
        return 0
    values = {**columns, **partly, **added}
    own = {name: _column(model, name) for name in values}
    table = connection.ops.quote_name(model._meta.db_table)
    is_postgresql = connection.vendor == "postgresql"
    sets = []
    for name in values:
        given = f"given.{own[name]}" if is_postgresql else "%s"
        if name in added:
            sets.append(f"{own[name]} = kept.{own[name]} + {given}")
        elif name in partly:
            sets.append(f"{own[name]} = COALESCE({given}, kept.{own[name]})")
        elif name != key:
            sets.append(f"{own[name]} = {given}")
    # Names of the model's own columns
    update = f"UPDATE {table} AS kept SET {', '.join(sets)}"  # noqa: S608  # nosec B608
    if is_postgresql:
        given = f"unnest({_arrays(model, list(values))}) AS given ({', '.join(own.values())})"
        return _run(f"{update} FROM {given} WHERE kept.{own[key]} = given.{own[key]}", values)
    key_last = {name: column for name, column in values.items() if name != key} | {key: values[key]}
    return _run_for_each(f"{update} WHERE {own[key]} = %s", model, key_last)


def insert_rows(model: type[models.Model], *, columns: Columns) -> int:
    """Inserts rows, `columns` for every field without a default in the database; returns how many."""
    if not next(iter(columns.values())):
        return 0
    listed = ", ".join(_column(model, name) for name in columns)
    insert = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({listed})"
    if connection.vendor == "postgresql":
        return _run(f"{insert} SELECT * FROM unnest({_arrays(model, list(columns))})", columns)  # noqa: S608  # nosec B608
    return _run_for_each(f"{insert} VALUES ({', '.join(['%s'] * len(columns))})", model, columns)


def among(numbers: Collection[int]) -> RawSQL:
    """For `__in`: many numbers as one parameter, since a parameter for each takes longer than the search."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [array_literal(list(numbers))])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(numbers))])


def _column(model: type[models.Model], name: str) -> str:
    column = _field(model, name).column
    assert column is not None, "a field with a column"
    return connection.ops.quote_name(column)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), "a column of the model"
    return field


def _arrays(model: type[models.Model], names: Sequence[str]) -> str:
    return ", ".join(f"%s::{_array_type(_field(model, name))}" for name in names)


def _array_type(field: models.Field[Any, Any]) -> str:
    """The type of an array of values; text keeps its length, so that one too long is refused and not cut."""
    kind = field.cast_db_type(connection)
    assert kind is not None, "a column has a type"
    return f"{'varchar' if kind.startswith('varchar') else kind}[]"


def array_literal(values: Sequence[Any]) -> str:
    """The values as PostgreSQL writes an array: one text, since a driver takes longer for a list than the database."""
    first = next((value for value in values if value is not None), None)
    if not isinstance(first, str):
        return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
    # A character that no text may hold stands between the values while all are escaped in one go.
    joined = "\0".join("" if value is None else value for value in values)
    quoted = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    if None not in values:
        return '{"' + quoted + '"}'
    texts = quoted.split('","')
    return "{" + ",".join("NULL" if v is None else f'"{t}"' for v, t in zip(values, texts, strict=True)) + "}"


def _run(statement: str, columns: Columns) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [array_literal(values) for values in columns.values()])
        return int(cursor.rowcount)


def _run_for_each(statement: str, model: type[models.Model], columns: Columns) -> int:
    prepared = [_prepared(_field(model, name), values) for name, values in columns.items()]
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*prepared, strict=True)))
        return int(cursor.rowcount)


def _prepared(field: models.Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values as SQLite keeps them; most are as they are given, and instants often the same."""
    operations = connection.ops
    if isinstance(field, models.DateTimeField):
        known = {value: _instant(value) for value in set(values)}
        return [known[value] for value in values]
    if isinstance(field, models.DecimalField):
        digits, places = field.max_digits, field.decimal_places
        return [operations.adapt_decimalfield_value(value, digits, places) for value in values]
    return values


def _instant(value: datetime | None) -> str | None:
    """As Django writes it; in UTC, which all are that the planner makes, seven times as fast."""
    if value is not None and value.tzinfo is UTC:
        return value.replace(tzinfo=None).isoformat(" ")
    text: str | None = connection.ops.adapt_datetimefield_value(value)
    return text
