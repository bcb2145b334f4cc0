"""A vehicle and its policy, as the API shows them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from charging.api import schemas
from charging.core.energy import charging_time
from charging.core.facts import PowerDelivery, Thresholds
from charging.models import Policy, Vehicle, VehicleView

LINK_AGAIN = "link-again"
"""The intervention that brings back a car whose access was given up."""

SCOPES = ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"]


def vehicle_answer(vehicle: Vehicle, now: datetime) -> schemas.Vehicle:
    """Returns the vehicle; asks for no row when it was loaded `with_everything_shown`."""
    view: VehicleView | None = getattr(vehicle, "view", None)
    view = view or VehicleView(vehicle=vehicle)
    observed_at = view.observed_at
    return schemas.Vehicle(
        id=str(vehicle.public_id),
        user_id=vehicle.driver.external_id,
        vendor=vehicle.vendor,
        last_seen=observed_at or vehicle.linked_at,
        is_reachable=None if observed_at is None else now - observed_at <= Thresholds().silence,
        information=schemas.Information(
            vin=vehicle.vin or None,
            brand=vehicle.brand or None,
            model=vehicle.model or None,
            year=vehicle.year,
            display_name=vehicle.display_name or None,
        ),
        charge_state=_charge_state(vehicle, view),
        smart_charging_policy=policy_answer(vehicle),
        odometer=schemas.Odometer(
            distance=view.odometer_km, last_updated=None if view.odometer_km is None else observed_at
        ),
        capabilities=_capabilities(vehicle),
        scopes=SCOPES,
        location=schemas.Position(
            longitude=view.longitude,
            latitude=view.latitude,
            last_updated=view.position_observed_at,
            id=str(view.location.public_id) if view.location is not None else None,
        ),
        is_simulated=vehicle.is_simulated,
    )


def last_known(vehicle: Vehicle, now: datetime) -> dict[str, Any]:
    """Returns the vehicle in the form of the wire, for receivers that are told of it when it is gone."""
    return vehicle_answer(vehicle, now).model_dump(mode="json", by_alias=True)


def policy_answer(vehicle: Vehicle) -> schemas.Policy:
    """Returns the policy of the vehicle; until one is made, smart charging is off."""
    policy: Policy | None = getattr(vehicle, "policy", None)
    if policy is None:
        return schemas.Policy(is_enabled=False, deadline=None, minimum_charge_limit=0)
    return schemas.Policy(
        is_enabled=policy.is_enabled,
        deadline=policy.deadline.strftime("%H:%M") if policy.deadline is not None else None,
        minimum_charge_limit=policy.minimum_charge_limit,
    )


def _charge_state(vehicle: Vehicle, view: VehicleView) -> schemas.ChargeState:
    is_charging = view.is_charging is True
    return schemas.ChargeState(
        battery_level=view.soc_percent,
        range=None,
        is_plugged_in=view.is_plugged_in,
        is_charging=view.is_charging,
        is_fully_charged=view.is_fully_charged,
        battery_capacity=vehicle.battery_capacity_kwh,
        charge_limit=view.charge_limit_percent,
        charge_rate=view.charging_power_kw if is_charging else None,
        charge_time_remaining=_minutes_remaining(vehicle, view) if is_charging else None,
        last_updated=view.observed_at,
        max_current=None,
        power_delivery_state=PowerDelivery(view.power_delivery).value,
        plugged_in_charger_id=None,
    )


def _minutes_remaining(vehicle: Vehicle, view: VehicleView) -> float | None:
    """Whole minutes of charging up to the car's limit, at the power that was seen, taper included."""
    power_kw = view.observed_power_kw or vehicle.max_power_kw
    if view.soc_percent is None:
        return None
    limit = 100.0 if view.charge_limit_percent is None else view.charge_limit_percent
    left = charging_time(view.soc_percent, limit, vehicle.battery_capacity_kwh, power_kw)
    return float(math.ceil(left / timedelta(minutes=1)))


def _capabilities(vehicle: Vehicle) -> schemas.Capabilities:
    always = schemas.Capability(is_capable=True, intervention_ids=[])
    never = schemas.Capability(is_capable=False, intervention_ids=[])
    blocked = schemas.Capability(is_capable=False, intervention_ids=[LINK_AGAIN])
    lost = never if vehicle.driver.unauthorized_at is None else blocked
    while_in_control = always if vehicle.is_capable else lost
    return schemas.Capabilities(
        information=always,
        charge_state=always,
        location=always,
        odometer=never if vehicle.is_simulated else always,
        set_max_current=never,
        start_charging=while_in_control,
        stop_charging=while_in_control,
        smart_charging=while_in_control,
    )
