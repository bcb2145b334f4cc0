"""Facts and decisions as plain JSON values and back, exactly, so that what was decided can be decided again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

MICROSECOND = timedelta(microseconds=1)


def to_json(value: Any) -> Any:
    """The value as dictionaries, lists, strings, numbers, booleans and None.

    Instants become ISO 8601 strings, durations whole microseconds, decimals strings, enumerations their values. Raises
    TypeError for anything that facts are not made of.
    """
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // MICROSECOND
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"facts are not made of {type(value).__name__}")


def from_json(kind: Any, stored: Any) -> Any:
    """The value of that type that `to_json` made `stored` from.

    Fields that are missing take their defaults, unknown ones are dropped. Raises TypeError, KeyError or ValueError for
    what cannot be such a value.
    """
    if get_origin(kind) in (Union, UnionType):
        return _one_of(get_args(kind), stored)
    if get_origin(kind) is tuple:
        return tuple(from_json(get_args(kind)[0], item) for item in stored)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = {name: from_json(hint, stored[name]) for name, hint in hints.items() if name in stored}
        return kind(**known)
    if kind is datetime:
        return datetime.fromisoformat(stored)
    if kind is timedelta:
        return stored * MICROSECOND
    return kind(stored) if kind is Decimal or issubclass(kind, Enum) else stored


def fingerprint(stored: Any) -> str:
    """The SHA-256 of JSON values in their canonical form: 64 hexadecimal digits."""
    canonical = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _one_of(kinds: tuple[Any, ...], stored: Any) -> Any:
    """A value of a union: None, or a decimal beside a float, which only its form tells apart."""
    if stored is None:
        return None
    some = [kind for kind in kinds if kind is not type(None)]
    if Decimal in some:
        return Decimal(stored) if isinstance(stored, str) else stored
    return from_json(some[0], stored)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
