"""What the API answers. A key is always there; one that is not known is null."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from charging.api import examples
from charging.api.wire import ANSWER, EndedStateName, Instant, StateName, Vendor
from charging.core.facts import FailureCondition, PowerDelivery

PowerDeliveryState = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [value.value for value in PowerDelivery]})
]
FailureConditionName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [value.value for value in FailureCondition]})
]


class ProblemIssue(BaseModel):
    """One fault: `path` is where it is in the body, empty for the whole."""

    code: str
    path: str
    message: str


class Problem(BaseModel):
    """The body of every error."""

    model_config = {"json_schema_extra": {"examples": [examples.PROBLEM]}}

    type: str = Field(description="Names the kind of problem.")
    title: str
    detail: str
    issues: list[ProblemIssue] | None = Field(None, description="What is wrong, one entry for each fault.")


class Pagination(BaseModel):
    """Cursors of the neighboring pages, null where there is none."""

    after: str | None
    before: str | None


class Information(BaseModel):
    model_config = ANSWER

    vin: str | None
    brand: str | None
    model: str | None
    year: int | None
    display_name: str | None


class ChargeState(BaseModel):
    model_config = ANSWER

    battery_level: float | None = Field(description="Percent left.")
    range: float | None = Field(description="Kilometers left, estimated.")
    is_plugged_in: bool | None
    is_charging: bool | None
    is_fully_charged: bool | None = Field(description="At the charge limit, which may be below 100.")
    battery_capacity: float | None = Field(description="Usable kWh.")
    charge_limit: float | None = Field(description="Percent; null: not reported, taken as 100.")
    charge_rate: float | None = Field(description="kW, null unless charging.")
    charge_time_remaining: float | None = Field(description="Minutes, null unless charging.")
    last_updated: Instant | None
    max_current: float | None = Field(description="Ampere the car may draw.")
    power_delivery_state: PowerDeliveryState
    plugged_in_charger_id: str | None


class Policy(BaseModel):
    """What the driver wants. The deadline is read in the time zone of the place where the car charges."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.POLICY]}}

    is_enabled: bool
    deadline: str | None = Field(description="HH:MM, every day.")
    minimum_charge_limit: float = Field(description="Percent; below it the car charges at once, whatever the price.")


class Odometer(BaseModel):
    model_config = ANSWER

    distance: float | None = Field(description="Kilometers.")
    last_updated: Instant | None


class Capability(BaseModel):
    model_config = ANSWER

    is_capable: bool
    intervention_ids: list[str]


class Capabilities(BaseModel):
    model_config = ANSWER

    information: Capability
    charge_state: Capability
    location: Capability
    odometer: Capability
    set_max_current: Capability
    start_charging: Capability
    stop_charging: Capability
    smart_charging: Capability


class Position(BaseModel):
    model_config = ANSWER

    longitude: float | None
    latitude: float | None
    last_updated: Instant | None
    id: str | None = Field(description="The charging location the car stands at.")


class Vehicle(BaseModel):
    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.VEHICLE]}}

    id: str
    user_id: str
    vendor: Vendor
    last_seen: Instant = Field(description="The last live data, or when the car was linked.")
    is_reachable: bool | None = Field(description="Whether live data can be had now.")
    information: Information
    charge_state: ChargeState
    smart_charging_policy: Policy
    odometer: Odometer
    capabilities: Capabilities
    scopes: list[str]
    location: Position
    is_simulated: bool = Field(description="Readyby's own: whether this is a simulated car.")


class VehiclePage(BaseModel):
    data: list[Vehicle]
    pagination: Pagination


class Consideration(BaseModel):
    """The conditions for a plan; those after the first four are Readyby's own."""

    model_config = ANSWER

    is_plugged_in: bool
    is_charging: bool
    at_charging_location: bool
    has_time_estimate: bool
    is_smart_charge_capable: bool
    needs_significant_charge: bool
    has_charge_above_threshold: bool
    single_user: bool
    wont_stop_existing_charging_session: bool
    likely_to_generate_savings: bool


class PlanWindow(BaseModel):
    """A period of charging."""

    model_config = ANSWER

    start_at: Instant
    stop_at: Instant
    energy_kwh: float
    cost: float


class Plan(BaseModel):
    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.PLAN]}}

    id: str
    vehicle_id: str
    user_id: str
    location_id: str | None
    vendor: Vendor
    currency: str = Field(description="ISO 4217.")
    non_smart_cost: float = Field(description="What it would have cost to charge straight on from plugging in.")
    smart_cost: float | None = Field(description="What the plan costs; null while not all prices are known.")
    stop_at: Instant = Field(description="The next stop; the last one where none is left.")
    start_at: Instant | None = Field(description="The next start; null while prices are awaited.")
    estimated_finish_at: Instant
    stop_confirmed_at: Instant | None
    start_confirmed_at: Instant | None
    ended_at: Instant | None
    final_state: EndedStateName | None
    failure_condition: FailureConditionName | None
    windows: list[PlanWindow]
    reserve_minutes: int = Field(description="Time kept free before the deadline.")
    reason: str = Field(description="Why the plan looks so, in one sentence.")
    created_at: Instant
    deadline_at: Instant
    prices_recorded_on: list[date] = Field(description="Not empty: sample prices, recorded on these days.")


class PlanPage(BaseModel):
    data: list[Plan]
    pagination: Pagination


class SmartOverride(BaseModel):
    """Charge now, whatever the plan says."""

    model_config = ANSWER

    created_at: Instant
    ended_at: Instant | None
    target_type: Literal["vehicle", "charger"]
    target_id: str
    vendor_action_id: str | None


class Status(BaseModel):
    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.STATUS]}}

    updated_at: Instant = Field(description="The last evaluation, whether it changed anything or not.")
    vehicle_id: str
    user_id: str
    vendor: Vendor
    state: StateName
    state_changed_at: Instant
    consideration: Consideration | None = Field(description="Null outside CONSIDERING.")
    plan: Plan | None = Field(description="There in every PLAN state.")
    smart_override: SmartOverride | None = Field(description="The latest one of this plug-in.")
    paused_until: Instant | None = Field(description="Readyby's own: smart charging comes back then.")


class Location(BaseModel):
    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.LOCATION]}}

    id: str
    user_id: str
    name: str
    latitude: float
    longitude: float
    timezone_name: str
    radius_meters: int = Field(description="The car is at the place within this distance.")
    price_area: str | None = Field(description="Null: not known.")


class LocationPage(BaseModel):
    data: list[Location]
    pagination: Pagination
