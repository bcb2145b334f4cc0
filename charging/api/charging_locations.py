"""Charging locations: the places where cars charge."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import HeaderEx, P, Query, QueryEx, Router

from charging.api import schemas
from charging.api.access import LocationId, own_location
from charging.api.bearer import client_of
from charging.api.bodies import LocationBody, LocationChange, as_location_values, given, issues_of
from charging.api.location_answers import location_answer
from charging.api.location_changes import change_location
from charging.api.pages import PageQuery, page_of
from charging.models import Client, Driver, Location
from charging.operations import locations
from charging.operations.clocks import own_now
from charging.operations.drivers import EXTERNAL_ID
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Charging locations"], by_alias=True)
UserInQuery = QueryEx[str | None, P(alias="userId", description="Only the places of this user.")]
UserInHeader = HeaderEx[str | None, P(alias="Enode-User-Id", description="The user, as older clients name it.")]


@router.get(
    "/charging-locations",
    response={200: schemas.LocationPage, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listChargingLocations",
    summary="List charging locations",
)
def list_charging_locations(
    request: HttpRequest,
    ask: Query[PageQuery],
    user_id: UserInQuery = None,
    header_user_id: UserInHeader = None,
) -> schemas.LocationPage:
    """The places of all your users, oldest first."""
    places = Location.objects.of_client(client_of(request)).select_related("driver", "price_area")
    for name in _named(user_id, header_user_id):
        places = places.filter(driver__external_id=name) if EXTERNAL_ID.fullmatch(name) else places.none()
    found, pagination = page_of(places, ask, created_field="created_at")
    return schemas.LocationPage(data=[location_answer(place) for place in found], pagination=pagination)


@router.post(
    "/charging-locations",
    response={200: schemas.Location, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="createChargingLocation",
    summary="Create a charging location",
)
def create_charging_location(
    request: HttpRequest,
    body: LocationBody,
    header_user_id: UserInHeader = None,
) -> schemas.Location:
    """Makes a place. Left out, time zone and price area are those of the point."""
    client, values = client_of(request), as_location_values(given(body))
    named = _named(values.pop("user_id", None), header_user_id)
    user_issues = [] if "userId" in {issue.path for issue in issues_of(body)} else _user_issues(client, named)
    refuse_if_any((*issues_of(body), *locations.location_issues(values), *user_issues))
    driver = get_object_or_404(_drivers_named(client, named))
    return location_answer(locations.create_location(driver=driver, now=own_now(driver=driver), **values))


def _named(*user_ids: str | None) -> set[str]:
    return {user_id for user_id in user_ids if user_id is not None}


def _user_issues(client: Client, named: set[str]) -> list[Issue]:
    if len(named) > 1:
        return [Issue("USER_INVALID", "userId", _("Body and header name different users."))]
    if not named and client.drivers.count() != 1:
        message = _("Say whose place it is: userId in the body, or the header Enode-User-Id.")
        return [Issue("USER_MISSING", "userId", message)]
    return []


def _drivers_named(client: Client, named: set[str]) -> Any:
    drivers = Driver.objects.of_client(client)
    return drivers.filter(external_id__in=named) if named else drivers


@router.get(
    "/charging-locations/{chargingLocationId}",
    response={200: schemas.Location, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getChargingLocation",
    summary="Get a charging location",
)
def get_charging_location(request: HttpRequest, location_id: LocationId) -> schemas.Location:
    """One place."""
    return location_answer(own_location(request, location_id))


@router.put(
    "/charging-locations/{chargingLocationId}",
    response={200: schemas.Location, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="updateChargingLocation",
    summary="Change a charging location",
)
def update_charging_location(request: HttpRequest, body: LocationChange, location_id: LocationId) -> schemas.Location:
    """Changes what is sent and leaves the rest. Another time zone moves the deadline, which ends a running plan."""
    return change_location(own_location(request, location_id), body)


@router.delete(
    "/charging-locations/{chargingLocationId}",
    response={200: schemas.Location, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="deleteChargingLocation",
    summary="Delete a charging location",
)
def delete_charging_location(request: HttpRequest, location_id: LocationId) -> schemas.Location:
    """Removes a place and answers with it. A plan that runs there ends, and a car held there may charge."""
    location = own_location(request, location_id)
    answer = location_answer(location)
    locations.delete_location(location=location, now=own_now(driver=location.driver))
    return answer
