"""Locations: the places where cars charge, under the names of the present wire format."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from charging.api import schemas
from charging.api.access import PlaceId, UserId, own_driver, own_location
from charging.api.bearer import client_of
from charging.api.bodies import LocationChange, UserLocationBody, as_location_values, given, issues_of
from charging.api.location_answers import location_answer
from charging.api.location_changes import change_location
from charging.api.pages import PageQuery, page_of
from charging.models import Location
from charging.models.locations import LocationQuerySet
from charging.operations import locations
from charging.operations.clocks import own_now
from charging.operations.issues import refuse_if_any

router = Router(tags=["Locations"], by_alias=True)


@router.get(
    "/locations",
    response={200: schemas.LocationPage, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listLocations",
    summary="List locations",
)
def list_locations(request: HttpRequest, ask: Query[PageQuery]) -> schemas.LocationPage:
    """The places of all your users, oldest first."""
    return _page(Location.objects.of_client(client_of(request)), ask)


@router.get(
    "/users/{userId}/locations",
    response={200: schemas.LocationPage, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="listUserLocations",
    summary="List a user's locations",
)
def list_user_locations(request: HttpRequest, user_id: UserId, ask: Query[PageQuery]) -> schemas.LocationPage:
    """The user's places, oldest first."""
    return _page(Location.objects.of_driver(own_driver(request, user_id)), ask)


def _page(places: LocationQuerySet, ask: PageQuery) -> schemas.LocationPage:
    found, pagination = page_of(places.select_related("driver", "price_area"), ask, created_field="created_at")
    return schemas.LocationPage(data=[location_answer(place) for place in found], pagination=pagination)


@router.post(
    "/users/{userId}/locations",
    response={200: schemas.Location, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="createLocation",
    summary="Create a location",
)
def create_location(request: HttpRequest, body: UserLocationBody, user_id: UserId) -> schemas.Location:
    """Makes a place. Its time zone is UTC where none is sent; its price area is that of the point."""
    driver = own_driver(request, user_id)
    values = {"timezone_name": "UTC"} | as_location_values(given(body))
    refuse_if_any((*issues_of(body), *locations.location_issues(values)))
    return location_answer(locations.create_location(driver=driver, now=own_now(driver=driver), **values))


@router.get(
    "/locations/{locationId}",
    response={200: schemas.Location, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getLocation",
    summary="Get a location",
)
def get_location(request: HttpRequest, location_id: PlaceId) -> schemas.Location:
    """One place."""
    return location_answer(own_location(request, location_id))


@router.put(
    "/locations/{locationId}",
    response={200: schemas.Location, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="updateLocation",
    summary="Change a location",
)
def update_location(request: HttpRequest, body: LocationChange, location_id: PlaceId) -> schemas.Location:
    """Changes what is sent and leaves the rest. Another time zone moves the deadline, which ends a running plan;
    Enode's SDK sends `UTC` with every change that names none.
    """
    return change_location(own_location(request, location_id), body)


@router.delete(
    "/locations/{locationId}",
    response={200: schemas.Location, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="deleteLocation",
    summary="Delete a location",
)
def delete_location(request: HttpRequest, location_id: PlaceId) -> schemas.Location:
    """Removes a place and answers with it. A plan that runs there ends, and a car held there may charge."""
    location = own_location(request, location_id)
    answer = location_answer(location)
    locations.delete_location(location=location, now=own_now(driver=location.driver))
    return answer
