"""Cars that an app reads and commands: it pushes what they say, and fetches what they are to do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Router

from charging.api import reading_schemas, schemas
from charging.api.access import VehicleId, own_vehicle
from charging.api.batches import cars_named, read_batch
from charging.api.bodies import issues_of
from charging.api.reading_facts import facts_of, reading_issues
from charging.api.reading_schemas import Commands, Lease, OpenCommand, ReadingResult
from charging.api.schemas import ProblemIssue
from charging.models import ChargeAction, Command, Vehicle
from charging.models.charge_actions import ActionState
from charging.models.commands import OPEN
from charging.models.vehicles import GatewayName
from charging.operations import pushed_readings, pushed_together
from charging.operations.clocks import own_now, wall_now
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Pushed cars"], by_alias=True)


@router.post(
    "/vehicles/{vehicleId}/readings",
    response={200: ReadingResult, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="pushReading",
    summary="Push a reading (extension)",
)
def push_reading(request: HttpRequest, body: reading_schemas.ReadingBody, vehicle_id: VehicleId) -> ReadingResult:
    """Takes in what a car said and decides at once what follows. Only for cars of type `push`."""
    vehicle = own_vehicle(request, vehicle_id)
    refuse_if_any((*issues_of(body), *_push_issues(vehicle), *reading_issues(body)))
    now = own_now(driver=vehicle.driver)
    taken = pushed_readings.push_reading(vehicle=vehicle, reading=facts_of(body), now=now)
    return ReadingResult(status=taken.value, issues=[])


def _push_issues(vehicle: Vehicle) -> list[Issue]:
    if vehicle.gateway == GatewayName.PUSH:
        return []
    return [Issue("NOT_A_PUSH_CAR", "vehicleId", _("This car is read by Readyby itself."))]


@router.post(
    "/readings",
    response={200: list[ReadingResult], 400: schemas.Problem, 401: schemas.Problem, 413: schemas.Problem},
    operation_id="pushReadings",
    summary="Push many readings (extension)",
)
def push_readings(request: HttpRequest, readings: Body[list[Any]]) -> list[ReadingResult]:
    """Takes in up to 1,000 readings of any of your cars; the answers come in their order. One that is refused keeps
    no other back. What follows for the cars is decided within seconds; for one that stands as it stood, in its turn.
    """
    bodies = read_batch(readings)
    cars = cars_named(request, [body.vehicle_id for body in bodies if isinstance(body, reading_schemas.BatchReading)])
    results: dict[int, ReadingResult] = {}
    by_car: dict[Vehicle, list[tuple[int, reading_schemas.BatchReading]]] = defaultdict(list)
    for index, body in enumerate(bodies):
        if not isinstance(body, reading_schemas.BatchReading):
            results[index] = _rejected(body)
            continue
        car = cars.get(body.vehicle_id)
        unknown = [Issue("VEHICLE_UNKNOWN", "vehicleId", _("There is no such car of yours."))]
        issues = unknown if car is None else [*_push_issues(car), *reading_issues(body)]
        if car is None or issues:
            results[index] = _rejected(issues)
        else:
            by_car[car].append((index, body))
    told = {car: [facts_of(body) for _index, body in bodies_of] for car, bodies_of in by_car.items()}
    taken = pushed_together.push_together(told=told, at_wall=wall_now())
    for car, bodies_of in by_car.items():
        results |= {
            index: ReadingResult(status=one.value, issues=[])
            for (index, _body), one in zip(bodies_of, taken[car.pk], strict=True)
        }
    return [results[index] for index in range(len(bodies))]


def _rejected(issues: Any) -> ReadingResult:
    return ReadingResult(status="REJECTED", issues=[ProblemIssue(**asdict(issue)) for issue in issues])


@router.get(
    "/vehicles/{vehicleId}/commands",
    response={200: Commands, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="listCommands",
    summary="Fetch the commands of a pushed car (extension)",
)
def list_commands(request: HttpRequest, vehicle_id: VehicleId) -> Commands:
    """What a car of type `push` is to do. A command is listed until a reading shows that the car has followed it."""
    vehicle = own_vehicle(request, vehicle_id)
    if vehicle.gateway != GatewayName.PUSH:
        return Commands(commands=[], hold=None)
    rows: list[Command | ChargeAction] = [
        *Command.objects.filter(vehicle=vehicle, status__in=OPEN),
        *ChargeAction.objects.filter(vehicle=vehicle, state=ActionState.PENDING),
    ]
    rows.sort(key=lambda row: row.created_at)
    hold = None
    if vehicle.hold_until is not None and vehicle.hold_renew_by is not None:
        hold = Lease(until=vehicle.hold_until, renew_by=vehicle.hold_renew_by)
    commands = [
        OpenCommand.model_validate({"id": str(row.public_id), "kind": row.kind, "created_at": row.created_at})
        for row in rows
    ]
    return Commands(commands=commands, hold=hold)
