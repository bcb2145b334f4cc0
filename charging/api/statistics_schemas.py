"""What the API answers and is asked about what was charged."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from charging.api import examples
from charging.api.wire import ANSWER, Instant, SentInstant, limits
from charging.operations.statistics import Resolution

OFFSET_PATTERN = r"[+-]?[0-9]{1,2}([.][0-9]{1,2})?|[+-][0-9]{2}:[0-5][0-9]"
OFFSET = re.compile(OFFSET_PATTERN)
MOST_OFFSET = timedelta(hours=14)


def _offset(text: Any) -> timedelta:
    """Hours such as 2 and -3.5, or +02:00."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not OFFSET.fullmatch(text):
        raise ValueError("not an offset")
    if ":" in text:
        hours, minutes = text[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if text[0] == "-" else 1)
    else:
        offset = timedelta(minutes=round(float(text) * 60))
    if abs(offset) > MOST_OFFSET:
        raise ValueError("not an offset")
    return offset


OffsetInQuery = Annotated[
    timedelta, BeforeValidator(_offset), WithJsonSchema({"type": "string", "pattern": f"^({OFFSET_PATTERN})$"})
]


class SessionsQuery(BaseModel):
    """Whose sessions of which time are asked for."""

    model_config = ConfigDict(populate_by_name=True)

    start_date: SentInstant = Field(alias="startDate")
    end_date: SentInstant | None = Field(None, alias="endDate", description="Left out: now.")
    type: Literal["vehicle", "charger", "hvac"] = Field(description="Only cars are served; the others have nothing.")
    location_id: str | None = Field(None, alias="locationId")
    id: str | None = Field(None, description="Of a vehicle.")


class StatisticsQuery(SessionsQuery):
    """The same in buckets."""

    utc_offset: OffsetInQuery = Field(
        timedelta(0),
        alias="utcOffset",
        description="Hours, such as 2, -3.5 or +02:00; moves the edges of the buckets.",
        json_schema_extra=limits(default="0"),
    )
    resolution: Resolution = Resolution.DAY


class Aggregates(BaseModel):
    min: float
    max: float
    mean: float


class NullableAggregates(BaseModel):
    min: float | None
    max: float | None
    mean: float | None


class Charged(BaseModel):
    """Energy that flowed and what it cost. Powers are means of quarters of an hour."""

    model_config = ANSWER

    kw: Aggregates
    kwh_sum: float
    price: Aggregates = Field(description="Per kWh; zeros where `priced` is false.")
    cost_sum: float
    non_smart_price: NullableAggregates = Field(description="Without smart charging; nulls where it had no part.")
    estimated_savings: float | None = Field(description="Null: smart charging had no part.")
    currency: str | None = Field(description="Readyby's own. Two currencies are never added up.")
    priced: bool = Field(description="Readyby's own: whether prices are known.")


class Bucket(Charged):
    """What was charged in a span of time."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.BUCKET]}}

    date: Instant = Field(description="Start of the bucket.")


class Session(Charged):
    """What was charged in a plug-in, paused or not."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.SESSION]}}

    id: str = Field(description="Of the vehicle.")
    location_id: str | None
    from_: Instant = Field(alias="from")
    to: Instant
