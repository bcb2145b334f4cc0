"""What the API answers and takes about webhooks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PrivateAttr, WithJsonSchema, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.schemas import Pagination
from charging.api.wire import ANSWER, BODY, Instant, SentInstant, limits, limits_if_sent
from charging.operations.issues import Issue
from charging.operations.webhooks import API_VERSION, EVENTS, HEADER_NAME, HEADER_VALUE

EventName = Annotated[
    str,
    Field(pattern="^(" + "|".join(event.replace("*", r"\*") for event in EVENTS) + ")$"),
    WithJsonSchema({"type": "string", "enum": list(EVENTS)}),
]
EventNames = Annotated[list[EventName], Field(min_length=1, max_length=len(EVENTS))]
Version = Annotated[str, Field(pattern=f"^{API_VERSION}$")]
URL: dict[str, Any] = {"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": 2000}
SECRET: dict[str, Any] = {"minLength": 4, "maxLength": 500}
"""In characters, of which none has more than four bytes."""


class HeaderName(BaseModel):
    model_config = ANSWER

    header_name: str


class Header(BaseModel):
    """A header that is added to each delivery."""

    model_config = BODY

    header_name: str = Field(min_length=1, json_schema_extra=limits(pattern=f"^{HEADER_NAME.pattern}$"))
    header_value: str = Field(
        description="Never answered.", json_schema_extra=limits(pattern=f"^{HEADER_VALUE.pattern}$")
    )


class Webhook(BaseModel):
    """A receiver."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.WEBHOOK]}}

    id: str
    url: str
    events: list[EventName]
    last_success: Instant = Field(description="When it was made, until something was delivered.")
    is_active: bool
    created_at: Instant
    api_version: str | None
    authentication: HeaderName | None


class WebhookPage(BaseModel):
    data: list[Webhook]
    pagination: Pagination


class NewWebhook(BaseModel):
    """A new receiver."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.NEW_WEBHOOK]}}

    url: str = Field(description="A public address with https, on port 443 or 8443.", json_schema_extra=limits(**URL))
    secret: str = Field(
        description="At least 16 bytes; signs every delivery, and is never answered.",
        json_schema_extra=limits(**SECRET),
    )
    events: EventNames = Field(["*"], description="Left out: everything.")
    api_version: Version | None = Field(None, description="`2024-10-01`, or null for the same.")
    authentication: Header | None = None

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class WebhookChange(BaseModel):
    """What changes about a receiver; what is left out stays."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"events": ["*"]}]}}

    url: str = Field("", json_schema_extra=limits_if_sent(**URL))
    secret: str = Field("", json_schema_extra=limits_if_sent(**SECRET))
    events: EventNames = Field(["*"], json_schema_extra=limits_if_sent())
    api_version: Version | None = None
    authentication: Header | None = Field(None, description="Null removes it.")

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class TestAnswer(BaseModel):
    code: int
    body: str = Field(description="The first 10,000 characters.")
    headers: list[str] | None


class WebhookTest(BaseModel):
    """How a test went."""

    model_config = {"json_schema_extra": {"examples": [examples.WEBHOOK_TEST]}}

    status: Literal["SUCCESS", "FAILURE"]
    description: str
    response: TestAnswer | None


class ReplayBody(BaseModel):
    """Which undelivered events are sent once more, by when they arose."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"since": "2026-01-10T00:00:00Z"}]}}

    since: SentInstant | None = None
    until: SentInstant | None = None

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class Replayed(BaseModel):
    queued: int = Field(description="How many events.")


def values_of(sent: dict[str, Any]) -> dict[str, Any]:
    """Returns the values under the names that the operations have for them."""
    values = {name: value for name, value in sent.items() if name != "authentication"}
    if "events" in values:
        values["events"] = list(dict.fromkeys(values["events"]))
    if "api_version" in values:
        values["api_version"] = values["api_version"] or ""
    if "authentication" in sent:
        # Beside a value of a wrong form the others are still as they were sent.
        header = Header.model_validate(sent["authentication"]) if sent["authentication"] is not None else None
        values["header_name"] = header.header_name if header is not None else ""
        values["header_value"] = header.header_value if header is not None else ""
    return values
