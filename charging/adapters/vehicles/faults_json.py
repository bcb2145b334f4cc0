"""Faults as JSON and back; each field is written by its type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from charging.adapters.vehicles.faults import NO_FAULTS, Faults


def to_json(faults: Faults) -> dict[str, Any] | None:
    """The faults as plain JSON values, only what is not as usual; None where everything is."""
    encoded = {
        field.name: _encode(getattr(faults, field.name))
        for field in fields(Faults)
        if getattr(faults, field.name) != field.default
    }
    return encoded or None


def from_json(stored: dict[str, Any] | None) -> Faults:
    """The faults that `to_json` stored; fields that are unknown are dropped.

    Raises KeyError, TypeError or ValueError when the data cannot be faults.
    """
    faults: Faults = _decode_value(Faults, stored) if stored else NO_FAULTS
    return faults


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, datetime | time):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


DECODERS: dict[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    time: time.fromisoformat,
    timedelta: lambda seconds: timedelta(seconds=seconds),
}


def _decode(kind: Any, stored: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in stored)
    choices = [choice for choice in get_args(kind) if choice is not NoneType] or [kind]
    return None if stored is None else _decode_value(choices[0], stored)


def _decode_value(kind: type, stored: Any) -> Any:
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], value) for name, value in stored.items() if name in hints})
    if kind in DECODERS:
        return DECODERS[kind](stored)
    return kind(stored) if issubclass(kind, StrEnum) else stored


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
