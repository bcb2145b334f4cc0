"""What the API answers and takes about starting and stopping a car."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.schemas import SmartOverride
from charging.api.wire import ANSWER, BODY, Instant, Vendor
from charging.operations.issues import Issue

FailureName = Literal[
    "NO_RESPONSE", "FAILED_PRECONDITION", "CONFLICT", "REQUESTED_CANCELLATION", "UNNECESSARY", "NOT_FOUND"
]


class FailureReason(BaseModel):
    type: FailureName
    detail: str = Field(description="For people.")


class ChargeAction(BaseModel):
    """A START or STOP. Only what the car says of itself makes it CONFIRMED."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.CHARGE_ACTION]}}

    id: str
    user_id: str
    created_at: Instant
    updated_at: Instant
    completed_at: Instant | None = Field(description="When it was no longer PENDING.")
    state: Literal["PENDING", "CONFIRMED", "FAILED", "CANCELLED"]
    target_id: str
    target_type: Literal["vehicle"]
    kind: Literal["START", "STOP"]
    failure_reason: FailureReason | None


class ChargingBody(BaseModel):
    """Start or stop."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"action": "START"}]}}

    action: Literal["START", "STOP"]

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class MaxCurrentBody(BaseModel):
    """The current that a car may draw."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"maxCurrent": 16}]}}

    max_current: float = Field(gt=0, le=1000, description="Ampere.")

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class StartedOverride(SmartOverride):
    """Charge now, as the calls that begin and end it answer."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.OVERRIDE]}}

    user_id: str
    vendor: Vendor
