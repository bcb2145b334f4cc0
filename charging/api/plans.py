"""The plans that a car has had."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja import P, PathEx, Query, Router

from charging.api import schemas
from charging.api.access import VehicleId, own_vehicle, uuid_of
from charging.api.pages import PageQuery, page_of
from charging.api.status_answers import plan_answer
from charging.models import Plan
from charging.operations.clocks import own_now

router = Router(tags=["Smart charging"], by_alias=True)
PlanId = PathEx[str, P(alias="planId", description="`latest` is the newest.")]


@router.get(
    "/vehicles/{vehicleId}/smart-charging-plans",
    response={200: schemas.PlanPage, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="listSmartChargingPlans",
    summary="List plans (extension)",
)
def list_plans(request: HttpRequest, vehicle_id: VehicleId, ask: Query[PageQuery]) -> schemas.PlanPage:
    """The plans of a car, newest first."""
    vehicle = own_vehicle(request, vehicle_id)
    plans = Plan.objects.filter(vehicle=vehicle).select_related("location").prefetch_related("windows")
    found, pagination = page_of(plans, ask, created_field="created_at", newest_first=True)
    now = own_now(driver=vehicle.driver)
    return schemas.PlanPage(data=[plan_answer(plan, vehicle, now) for plan in found], pagination=pagination)


@router.get(
    "/vehicles/{vehicleId}/smart-charging-plans/{planId}",
    response={200: schemas.Plan, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getSmartChargingPlan",
    summary="Get a plan (extension)",
)
def get_plan(request: HttpRequest, vehicle_id: VehicleId, plan_id: PlanId) -> schemas.Plan:
    """One plan of a car."""
    vehicle = own_vehicle(request, vehicle_id)
    plans = Plan.objects.filter(vehicle=vehicle).select_related("location").prefetch_related("windows")
    if plan_id != "latest":
        plans = plans.filter(public_id=uuid_of(plan_id))
    plan = plans.order_by("-created_at", "-pk").first()
    if plan is None:
        raise Http404
    return plan_answer(plan, vehicle, own_now(driver=vehicle.driver))
