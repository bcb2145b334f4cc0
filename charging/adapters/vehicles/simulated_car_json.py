"""A simulated car as JSON and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from charging.adapters.vehicles.simulated_car import PendingCommand, SimulatedCar
from charging.core.facts import CommandKind, Hold


def to_json(car: SimulatedCar) -> dict[str, Any]:
    """The car as plain JSON values: instants as ISO 8601 strings, floats unrounded."""
    encoded: dict[str, Any] = _encode(asdict(car))
    return encoded


def from_json(stored: dict[str, Any]) -> SimulatedCar:
    """The car that `to_json` stored. Fields that are missing get their defaults, unknown ones are dropped.

    Raises KeyError or ValueError when the data cannot be a car.
    """
    known = {field.name: stored[field.name] for field in fields(SimulatedCar) if field.name in stored}
    return SimulatedCar(
        **{
            **known,
            "at": datetime.fromisoformat(stored["at"]),
            "plugged_in_at": _instant(stored.get("plugged_in_at")),
            "last_active_at": _instant(stored.get("last_active_at")),
            "hold": _hold(stored.get("hold")),
            "pending": _pending(stored.get("pending")),
            "seen_command_ids": tuple(stored.get("seen_command_ids", ())),
        }
    )


def _encode(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)


def _hold(stored: dict[str, str] | None) -> Hold | None:
    if stored is None:
        return None
    return Hold(until=datetime.fromisoformat(stored["until"]), renew_by=datetime.fromisoformat(stored["renew_by"]))


def _pending(stored: dict[str, Any] | None) -> PendingCommand | None:
    if stored is None:
        return None
    return PendingCommand(
        kind=CommandKind(stored["kind"]),
        effect_at=datetime.fromisoformat(stored["effect_at"]),
        hold=_hold(stored["hold"]),
    )
