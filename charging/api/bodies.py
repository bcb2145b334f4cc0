"""What the API takes. A body is read as far as it goes, so that every fault in it can be named at once."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, PrivateAttr, ValidationError, ValidatorFunctionWrapHandler, model_validator

from charging.api import examples
from charging.api.form_issues import form_issues
from charging.api.wire import BODY, limits, limits_if_sent
from charging.operations.issues import Issue

DEADLINE_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
LATITUDE, LONGITUDE, RADIUS = (
    limits(minimum=-90, maximum=90),
    limits(minimum=-180, maximum=180),
    limits(minimum=50, maximum=500),
)


def read_as_far_as_it_goes(cls: Any, document: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Returns the body; where values have a wrong form, without these and with their issues, which must be looked at.

    Raises ValidationError for what is no object at all.
    """
    try:
        return read(document)
    except ValidationError as fault:
        if not isinstance(document, dict):
            raise
        errors = fault.errors(include_url=False, include_input=False, include_context=False)
        faulty = {error["loc"][0] for error in errors}
        known = {field.alias for field in cls.model_fields.values()}
        body = cls.model_construct(**{key: document[key] for key in document if key in known - faulty})
        body._issues = form_issues(errors)
        return body


def issues_of(body: BaseModel) -> tuple[Issue, ...]:
    """Returns what is wrong with the form of the values."""
    found: tuple[Issue, ...] = getattr(body, "_issues")  # noqa: B009
    return found


def given(body: BaseModel) -> dict[str, Any]:
    """Returns the values that were sent, under our names; without those that have a wrong form."""
    return {name: getattr(body, name) for name in body.model_fields_set}


def as_location_values(sent: dict[str, Any]) -> dict[str, Any]:
    """Returns the values of a place under the names that the operations have for them."""
    return {"price_area_code" if name == "price_area" else name: value for name, value in sent.items()}


class PolicyBody(BaseModel):
    """A new policy. What is left out takes its default, but the deadline, which stays as it is stored."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.POLICY]}}

    is_enabled: bool = Field(False, description="Left out it is false, so that the call turns smart charging off.")
    deadline: Annotated[str, Field(pattern=DEADLINE_PATTERN)] | None = Field(
        None, description="HH:MM, every day. Left out it stays; null clears it."
    )
    minimum_charge_limit: float = Field(
        0, ge=0, le=100, description="Percent, not above the car's own limit; left out it is 0."
    )

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class LocationBody(BaseModel):
    """A new place."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.LOCATION_BODY]}}

    name: str = Field(description="1 to 100 characters.", json_schema_extra=limits(minLength=1))
    longitude: float = Field(description="Degrees, -180 to 180.", json_schema_extra=LONGITUDE)
    latitude: float = Field(description="Degrees, -90 to 90.", json_schema_extra=LATITUDE)
    timezone_name: str = Field(
        "",
        description="IANA name. Left out: the time zone of the point.",
        json_schema_extra=limits_if_sent(minLength=1),
    )
    user_id: str = Field(
        "",
        description="Whose place. May be left out while there is exactly one user.",
        json_schema_extra=limits_if_sent(minLength=1, maxLength=255),
    )
    radius_meters: int = Field(
        150, description="50 to 500: the car is at the place within this distance.", json_schema_extra=RADIUS
    )
    price_area: str | None = Field(
        None, description="Left out or null: the price area of the point.", json_schema_extra=limits(minLength=1)
    )

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class UserLocationBody(BaseModel):
    """A new place of the user in the path."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.USER_LOCATION_BODY]}}

    name: str = Field(description="1 to 100 characters.", json_schema_extra=limits(minLength=1))
    longitude: float = Field(description="Degrees, -180 to 180.", json_schema_extra=LONGITUDE)
    latitude: float = Field(description="Degrees, -90 to 90.", json_schema_extra=LATITUDE)
    timezone_name: str = Field("UTC", description="IANA name.", json_schema_extra=limits(minLength=1))
    radius_meters: int = Field(
        150, description="50 to 500: the car is at the place within this distance.", json_schema_extra=RADIUS
    )
    price_area: str | None = Field(
        None, description="Left out or null: the price area of the point.", json_schema_extra=limits(minLength=1)
    )

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class LocationChange(BaseModel):
    """What changes about a place; what is left out stays."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"name": "Home, garage"}]}}

    name: str = Field("", description="1 to 100 characters.", json_schema_extra=limits_if_sent(minLength=1))
    longitude: float = Field(
        0, description="Degrees, -180 to 180.", json_schema_extra=limits_if_sent(minimum=-180, maximum=180)
    )
    latitude: float = Field(
        0, description="Degrees, -90 to 90.", json_schema_extra=limits_if_sent(minimum=-90, maximum=90)
    )
    timezone_name: str = Field(
        "",
        description="IANA name. The deadline is read in this zone.",
        json_schema_extra=limits_if_sent(minLength=1),
    )
    user_id: str = Field(
        "",
        description="May be repeated, not changed.",
        json_schema_extra=limits_if_sent(minLength=1, maxLength=255),
    )
    radius_meters: int = Field(150, description="50 to 500.", json_schema_extra=limits_if_sent(minimum=50, maximum=500))
    price_area: str | None = Field(None, description="Null: not known.", json_schema_extra=limits_if_sent(minLength=1))

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)
