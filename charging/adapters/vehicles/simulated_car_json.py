"""A simulated car as JSON and back."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from charging.adapters.vehicles import faults_json
from charging.adapters.vehicles.faults import NO_FAULTS
from charging.adapters.vehicles.simulated_car_state import PendingCommand, SimulatedCar
from charging.core.facts import CommandKind, Hold, PowerDelivery, Reading


def to_json(car: SimulatedCar) -> dict[str, Any]:
    """The car as plain JSON values: instants as ISO 8601 strings, floats unrounded."""
    encoded: dict[str, Any] = _encode(asdict(replace(car, faults=NO_FAULTS)))
    return {**encoded, "faults": faults_json.to_json(car.faults)}


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
            "faults": faults_json.from_json(stored.get("faults")),
            "undoing": _pending(stored.get("undoing")),
            "remembered": tuple(_reading(reading) for reading in stored.get("remembered", ())),
        }
    )


def _encode(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


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


def _reading(stored: dict[str, Any]) -> Reading:
    return Reading(
        **{
            **stored,
            "observed_at": datetime.fromisoformat(stored["observed_at"]),
            "power_delivery": PowerDelivery(stored["power_delivery"]),
        }
    )
