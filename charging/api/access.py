"""A client sees its own users and what belongs to them; everything else does not exist for it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import P, PathEx
from pydantic import WithJsonSchema
from structlog.contextvars import bind_contextvars

from charging.api.bearer import client_of
from charging.api.wire import Id
from charging.models import Driver, Location, Vehicle
from charging.operations.drivers import EXTERNAL_ID

ChosenUserId = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^{EXTERNAL_ID.pattern}$"})]
VehicleId = PathEx[Id, P(alias="vehicleId")]
UserId = PathEx[ChosenUserId, P(alias="userId")]
LocationId = PathEx[Id, P(alias="chargingLocationId")]
PlaceId = PathEx[Id, P(alias="locationId")]


def own_driver(request: HttpRequest, user_id: str) -> Driver:
    """Returns the client's user. Raises Http404 for any other id."""
    if not EXTERNAL_ID.fullmatch(user_id):
        raise Http404
    drivers = Driver.objects.of_client(client_of(request)).select_related("client")
    driver: Driver = get_object_or_404(drivers, external_id=user_id)
    return driver


def own_vehicle(request: HttpRequest, vehicle_id: str, *, is_only_told_of: bool = False) -> Vehicle:
    """Returns the client's vehicle with everything that pages show of it, or only what answers tell of it.

    Raises Http404 for any other id.
    """
    cars = Vehicle.objects.of_client(client_of(request))
    cars = cars.with_what_answers_tell() if is_only_told_of else cars.with_everything_shown()
    vehicle: Vehicle = get_object_or_404(cars, public_id=uuid_of(vehicle_id))
    # Every further line of this request's log names it.
    bind_contextvars(vehicle=str(vehicle.public_id))
    return vehicle


def own_location(request: HttpRequest, location_id: str) -> Location:
    """Returns the client's location. Raises Http404 for any other id."""
    places = Location.objects.of_client(client_of(request)).select_related("driver", "price_area")
    location: Location = get_object_or_404(places, public_id=uuid_of(location_id))
    return location


def uuid_of(text: str) -> UUID:
    """Returns the id. Raises Http404 for what is none."""
    try:
        return UUID(text)
    except ValueError as fault:
        raise Http404 from fault
