"""What the API takes and answers about links."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, PrivateAttr, WithJsonSchema, model_validator

from charging.api import examples
from charging.api.bodies import read_as_far_as_it_goes
from charging.api.service_schemas import AssetType
from charging.api.wire import ANSWER, BODY, limits
from charging.operations.issues import Issue

SCOPES = (
    *("battery:control:operation_mode", "battery:read:data", "battery:read:location", "charger:control:charging"),
    *("charger:read:data", "hvac:control:mode", "hvac:read:data", "inverter:read:data", "inverter:read:location"),
    *("meter:read:data", "meter:read:location", "vehicle:control:charging", "vehicle:read:data"),
    "vehicle:read:location",
)
LANGUAGES = (
    *("browser", "da-DK", "de-DE", "en-US", "en-GB", "es-ES", "fi-FI", "fr-FR", "it-IT", "ja-JP", "lv-LV", "lt-LT"),
    *("nb-NO", "nl-NL", "nl-BE", "pl-PL", "pt-PT", "ro-RO", "sv-SE"),
)
Scope = Annotated[
    str, Field(pattern=f"^({'|'.join(SCOPES)})$"), WithJsonSchema({"type": "string", "enum": list(SCOPES)})
]
Language = Annotated[
    str, Field(pattern=f"^({'|'.join(LANGUAGES)})$"), WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})
]


class RelinkBody(BaseModel):
    """How the user is to be asked, and where they go when done."""

    model_config = BODY | {"json_schema_extra": {"examples": [{"language": "en-US", "redirectUri": "myapp://done"}]}}

    language: Language
    redirect_uri: str = Field(
        description="Gets `error` and `error_message` when the user leaves early.",
        json_schema_extra=limits(pattern="^[!-~]+$", maxLength=2000),
    )
    color_scheme: Literal["system", "light", "dark"] = "system"

    _issues: tuple[Issue, ...] = PrivateAttr(())
    _read = model_validator(mode="wrap")(read_as_far_as_it_goes)


class LinkBody(RelinkBody):
    """The same, and what for."""

    model_config = BODY | {"json_schema_extra": {"examples": [examples.LINK_BODY]}}

    scopes: Annotated[list[Scope], Field(max_length=50)] = Field(
        description="`vehicle:read:data` must be among them; those of other kinds are not granted.",
        json_schema_extra=limits(minItems=1),
    )
    vendor: Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")] | None = Field(
        None, description="The user is not asked for the make of the car."
    )
    vendor_type: AssetType | None = Field(
        None, description="Only `vehicle`.", json_schema_extra=limits(enum=["vehicle", None])
    )


class LinkSession(BaseModel):
    """A page for the user: good for one use within a day."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.LINK_SESSION]}}

    link_url: str
    link_token: str
