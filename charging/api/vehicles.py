"""Vehicles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from charging.api import schemas
from charging.api.access import VehicleId, own_vehicle
from charging.api.bearer import client_of
from charging.api.pages import PageQuery, page_of
from charging.api.vehicle_answers import last_known, vehicle_answer
from charging.models import Vehicle
from charging.operations import linking
from charging.operations.attempts import seconds_to_wait
from charging.operations.clocks import own_now, wall_now
from charging.operations.due import look_again

router = Router(tags=["Vehicles"], by_alias=True)


@router.get(
    "/vehicles",
    response={200: schemas.VehiclePage, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listVehicles",
    summary="List vehicles",
)
def list_vehicles(request: HttpRequest, ask: Query[PageQuery]) -> schemas.VehiclePage:
    """All vehicles of all your users, oldest first."""
    cars = Vehicle.objects.of_client(client_of(request)).with_what_answers_tell()
    found, pagination = page_of(cars, ask, created_field="linked_at")
    at_wall = wall_now()
    data = [vehicle_answer(car, own_now(driver=car.driver, at_wall=at_wall)) for car in found]
    return schemas.VehiclePage(data=data, pagination=pagination)


@router.get(
    "/vehicles/{vehicleId}",
    response={200: schemas.Vehicle, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getVehicle",
    summary="Get a vehicle",
)
def get_vehicle(request: HttpRequest, vehicle_id: VehicleId) -> schemas.Vehicle:
    """One vehicle with what it last said of itself."""
    vehicle = own_vehicle(request, vehicle_id, is_only_told_of=True)
    return vehicle_answer(vehicle, own_now(driver=vehicle.driver))


@router.delete(
    "/vehicles/{vehicleId}",
    response={204: None, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="deleteVehicle",
    summary="Delete a vehicle (extension)",
)
def delete_vehicle(request: HttpRequest, vehicle_id: VehicleId) -> HttpResponse:
    """Removes the vehicle with all its data for good. A car that is held may charge first."""
    vehicle, at_wall = own_vehicle(request, vehicle_id), wall_now()
    known = last_known(vehicle, own_now(driver=vehicle.driver, at_wall=at_wall))
    linking.remove_car(vehicle=vehicle, last_known=known, at_wall=at_wall, insists=True)
    return HttpResponse(status=204)


@router.post(
    "/vehicles/{vehicleId}/refresh-hint",
    response={204: None, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="refreshVehicle",
    summary="Ask for fresh data",
)
def refresh_hint(request: HttpRequest, vehicle_id: VehicleId) -> HttpResponse:
    """Lets the vehicle be read soon. A second hint within a minute does nothing."""
    vehicle = own_vehicle(request, vehicle_id)
    if seconds_to_wait(name=f"refresh {vehicle.public_id}", limit=1) is None:
        look_again(vehicle=vehicle, now=own_now(driver=vehicle.driver))
    return HttpResponse(status=204)
