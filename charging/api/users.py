"""Users: people whose cars a client charges, by the ids that the client has chosen for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from charging.api import schemas, user_schemas
from charging.api.access import UserId, own_driver
from charging.api.bearer import client_of
from charging.api.bodies import issues_of
from charging.api.pages import PageQuery, page_of
from charging.api.vehicle_answers import SCOPES, last_known, vehicle_answer
from charging.models import Driver, Vehicle
from charging.operations import clients, linking, users
from charging.operations.clocks import own_now, wall_now
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Users"], by_alias=True)


@router.get(
    "/users",
    response={200: user_schemas.UserPage, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listUsers",
    summary="List users",
)
def list_users(request: HttpRequest, ask: Query[PageQuery]) -> user_schemas.UserPage:
    """All your users, oldest first."""
    found, pagination = page_of(Driver.objects.of_client(client_of(request)), ask, created_field="created_at")
    data = [
        user_schemas.UserEntry(
            id=driver.external_id,
            created_at=driver.created_at,
            scopes=SCOPES if driver.unauthorized_at is None else [],
        )
        for driver in found
    ]
    return user_schemas.UserPage(data=data, pagination=pagination)


@router.get(
    "/users/{userId}",
    response={200: user_schemas.User, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getUser",
    summary="Get a user",
)
def get_user(request: HttpRequest, user_id: UserId) -> user_schemas.User:
    """The makes of the user's cars, and whether your access to them is alive."""
    driver = own_driver(request, user_id)
    vendors = Vehicle.objects.of_driver(driver).order_by("vendor").values_list("vendor", flat=True).distinct()
    is_valid = driver.unauthorized_at is None
    linked = [user_schemas.LinkedVendor(vendor=name, vendor_type="vehicle", is_valid=is_valid) for name in vendors]
    return user_schemas.User(id=driver.external_id, linked_vendors=linked)


@router.delete(
    "/users/{userId}",
    response={204: None, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="unlinkUser",
    summary="Delete a user",
)
def delete_user(request: HttpRequest, user_id: UserId) -> HttpResponse:
    """Removes the user with all their data for good. A car that is held may charge first."""
    driver, at_wall = own_driver(request, user_id), wall_now()
    now = own_now(driver=driver, at_wall=at_wall)
    cars = Vehicle.objects.of_driver(driver).with_everything_shown()
    known = [last_known(car, now) for car in cars]
    users.remove_user(driver=driver, last_known=known, at_wall=at_wall)
    return HttpResponse(status=204)


@router.delete(
    "/users/{userId}/authorization",
    response={204: None, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="deleteUserAuthorization",
    summary="Give up the access to a user's cars",
)
def delete_authorization(request: HttpRequest, user_id: UserId) -> HttpResponse:
    """Turns smart charging off and gives up the access; the data stays. Linking the user again brings it back."""
    users.end_authorization(driver=own_driver(request, user_id), at_wall=wall_now())
    return HttpResponse(status=204)


@router.get(
    "/users/{userId}/vehicles",
    response={200: schemas.VehiclePage, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="listUserVehicles",
    summary="List a user's vehicles",
)
def list_user_vehicles(request: HttpRequest, user_id: UserId, ask: Query[PageQuery]) -> schemas.VehiclePage:
    """The user's vehicles, oldest first."""
    cars = Vehicle.objects.of_driver(own_driver(request, user_id)).with_what_answers_tell()
    found, pagination = page_of(cars, ask, created_field="linked_at")
    at_wall = wall_now()
    data = [vehicle_answer(car, own_now(driver=car.driver, at_wall=at_wall)) for car in found]
    return schemas.VehiclePage(data=data, pagination=pagination)


@router.post(
    "/users/{userId}/vehicles",
    response={200: schemas.Vehicle, 400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem},
    operation_id="addUserVehicle",
    summary="Add a vehicle (extension)",
)
def add_user_vehicle(request: HttpRequest, body: user_schemas.NewVehicle, user_id: UserId) -> schemas.Vehicle:
    """Adds a simulated car, or one that your app reads and commands. A user who is not known yet is made.

    403 once as many cars are connected as the operator of this server allows you.
    """
    refuse_if_any((*issues_of(body), *users.user_id_issues(user_id), *_car_issues(body)))
    client, at_wall = client_of(request), wall_now()
    clients.check_connection_limit(client=client)
    driver = users.ensure_user(client=client, external_id=user_id, at_wall=at_wall)
    users.authorize(driver=driver, at_wall=at_wall)
    now = own_now(driver=driver, at_wall=at_wall)
    vehicle = linking.link_car(driver=driver, car=_car_of(body), now=now)
    return vehicle_answer(Vehicle.objects.with_everything_shown().get(pk=vehicle.pk), now)


def _car_issues(body: user_schemas.NewVehicle) -> tuple[Issue, ...]:
    """What is wrong with a car whose values all have the right form."""
    return () if issues_of(body) else linking.linked_car_issues(_car_of(body))


def _car_of(body: user_schemas.NewVehicle) -> linking.LinkedCar:
    return linking.LinkedCar(
        gateway=body.type,
        vendor=body.vendor,
        battery_capacity_kwh=body.battery_capacity_kwh,
        max_power_kw=body.max_charging_power_kw,
        display_name=body.display_name,
        charge_limit_percent=body.charge_limit,
        vin=body.vin,
        soc_percent=body.battery_level,
    )
