"""Starting and stopping a car by hand, and charging now against the plan."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import P, PathEx, Router

from charging.api import action_schemas, schemas
from charging.api.access import VehicleId, own_vehicle, uuid_of
from charging.api.action_answers import action_answer, command_answer
from charging.api.bearer import client_of
from charging.api.bodies import issues_of
from charging.api.problems import not_controllable
from charging.api.status_answers import override_answer
from charging.api.wire import Id
from charging.core.facts import CommandKind
from charging.models import ChargeAction, Command, SmartOverride, Vehicle
from charging.operations import charge_actions, overrides, sending
from charging.operations.clocks import own_now
from charging.operations.issues import Issue, Refused, refuse_if_any

router = Router(tags=["Actions"], by_alias=True)
ActionId = PathEx[Id, P(alias="actionId")]
ERRORS: dict[int, Any] = {400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem, 422: schemas.Problem}


@router.post(
    "/vehicles/{vehicleId}/charging",
    response={200: action_schemas.ChargeAction, **ERRORS},
    operation_id="controlCharging",
    summary="Start or stop charging",
)
def control_charging(
    request: HttpRequest, body: action_schemas.ChargingBody, vehicle_id: VehicleId
) -> action_schemas.ChargeAction:
    """Starts or stops the car by hand, unless a plan is being carried out. With smart charging on a car that was
    stopped by hand is started again as soon as there is no reason for it to wait.
    """
    vehicle = own_vehicle(request, vehicle_id)
    refuse_if_any(issues_of(body))
    kind, now = CommandKind(body.action), own_now(driver=vehicle.driver)
    return action_answer(charge_actions.request_action(vehicle=vehicle, kind=kind, now=now))


@router.post(
    "/vehicles/{vehicleId}/max-current",
    response={400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="setMaxCurrent",
    summary="Set the largest current",
)
def set_max_current(request: HttpRequest, body: action_schemas.MaxCurrentBody, vehicle_id: VehicleId) -> HttpResponse:
    """No car here can do that: `capabilities.setMaxCurrent` is never capable, so the answer is always 400."""
    own_vehicle(request, vehicle_id)
    refuse_if_any(issues_of(body))
    raise Refused([Issue("CONTROL_NOT_AVAILABLE", "maxCurrent", _("This car cannot be told how much to draw."))])


@router.get(
    "/vehicles/actions/{actionId}",
    response={200: action_schemas.ChargeAction, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getVehicleAction",
    summary="Get an action",
)
def get_action(request: HttpRequest, action_id: ActionId) -> action_schemas.ChargeAction:
    """One start or stop, by hand or of the plan."""
    found = _own_action(request, action_id)
    return action_answer(found) if isinstance(found, ChargeAction) else command_answer(found)


@router.post(
    "/vehicles/actions/{actionId}/cancel",
    response={
        200: action_schemas.ChargeAction,
        401: schemas.Problem,
        404: schemas.Problem,
        409: action_schemas.ChargeAction,
    },
    operation_id="cancelVehicleAction",
    summary="Cancel an action",
)
def cancel_action(request: HttpRequest, action_id: ActionId) -> HttpResponse:
    """Ends our sending; the car may still follow what was sent before. 409 with the action when it was over already."""
    found = _own_action(request, action_id)
    if isinstance(found, ChargeAction):
        now = own_now(driver=found.vehicle.driver) if found.vehicle is not None else found.updated_at
        was_pending = charge_actions.cancel_action(action=found, now=now)
        found.refresh_from_db()
        answer = action_answer(found)
    else:
        was_pending = charge_actions.cancel_command(command=found, now=own_now(driver=found.vehicle.driver))
        found.refresh_from_db()
        answer = command_answer(found)
    return JsonResponse(answer.model_dump(mode="json", by_alias=True), status=200 if was_pending else 409)


def _own_action(request: HttpRequest, action_id: str) -> ChargeAction | Command:
    client, public_id = client_of(request), uuid_of(action_id)
    actions = ChargeAction.objects.select_related("vehicle__driver").filter(client=client, public_id=public_id)
    commands = Command.objects.select_related("vehicle__driver").filter(
        vehicle__driver__client=client, public_id=public_id
    )
    found = actions.first() or commands.first()
    if found is None:
        raise Http404
    return found


@router.post(
    "/vehicles/{vehicleId}/smart-override",
    response={200: action_schemas.StartedOverride, **ERRORS},
    operation_id="createSmartOverride",
    summary="Charge now",
)
def create_override(request: HttpRequest, vehicle_id: VehicleId) -> action_schemas.StartedOverride | HttpResponse:
    """Starts the car at once and holds smart charging back until the car stops charging, or until the override is
    ended. One that is active already is answered as it is.
    """
    vehicle = own_vehicle(request, vehicle_id)
    now = own_now(driver=vehicle.driver)
    active = SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True).first()
    if active is None:
        try:
            active = overrides.charge_now(vehicle=vehicle, now=now)
        except Refused as refused:
            return not_controllable(_("Charging now is not possible."), refused.issues)
        sending.send_open_command(vehicle=vehicle, now=now)
    return _started(vehicle, active)


@router.delete(
    "/vehicles/{vehicleId}/smart-override",
    response={200: action_schemas.StartedOverride, **ERRORS},
    operation_id="endSmartOverride",
    summary="Back to smart charging",
)
def end_override(request: HttpRequest, vehicle_id: VehicleId) -> action_schemas.StartedOverride | HttpResponse:
    """Gives control back to the plan. That does not by itself stop the car."""
    vehicle = own_vehicle(request, vehicle_id)
    try:
        ended = overrides.end_override(vehicle=vehicle, now=own_now(driver=vehicle.driver))
    except Refused as refused:
        return not_controllable(_("The car cannot be stopped again."), refused.issues)
    if ended is None:
        raise Http404
    return _started(vehicle, ended)


def _started(vehicle: Vehicle, override: SmartOverride) -> action_schemas.StartedOverride:
    answer = override_answer(vehicle, override)
    return action_schemas.StartedOverride(
        **answer.model_dump(), user_id=vehicle.driver.external_id, vendor=vehicle.vendor
    )
