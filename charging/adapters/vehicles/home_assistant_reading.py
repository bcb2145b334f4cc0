"""A reading from the states of a car's entities."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from charging.adapters.vehicles.home_assistant_states import (
    CHARGING,
    NOT_CHARGING,
    PLUGGED,
    UNPLUGGED,
    EntityState,
    percent_of,
    position_of,
    power_kw_of,
    word_of,
)
from charging.core.facts import PowerDelivery, Reading

CHARGES_FROM_KW = 0.2
"""Less is what a car draws to keep itself awake."""

FULL_WITHIN_PERCENT = 0.5
ZONE = "zone"
"""Chosen instead of a tracker, it says that the car is there whenever it is plugged in."""

CLOCKS_DIFFER_BY = timedelta(minutes=5)
TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "level": ("soc_percent", "is_fully_charged"),
    "plug": ("is_plugged_in",),
    "charging": ("is_charging",),
    "power": ("charging_power_kw", "is_charging"),
    "limit": ("charge_limit_percent",),
    "position": ("latitude", "longitude"),
    "switch": ("is_charging",),
}
"""The fields of a reading that follow from an entity, by what it is used for."""


def reading_of(
    known: Mapping[str, EntityState], home: EntityState | None, now: datetime, origin: str = "home-assistant"
) -> Reading | None:
    """The reading that the known states give, by what they are used for; `origin` begins its event id.

    None where nothing says how full the car is or whether it is plugged in.
    """
    values = _values(known, home)
    if values["soc_percent"] is None and values["is_plugged_in"] is None:
        return None
    # A zone is where it is: it says nothing of when.
    seen = {role: state for role, state in known.items() if state.domain != ZONE}
    instants = {role: not_ahead(state.observed_at, now) for role, state in seen.items()}
    observed_at = max(instants.values())
    ages = {
        name: at
        for role, at in instants.items()
        for name in TOLD_BY[role]
        if at < observed_at and values[name] is not None and _tells(name, known) == role
    }
    return Reading(
        observed_at=observed_at,
        event_id=_event_id(known, origin),
        power_delivery=_power_delivery(values),
        observed_each=ages,
        **values,
    )


def _values(known: Mapping[str, EntityState], home: EntityState | None) -> dict[str, Any]:
    def of(role: str, tell: Any) -> Any:
        return tell(known[role]) if role in known else None

    power_kw = of("power", power_kw_of)
    is_plugged_in = of("plug", lambda state: word_of(state, PLUGGED, UNPLUGGED))
    is_charging = of("charging", lambda state: word_of(state, CHARGING, NOT_CHARGING))
    if is_charging is None and power_kw is not None:
        is_charging = power_kw >= CHARGES_FROM_KW
    is_plugged_in = True if is_charging and is_plugged_in is None else is_plugged_in
    level, limit = of("level", percent_of), of("limit", percent_of)
    is_full = None if level is None else level >= (100.0 if limit is None else limit) - FULL_WITHIN_PERCENT
    if is_charging is None:
        is_charging = _by_switch(
            of("switch", lambda state: word_of(state, CHARGING, NOT_CHARGING)), is_plugged_in, is_full
        )
    is_charging = is_charging and is_plugged_in is not False
    position = of("position", lambda state: position_of(state, home))
    if "position" in known and known["position"].domain == ZONE and not is_plugged_in:
        position = None
    return {
        "soc_percent": level,
        "is_plugged_in": is_plugged_in,
        "is_charging": is_charging,
        "is_fully_charged": is_full and not is_charging,
        "charging_power_kw": power_kw,
        "charge_limit_percent": limit,
        "latitude": None if position is None else position[0],
        "longitude": None if position is None else position[1],
    }


def _by_switch(is_on: bool | None, is_plugged_in: bool | None, is_full: bool | None) -> bool | None:
    """Whether a car charges of which only the switch tells: one that is on lets it, with a cable, up to its limit."""
    if not is_on:
        return is_on
    return None if is_plugged_in is None else is_plugged_in and not is_full


def _tells(name: str, known: Mapping[str, EntityState]) -> str:
    """Of several entities that can tell a value, the one that did."""
    return next(
        role
        for role in ("level", "plug", "charging", "power", "limit", "position", "switch")
        if role in known and name in TOLD_BY[role]
    )


def _power_delivery(values: Mapping[str, Any]) -> PowerDelivery:
    if values["is_charging"]:
        return PowerDelivery.CHARGING
    if values["is_plugged_in"] is None:
        return PowerDelivery.UNKNOWN
    if not values["is_plugged_in"]:
        return PowerDelivery.UNPLUGGED
    return PowerDelivery.COMPLETE if values["is_fully_charged"] else PowerDelivery.STOPPED


def not_ahead(at: datetime, now: datetime) -> datetime:
    """A clock that is a little ahead is taken for ours; what is of the far future stays so, and is set aside."""
    return now if now < at <= now + CLOCKS_DIFFER_BY else at


def _event_id(known: Mapping[str, EntityState], origin: str) -> str:
    told = "|".join(f"{state.entity_id}={state.state}@{state.observed_at.isoformat()}" for state in known.values())
    return f"{origin}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
