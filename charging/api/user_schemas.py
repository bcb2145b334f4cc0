"""What the API answers and takes about users and the cars that are added for them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.schemas import Pagination
from charging.api.wire import ANSWER, BODY, Instant, Vendor, limits
from charging.operations.issues import Issue


class UserEntry(BaseModel):
    """A user in a list."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.USER_ENTRY]}}

    id: str
    created_at: Instant
    scopes: list[str] = Field(description="What the client may do with the user's cars.")


class UserPage(BaseModel):
    data: list[UserEntry]
    pagination: Pagination


class LinkedVendor(BaseModel):
    model_config = ANSWER

    vendor: Vendor
    vendor_type: Literal["vehicle"]
    is_valid: bool = Field(description="False: access is gone, and the user has to link again.")


class User(BaseModel):
    """A user with the makes of their cars."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.USER]}}

    id: str
    linked_vendors: list[LinkedVendor]


class NewVehicle(BaseModel):
    """A car that the app adds by itself."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.NEW_VEHICLE]}}

    type: Literal["push", "simulator"] = Field(
        description="`push`: you send its readings and carry out its commands. `simulator`: it is simulated here."
    )
    vendor: Vendor = Field(description="A simulated car is none of HYUNDAI, KIA, MERCEDES.")
    battery_capacity_kwh: float = Field(
        description="Usable kWh, 1 to 1000.", json_schema_extra=limits(minimum=1, maximum=1000)
    )
    max_charging_power_kw: float = Field(
        description="0.5 to 500 kW.", json_schema_extra=limits(minimum=0.5, maximum=500)
    )
    display_name: str = Field("", description="At most 100 characters.", json_schema_extra=limits(maxLength=100))
    charge_limit: float = Field(
        100,
        description="Percent at which the car itself stops, 50 to 100.",
        json_schema_extra=limits(minimum=50, maximum=100),
    )
    vin: str = Field(
        "",
        description="At most 17 characters; tells the same car of two users apart from two cars.",
        json_schema_extra=limits(maxLength=17),
    )
    battery_level: float = Field(
        50, description="Percent; of a simulated car only.", json_schema_extra=limits(minimum=0, maximum=100)
    )

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)
