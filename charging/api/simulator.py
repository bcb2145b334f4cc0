"""What an app can let happen to a simulated car."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from charging.api import schemas
from charging.api.access import VehicleId, own_vehicle
from charging.api.bodies import issues_of
from charging.api.problems import not_controllable
from charging.api.reading_schemas import SPEEDS, SimulatorBody
from charging.api.vehicle_answers import vehicle_answer
from charging.models import Location, Vehicle
from charging.operations import clocks, simulated_faults, simulation
from charging.operations.fault_presets import PRESETS
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Simulated cars"], by_alias=True)


@router.post(
    "/vehicles/{vehicleId}/simulator",
    response={
        200: schemas.Vehicle,
        400: schemas.Problem,
        401: schemas.Problem,
        404: schemas.Problem,
        422: schemas.Problem,
    },
    operation_id="controlSimulator",
    summary="Let something happen to a simulated car (extension)",
)
def control_simulator(
    request: HttpRequest, body: SimulatorBody, vehicle_id: VehicleId
) -> schemas.Vehicle | HttpResponse:
    """Plugs the car in or out, moves it, sets its battery, the pace of its user's clock, or a fault."""
    vehicle = own_vehicle(request, vehicle_id)
    if not vehicle.is_simulated:
        return not_controllable(_("This car is not simulated."))
    refuse_if_any((*issues_of(body), *([] if issues_of(body) else _issues(vehicle, body))))
    if body.action == "setSpeed" and body.speed != 1 and vehicle.driver.has_real_car:
        return not_controllable(_("The clock of a user with a real car runs with the wall's."))
    ACTIONS[body.action](vehicle, body, clocks.own_now(driver=vehicle.driver))
    vehicle = own_vehicle(request, vehicle_id)
    return vehicle_answer(vehicle, clocks.own_now(driver=vehicle.driver))


def _issues(vehicle: Vehicle, body: SimulatorBody) -> list[Issue]:
    missing = _("This value is missing.")
    if body.speed is not None and body.speed not in SPEEDS:
        return [Issue("SPEED_INVALID", "speed", _("Use 1, 60 or 600."))]
    if body.action == "setBatteryLevel" and body.battery_level is None:
        return [Issue("BATTERY_LEVEL_MISSING", "batteryLevel", missing)]
    if body.action == "setSpeed" and body.speed is None:
        return [Issue("SPEED_MISSING", "speed", missing)]
    if body.action == "fault" and body.fault is not None and body.fault not in PRESETS:
        return [Issue("FAULT_INVALID", "fault", _("Use one of: %(names)s.") % {"names": ", ".join(sorted(PRESETS))})]
    if body.action == "moveTo" and body.location_id is not None and _place(vehicle, body) is None:
        return [Issue("LOCATION_UNKNOWN", "locationId", _("Use the id of one of the user's places."))]
    if body.action == "moveTo" and body.location_id is None and (body.latitude is None or body.longitude is None):
        return [Issue("POSITION_MISSING", "locationId", _("Send locationId, or latitude and longitude."))]
    return []


def _place(vehicle: Vehicle, body: SimulatorBody) -> Location | None:
    places = Location.objects.of_driver(vehicle.driver)
    return next((place for place in places if str(place.public_id) == body.location_id), None)


def _move(vehicle: Vehicle, body: SimulatorBody, now: datetime) -> None:
    place = _place(vehicle, body)
    if place is not None:
        simulation.drive_home(vehicle=vehicle, location=place, now=now)
        return
    assert body.latitude is not None, "checked before"
    assert body.longitude is not None, "checked before"
    simulation.drive_to(vehicle=vehicle, latitude=body.latitude, longitude=body.longitude, now=now)


def _set_battery(vehicle: Vehicle, body: SimulatorBody, now: datetime) -> None:
    assert body.battery_level is not None, "checked before"
    simulation.set_battery(vehicle=vehicle, soc_percent=body.battery_level, now=now)


def _set_speed(vehicle: Vehicle, body: SimulatorBody, _now: datetime) -> None:
    assert body.speed is not None, "checked before"
    clocks.set_speed(driver=vehicle.driver, speed=body.speed, at_wall=clocks.wall_now())


def _set_fault(vehicle: Vehicle, body: SimulatorBody, now: datetime) -> None:
    if body.fault is None:
        simulated_faults.clear_faults(vehicle=vehicle, now=now)
    else:
        simulated_faults.set_fault(vehicle=vehicle, fault_name=body.fault, now=now)


ACTIONS: dict[str, Callable[[Vehicle, SimulatorBody, datetime], None]] = {
    "plugIn": lambda vehicle, _body, now: simulation.plug_in(vehicle=vehicle, now=now),
    "unplug": lambda vehicle, _body, now: simulation.unplug(vehicle=vehicle, now=now),
    "moveTo": _move,
    "setBatteryLevel": _set_battery,
    "setSpeed": _set_speed,
    "fault": _set_fault,
}
