"""A reading from what Enode's API tells of a vehicle (API_CONTRACT 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from charging.adapters.vehicles.enode_values import instant_of, number_of, part_of, text_of, yes_or_no
from charging.adapters.vehicles.home_assistant_reading import not_ahead
from charging.core.facts import PowerDelivery, Reading

TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "chargeState": (
        *("soc_percent", "is_plugged_in", "is_charging", "is_fully_charged"),
        *("charging_power_kw", "charge_limit_percent", "battery_capacity_kwh"),
    ),
    "location": ("latitude", "longitude"),
    "odometer": ("odometer_km",),
}
"""The fields of a reading that follow from a part of the answer, by the capability that stands for the part."""


def reading_of(content: Mapping[str, Any], tells: Collection[str], now: datetime) -> Reading | None:
    """The reading that an answer gives, of the parts that this car is known to tell.

    None where nothing says how full the car is or whether it is plugged in, or when that was.
    """
    values = _charging(part_of(content, "chargeState")) | _position(content) | _driven(content)
    kept = {name for part in TOLD_BY if part in tells for name in TOLD_BY[part]}
    values = {name: value if name in kept else None for name, value in values.items()}
    if values["soc_percent"] is None and values["is_plugged_in"] is None:
        return None
    seen = _instants(content, now)
    told = {part: at for part, at in seen.items() if any(values[name] is not None for name in TOLD_BY[part])}
    if "chargeState" not in told:
        return None
    observed_at = max(told.values())
    ages = {
        name: at for part, at in told.items() if at < observed_at for name in TOLD_BY[part] if values[name] is not None
    }
    delivery = _power_delivery(part_of(content, "chargeState"))
    return Reading(
        observed_at=observed_at,
        event_id=_event_id(content, values, delivery, told),
        power_delivery=delivery,
        observed_each=ages,
        **values,
    )


def _instants(content: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    """When each part was observed; what does not say so was when the car was last seen."""
    last_seen = instant_of(content, "lastSeen")
    found = {part: instant_of(part_of(content, part), "lastUpdated") or last_seen for part in TOLD_BY}
    return {part: not_ahead(at, now) for part, at in found.items() if at is not None}


def _power_delivery(state: Mapping[str, Any]) -> PowerDelivery:
    try:
        return PowerDelivery(text_of(state, "powerDeliveryState"))
    except ValueError:
        return PowerDelivery.UNKNOWN


def _charging(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of power delivery says what two of the others leave open."""
    delivery = _power_delivery(state)
    is_known = delivery is not PowerDelivery.UNKNOWN
    is_plugged_in, is_charging = yes_or_no(state, "isPluggedIn"), yes_or_no(state, "isCharging")
    if is_plugged_in is None and is_known:
        is_plugged_in = delivery is not PowerDelivery.UNPLUGGED
    if is_charging is None and is_known:
        is_charging = delivery is PowerDelivery.CHARGING
    return {
        "soc_percent": number_of(state, "batteryLevel", 0, 100),
        "is_plugged_in": is_plugged_in,
        "is_charging": is_charging,
        "is_fully_charged": yes_or_no(state, "isFullyCharged"),
        "charging_power_kw": number_of(state, "chargeRate", 0, 500),
        "charge_limit_percent": number_of(state, "chargeLimit", 1, 100),
        "battery_capacity_kwh": number_of(state, "batteryCapacity", 1, 1000),
    }


def _position(content: Mapping[str, Any]) -> dict[str, Any]:
    where = part_of(content, "location")
    latitude, longitude = number_of(where, "latitude", -90, 90), number_of(where, "longitude", -180, 180)
    is_whole = latitude is not None and longitude is not None
    return {"latitude": latitude if is_whole else None, "longitude": longitude if is_whole else None}


def _driven(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"odometer_km": number_of(part_of(content, "odometer"), "distance", 0, 10_000_000)}


def _event_id(
    content: Mapping[str, Any], values: Mapping[str, Any], delivery: PowerDelivery, told: Mapping[str, datetime]
) -> str:
    of_parts = [f"{part}@{at.isoformat()}" for part, at in sorted(told.items())]
    of_values = [f"{name}={value}" for name, value in sorted(values.items())]
    whole = "|".join([text_of(content, "id"), delivery.value, *of_parts, *of_values])
    return f"enode:{hashlib.sha256(whole.encode()).hexdigest()[:40]}"
