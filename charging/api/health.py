"""Whether Readyby can work, and with which cars."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from charging.api import schemas, service_schemas
from charging.api.problems import unavailable
from charging.api.vehicle_answers import SCOPES
from charging.core.vendor_names import VENDOR_NAMES
from charging.operations.service_health import does_database_answer

ASSET_TYPES = "vehicle|charger|hvac|inverter|battery|meter"
router = Router(tags=["Health"], by_alias=True)


@router.get(
    "/health/ready",
    auth=None,
    response={204: None, 503: schemas.Problem},
    operation_id="getReadiness",
    summary="Ask whether Readyby is ready",
)
def ready(request: HttpRequest) -> HttpResponse:
    """204 while the database answers, without a token."""
    return HttpResponse(status=204) if does_database_answer() else unavailable()


@router.get(
    "/health/vehicles",
    auth=None,
    response={200: list[service_schemas.VendorHealth]},
    operation_id="getVehicleHealth",
    summary="Get the health of makes",
)
def vehicle_health(request: HttpRequest) -> list[service_schemas.VendorHealth]:
    """The makes whose cars can be added, all of them by way of Readyby itself; without a token."""
    return [service_schemas.VendorHealth.model_validate(_vendor(vendor)) for vendor in VENDOR_NAMES]


def _vendor(vendor: str) -> dict[str, object]:
    name = VENDOR_NAMES[vendor]
    ready = {"status": "READY", "linking_status": "READY"}
    return {"vendor": vendor, "display_name": name, "portal_name": "Readyby", **ready}


def _no_others(request: HttpRequest) -> list[service_schemas.VendorHealth]:
    """Always empty: only cars are served here."""
    return []


for _kind in ("chargers", "batteries", "inverters", "hvacs", "meters"):
    router.get(
        f"/health/{_kind}",
        auth=None,
        response={200: list[service_schemas.VendorHealth]},
        operation_id=f"get{_kind.capitalize()}Health",
        summary=f"Get the health of {_kind}",
    )(_no_others)


class IntegrationQuery(BaseModel):
    """Which integrations are asked for."""

    model_config = ConfigDict(populate_by_name=True)

    asset_types: Annotated[str, Field(pattern=f"^({ASSET_TYPES})(,({ASSET_TYPES}))*$")] = Field(
        "vehicle", alias="assetTypes", description="Comma-separated."
    )


@router.get(
    "/integrations",
    auth=None,
    response={200: list[service_schemas.Integration], 400: schemas.Problem},
    operation_id="getIntegrations",
    summary="List integrations",
)
def integrations(request: HttpRequest, ask: Query[IntegrationQuery]) -> list[service_schemas.Integration]:
    """The makes whose cars can be added, with what can be done with them."""
    if "vehicle" not in ask.asset_types.split(","):
        return []
    can = {"asset_types": ["vehicle"], "scopes": SCOPES}
    return [service_schemas.Integration.model_validate({**_vendor(vendor), **can}) for vendor in VENDOR_NAMES]
