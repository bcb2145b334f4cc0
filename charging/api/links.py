"""Links: pages of Readyby in which a user adds a car."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import P, PathEx, Router

from charging.api import link_schemas, schemas
from charging.api.access import UserId, own_vehicle
from charging.api.bearer import client_of
from charging.api.bodies import issues_of
from charging.api.wire import Id
from charging.models import Driver
from charging.operations import clients, link_sessions, users
from charging.operations.clocks import wall_now
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Links"], by_alias=True)
AssetId = PathEx[Id, P(alias="assetId", description="Of a vehicle.")]


@router.post(
    "/users/{userId}/link",
    response={200: link_schemas.LinkSession, 400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem},
    operation_id="postUsersUseridLink",
    summary="Let a user add a car",
)
def link_user(request: HttpRequest, body: link_schemas.LinkBody, user_id: UserId) -> link_schemas.LinkSession:
    """Makes a link that opens the wizard for this user; a user who is not known yet is made.

    403 once as many cars are connected as the operator of this server allows you.
    """
    refuse_if_any((*issues_of(body), *users.user_id_issues(user_id), *_link_issues(body)))
    client = client_of(request)
    clients.check_connection_limit(client=client)
    driver = users.ensure_user(client=client, external_id=user_id, at_wall=wall_now())
    return _new_link(request, driver, body, vendor=body.vendor or "")


def _link_issues(body: link_schemas.LinkBody) -> list[Issue]:
    if issues_of(body):
        return []
    issues = list(link_sessions.redirect_issues(body.redirect_uri))
    if "vehicle:read:data" not in body.scopes:
        issues.append(Issue("SCOPE_MISSING", "scopes", _("vehicle:read:data must be among the scopes.")))
    if body.vendor_type not in {None, "vehicle"}:
        issues.append(Issue("VENDOR_TYPE_INVALID", "vendorType", _("Only vehicles can be added here.")))
    return issues


def _new_link(
    request: HttpRequest, driver: Driver, body: link_schemas.RelinkBody, *, vendor: str = ""
) -> link_schemas.LinkSession:
    link = link_sessions.create_link(
        driver=driver,
        redirect_uri=body.redirect_uri,
        language=body.language,
        color_scheme=body.color_scheme,
        vendor=vendor,
        at_wall=wall_now(),
    )
    url = request.build_absolute_uri(f"/link/{link.token}/")
    return link_schemas.LinkSession(link_url=url, link_token=link.token)


@router.post(
    "/assets/{assetId}/relink",
    response={200: link_schemas.LinkSession, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="postAssetsAssetidRelink",
    summary="Let a user link a car again",
)
def relink(request: HttpRequest, body: link_schemas.RelinkBody, asset_id: AssetId) -> link_schemas.LinkSession:
    """Makes a link for the user of this car. When they have gone through it the access is alive again."""
    vehicle = own_vehicle(request, asset_id)
    refuse_if_any(issues_of(body) or link_sessions.redirect_issues(body.redirect_uri))
    return _new_link(request, vehicle.driver, body)
