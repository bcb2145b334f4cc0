"""Interventions: what a user can do where something is not available."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import P, PathEx, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from charging.api import schemas, service_schemas
from charging.api.service_schemas import AssetType
from charging.api.vehicle_answers import LINK_AGAIN

InterventionId = PathEx[str, P(alias="interventionId")]
router = Router(tags=["Interventions"], by_alias=True)


class InterventionQuery(BaseModel):
    """Which interventions are asked for. Other languages than English are answered in English."""

    model_config = ConfigDict(populate_by_name=True)

    language: Annotated[str, Field(pattern=r"^[a-z]{2}-[A-Z]{2}$")] = "en-US"
    vendor_type: AssetType | None = Field(None, alias="vendorType")
    vendor: Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")] | None = None


def _known() -> dict[str, service_schemas.Intervention]:
    """All of them, in the language of the request."""
    resolution = service_schemas.Resolution(
        title=_("Link the car again"),
        description=_("The access to this car was given up. Open the link that the app shows and add the car again."),
        access="Remote",
        agent="User",
        action="Link",
    )
    link_again = service_schemas.Intervention(
        id=LINK_AGAIN,
        vendor=None,
        vendor_type=None,
        brand=None,
        introduced_at=datetime(2026, 1, 1, tzinfo=UTC),
        domain="Account",
        resolution=resolution,
    )
    return {link_again.id: link_again}


@router.get(
    "/interventions",
    response={200: list[service_schemas.Intervention], 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listInterventions",
    summary="List interventions",
)
def list_interventions(request: HttpRequest, ask: Query[InterventionQuery]) -> list[service_schemas.Intervention]:
    """What users can be asked to do. One that is tied to no make counts for all cars."""
    is_for_cars = ask.vendor_type in {None, "vehicle"}
    return [one for one in _known().values() if is_for_cars and one.vendor in {None, ask.vendor}]


@router.get(
    "/interventions/{interventionId}",
    response={
        200: service_schemas.Intervention,
        400: schemas.Problem,
        401: schemas.Problem,
        404: schemas.Problem,
    },
    operation_id="getIntervention",
    summary="Get an intervention",
)
def get_intervention(
    request: HttpRequest, intervention_id: InterventionId, ask: Query[InterventionQuery]
) -> service_schemas.Intervention:
    """One of those that a capability names in `interventionIds`."""
    found = _known().get(intervention_id)
    if found is None:
        raise Http404
    return found
