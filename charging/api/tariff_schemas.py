"""What the API answers and takes about tariffs."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.wire import ANSWER, BODY
from charging.operations.issues import Issue

COST_PATTERN = r"^-?[0-9]{1,12}([.][0-9]{1,12})?$"
HOUR_MINUTE = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
HOUR_MINUTE_OR_END = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
Weekday = Annotated[int, Field(ge=0, le=6)]


class Rate(BaseModel):
    """One rate of a tariff."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.RATE]}}

    name: str = Field(min_length=1, max_length=100, description="Unique within the tariff.")
    cost: str = Field(pattern=COST_PATTERN, description="Decimal number per kWh, -1000 to 1000, all included.")


class Interval(BaseModel):
    """When a rate holds, in the time zone of the place. One that ends before it begins runs over midnight."""

    model_config = BODY

    name: str = Field(min_length=1, max_length=100, description="Name of a rate.")
    from_: str = Field(alias="from", pattern=HOUR_MINUTE, description="HH:MM, inclusive.")
    to: str = Field(pattern=HOUR_MINUTE_OR_END, description="HH:MM, exclusive; 24:00 is the end of the day.")
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] | None = Field(
        None, description="0 = Monday to 6 = Sunday; left out: all week."
    )


class PlaceTariff(BaseModel):
    """Which tariff holds at a place, and when which of its rates."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.PLACE_TARIFF]}}

    tariff_id: str = Field(min_length=1, max_length=200)
    tariff_intervals: list[Interval] = Field(
        max_length=200, description="They must not overlap; between them the market's price counts."
    )

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class ScheduleRow(BaseModel):
    """One span of one weekday, in local time as it was put."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.SCHEDULE_ROW]}}

    weekday: int
    from_hour_minute: str
    to_hour_minute: str
    tariff_id: str
    tariff_name: str = Field(description="Name of the rate.")
    timezone_name: str = Field(description="Readyby's own: the time zone of the times.")
