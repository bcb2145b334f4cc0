"""What the API answers about itself: health, integrations, interventions."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from charging.api import examples
from charging.api.wire import ANSWER, Instant, Vendor

Health = Literal["READY", "ELEVATED_ERROR_RATE", "OUTAGE"]
AssetType = Literal["vehicle", "charger", "hvac", "inverter", "battery", "meter"]


class VendorHealth(BaseModel):
    """How well cars of a make can be reached."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.VENDOR_HEALTH]}}

    vendor: Vendor
    display_name: str
    status: Health
    portal_name: str = Field(description="Where the car is linked.")
    linking_status: Health


class Integration(VendorHealth):
    """A make whose cars can be added."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.INTEGRATION]}}

    asset_types: list[AssetType]
    scopes: list[str]


class Resolution(BaseModel):
    title: str
    description: str = Field(description="Markdown.")
    access: Literal["Remote", "Physical"]
    agent: Literal["User", "ThirdParty"]
    action: Literal["Link"] | None


class Intervention(BaseModel):
    """What a user can do to make something available."""

    model_config = ANSWER | {"json_schema_extra": {"examples": [examples.INTERVENTION]}}

    id: str
    vendor: Vendor | None = Field(description="Null: not tied to one make.")
    vendor_type: AssetType | None
    brand: str | None
    introduced_at: Instant
    domain: Literal["Account", "Device"]
    resolution: Resolution
