"""What the API takes and answers about cars that an app reads and commands, and about simulated ones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.schemas import ProblemIssue
from charging.api.wire import ANSWER, BODY, Instant, SentInstant, limits
from charging.core.facts import PowerDelivery
from charging.operations.issues import Issue

SPEEDS = (1, 60, 600)
Percent = Annotated[float, Field(ge=0, le=100)]
DeliveryName = Literal[
    "UNKNOWN",
    "UNPLUGGED",
    "PLUGGED_IN:INITIALIZING",
    "PLUGGED_IN:CHARGING",
    "PLUGGED_IN:STOPPED",
    "PLUGGED_IN:COMPLETE",
    "PLUGGED_IN:NO_POWER",
    "PLUGGED_IN:FAULT",
    "PLUGGED_IN:DISCHARGING",
]


class ReadingBody(BaseModel):
    """What a car said at an instant. What is left out or null is not known."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.READING]}}

    observed_at: SentInstant = Field(description="When the car was seen so, with its offset from UTC.")
    id: Annotated[str, Field(min_length=1, max_length=90)] | None = Field(
        None, description="Your own id: what comes twice counts once. Left out: what says the same counts once."
    )
    battery_level: Percent | None = Field(None, description="Percent.")
    is_plugged_in: bool | None = None
    is_charging: bool | None = None
    is_fully_charged: bool | None = None
    charge_rate: Annotated[float, Field(ge=0, le=500)] | None = Field(None, description="kW.")
    charge_limit: Percent | None = Field(None, description="Percent at which the car itself stops.")
    power_delivery_state: DeliveryName = Field(
        PowerDelivery.UNKNOWN.value, description="Left out: what follows from the rest."
    )
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    odometer: Annotated[float, Field(ge=0, le=10_000_000)] | None = Field(None, description="Kilometers.")

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class BatchReading(ReadingBody):
    """A reading of one of your cars."""

    vehicle_id: str


class ReadingResult(BaseModel):
    """What became of a reading. SET_ASIDE: it claims to be of the future."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.READING_RESULT]}}

    status: Literal["ACCEPTED", "DUPLICATE", "SET_ASIDE", "REJECTED"]
    issues: list[ProblemIssue] = Field(description="What is wrong with one that was REJECTED.")


class OpenCommand(BaseModel):
    """What the car is to do now."""

    model_config = ANSWER

    id: str = Field(description="The same however often it is listed: carry it out once.")
    kind: Literal["START", "STOP"]
    created_at: Instant


class Lease(BaseModel):
    """A car that is stopped starts by itself at `until`, and at `renew_by` when you could not fetch this before."""

    model_config = ANSWER

    until: Instant
    renew_by: Instant


class Commands(BaseModel):
    """What the app has to do with the car."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.COMMANDS]}}

    commands: list[OpenCommand] = Field(description="Oldest first; usually one or none.")
    hold: Lease | None = Field(description="Until when the car stays stopped; null: nothing holds it.")


class SimulatorBody(BaseModel):
    """What happens to a simulated car. Each action takes the keys that its description names."""

    model_config = BODY | {
        "json_schema_extra": {"examples": [{"action": "moveTo", "locationId": examples.LOCATION_ID}]}
    }

    action: Literal["plugIn", "unplug", "moveTo", "setBatteryLevel", "setSpeed", "fault"]
    location_id: str | None = Field(None, description="Of `moveTo`: one of the user's places.")
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(None, description="Of `moveTo`, with longitude.")
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(None, description="Of `moveTo`, with latitude.")
    battery_level: Percent | None = Field(None, description="Of `setBatteryLevel`: percent.")
    speed: int | None = Field(
        None,
        description="Of `setSpeed`: 1, 60 or 600, of the user's clock.",
        json_schema_extra=limits(enum=[*SPEEDS, None]),
    )
    fault: str | None = Field(None, description="Of `fault`: its name; null takes the fault away.")

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)
