"""Smart charging: what the driver wants, and what is done about it."""

from __future__ import annotations

from datetime import time

from django.http import HttpRequest
from ninja import Router

from charging.api import schemas
from charging.api.access import VehicleId, own_vehicle
from charging.api.bodies import PolicyBody, given, issues_of
from charging.api.status_answers import status_answer
from charging.api.vehicle_answers import policy_answer
from charging.models import Vehicle
from charging.operations import policies
from charging.operations.clocks import own_now
from charging.operations.issues import Issue, Refused

router = Router(tags=["Smart charging"], by_alias=True)


@router.get(
    "/vehicles/{vehicleId}/smart-charging-policy",
    response={200: schemas.Policy, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getSmartChargingPolicy",
    summary="Get the policy",
)
def get_policy(request: HttpRequest, vehicle_id: VehicleId) -> schemas.Policy:
    """Whether smart charging is on, by when the car has to be ready, and what it must never fall below."""
    return policy_answer(own_vehicle(request, vehicle_id, is_only_told_of=True))


@router.put(
    "/vehicles/{vehicleId}/smart-charging-policy",
    response={200: schemas.Policy, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="updateSmartChargingPolicy",
    summary="Set the policy",
)
def put_policy(request: HttpRequest, body: PolicyBody, vehicle_id: VehicleId) -> schemas.Policy:
    """Sets the policy as a whole: `isEnabled` and `minimumChargeLimit` left out become false and 0, so a call with a
    deadline alone turns smart charging off. All rules that a policy breaks are named, and then nothing is stored.
    """
    vehicle = own_vehicle(request, vehicle_id)
    if issues_of(body):
        raise Refused((*issues_of(body), *_broken_rules(vehicle, body)))
    vehicle.policy = policies.set_policy(
        vehicle=vehicle,
        is_enabled=body.is_enabled,
        deadline=_deadline(body.deadline) if "deadline" in given(body) else policies.KEEP,
        minimum_charge_limit=body.minimum_charge_limit,
        now=own_now(driver=vehicle.driver),
    )
    return policy_answer(vehicle)


def _deadline(text: str | None) -> time | None:
    return time.fromisoformat(text) if text is not None else None


def _broken_rules(vehicle: Vehicle, body: PolicyBody) -> list[Issue]:
    """The rules that the values of the right form break; those of a wrong form are not judged twice."""
    judged = {issue.path for issue in issues_of(body)}
    stored = getattr(vehicle, "policy", None)
    kept = stored.deadline if stored is not None else None
    broken = policies.policy_issues(
        vehicle=vehicle,
        is_enabled=body.is_enabled,
        deadline=_deadline(body.deadline) if "deadline" in given(body) else kept,
        minimum_charge_limit=body.minimum_charge_limit,
        now=own_now(driver=vehicle.driver),
    )
    return [issue for issue in broken if issue.path not in judged]


@router.get(
    "/vehicles/{vehicleId}/smart-charging-status",
    response={200: schemas.Status, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getSmartChargingStatus",
    summary="Get the status",
)
def get_status(request: HttpRequest, vehicle_id: VehicleId) -> schemas.Status:
    """The state of the car, why it has no plan, or the plan with its charging windows."""
    vehicle = own_vehicle(request, vehicle_id, is_only_told_of=True)
    return status_answer(vehicle, own_now(driver=vehicle.driver))
