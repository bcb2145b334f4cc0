"""What Home Assistant says of one entity: a text, attributes, and when it was last heard of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from charging.adapters.vehicles.gateway import GatewayError

NO_ANSWERS = frozenset({"unknown", "unavailable", "none", ""})
"""States that say nothing: they never mean 'off'."""

KW_PER_UNIT = {"W": 0.001, "kW": 1.0, "MW": 1000.0}
PLUGGED = frozenset(
    {
        *("on", "true", "yes", "connected", "plugged", "plugged_in", "plugged in"),
        *("charging", "complete", "completed", "stopped", "paused", "nopower", "no_power", "starting"),
    }
)
UNPLUGGED = frozenset({"off", "false", "no", "disconnected", "unplugged", "not_connected", "not connected"})
CHARGING = frozenset({"on", "true", "yes", "charging"})
NOT_CHARGING = frozenset(
    {
        *("off", "false", "no", "not_charging", "not charging", "idle", "complete", "completed", "stopped", "paused"),
        *("nopower", "no_power", "connected", "disconnected", "unplugged", "ready", "starting"),
    }
)
"""Besides 'on' and 'off', the words of integrations that have one text for all."""


@dataclass(frozen=True, slots=True)
class EntityState:
    """One entity. `observed_at` is when it was last reported; older versions tell only when it last changed."""

    entity_id: str
    state: str
    attributes: Mapping[str, Any]
    observed_at: datetime

    @property
    def is_known(self) -> bool:
        return self.state.strip().lower() not in NO_ANSWERS

    @property
    def unit(self) -> str:
        return str(self.attributes.get("unit_of_measurement", ""))

    @property
    def device_class(self) -> str:
        return str(self.attributes.get("device_class", ""))

    @property
    def domain(self) -> str:
        return self.entity_id.partition(".")[0]

    @property
    def name(self) -> str:
        return str(self.attributes.get("friendly_name", "")) or self.entity_id


def state_of(content: Any) -> EntityState:
    """Returns the entity of an answer. Raises GatewayError for one that makes no sense."""
    try:
        attributes = content["attributes"]
        told_at = datetime.fromisoformat(content.get("last_reported") or content["last_updated"])
        if told_at.utcoffset() is None or not isinstance(attributes, dict):
            raise ValueError("an instant without a zone, or attributes that are none")
        return EntityState(str(content["entity_id"]), str(content["state"]), attributes, told_at.astimezone(UTC))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise GatewayError("The answer is no state.") from fault


def number_of(entity: EntityState) -> float | None:
    """The state as a number; None where it is none."""
    try:
        value = float(entity.state)
    except ValueError:
        return None
    return value if isfinite(value) else None


def percent_of(entity: EntityState) -> float | None:
    """The state in percent; None beyond 0 to 100, and in another unit."""
    value = number_of(entity)
    return value if value is not None and 0 <= value <= 100 and entity.unit in ("%", "") else None


def power_kw_of(entity: EntityState) -> float | None:
    """The state in kW; None in an unknown unit. What flows out of the car counts as nothing."""
    value, factor = number_of(entity), KW_PER_UNIT.get(entity.unit)
    return None if value is None or factor is None else max(value * factor, 0.0)


def word_of(entity: EntityState, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    """Whether the state is one of the words for yes or for no; None where it is neither."""
    word = entity.state.strip().lower()
    return True if word in yes else False if word in no else None


def position_of(entity: EntityState, home: EntityState | None) -> tuple[float, float] | None:
    """Latitude and longitude of a tracker; where it tells only that it is at home, those of the home."""
    for where in (entity, home if entity.state == "home" else None):
        if where is None:
            continue
        found = where.attributes.get("latitude"), where.attributes.get("longitude")
        latitude, longitude = (each if isinstance(each, int | float) else None for each in found)
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
            return float(latitude), float(longitude)
    return None
