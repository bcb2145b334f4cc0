"""What smart charging does with a vehicle, as the API shows it."""

from __future__ import annotations

from datetime import date, datetime

from charging.api import schemas
from charging.api.plan_reasons import plan_sentence
from charging.core.decision import Considerations
from charging.core.states import State
from charging.core.timing import stop_and_start
from charging.models import Command, Plan, Policy, SmartOverride, Vehicle, VehicleView


def status_answer(vehicle: Vehicle, now: datetime, *, plan: Plan | None = None) -> schemas.Status:
    """Returns the status of a vehicle that was loaded `with_everything_shown`, with its newest plan or another one."""
    policy: Policy | None = getattr(vehicle, "policy", None)
    has_plan = vehicle.state.startswith("PLAN:")
    plan = (plan or _newest_plan(vehicle)) if has_plan else None
    return schemas.Status(
        updated_at=vehicle.evaluated_at or vehicle.state_changed_at,
        vehicle_id=str(vehicle.public_id),
        user_id=vehicle.driver.external_id,
        vendor=vehicle.vendor,
        state=vehicle.state,
        state_changed_at=vehicle.state_changed_at,
        consideration=_consideration(vehicle) if vehicle.state == State.CONSIDERING else None,
        plan=plan_answer(plan, vehicle, now) if plan is not None else None,
        smart_override=_latest_override(vehicle),
        paused_until=policy.paused_until if policy is not None else None,
    )


def _consideration(vehicle: Vehicle) -> schemas.Consideration:
    """The conditions as they were last found; before the first evaluation none is known to hold."""
    found = vehicle.considerations
    return schemas.Consideration(**{name: bool(found.get(name, False)) for name in Considerations.__slots__})


def _newest_plan(vehicle: Vehicle) -> Plan | None:
    plans = Plan.objects.filter(vehicle=vehicle).select_related("location").prefetch_related("windows")
    return plans.order_by("-created_at", "-pk").first()


def plan_answer(plan: Plan, vehicle: Vehicle, now: datetime) -> schemas.Plan:
    """Returns a plan of the vehicle; its location and windows should be loaded."""
    running = plan.as_running_plan()
    stop_at, start_at = stop_and_start(running, State(plan.final_state or vehicle.state), now)
    return schemas.Plan(
        id=str(plan.public_id),
        vehicle_id=str(vehicle.public_id),
        user_id=vehicle.driver.external_id,
        location_id=str(plan.location.public_id) if plan.location is not None else None,
        vendor=vehicle.vendor,
        currency=plan.currency,
        non_smart_cost=float(plan.non_smart_cost),
        smart_cost=float(plan.smart_cost) if plan.smart_cost is not None else None,
        stop_at=stop_at,
        start_at=start_at,
        estimated_finish_at=plan.estimated_finish_at,
        stop_confirmed_at=plan.stop_confirmed_at,
        start_confirmed_at=plan.start_confirmed_at,
        ended_at=plan.ended_at,
        final_state=plan.final_state or None,
        failure_condition=plan.failure_condition or None,
        windows=[
            schemas.PlanWindow(start_at=w.start, stop_at=w.end, energy_kwh=round(w.energy_kwh, 3), cost=float(w.cost))
            for w in running.windows
        ],
        reserve_minutes=plan.reserve_minutes,
        reason=plan_sentence(plan.reason),
        created_at=plan.created_at,
        deadline_at=plan.deadline_at,
        prices_recorded_on=[date.fromisoformat(day) for day in plan.prices_recorded_on],
    )


def _latest_override(vehicle: Vehicle) -> schemas.SmartOverride | None:
    """The latest override of this plug-in; None once the cable is pulled."""
    view: VehicleView | None = getattr(vehicle, "view", None)
    if view is None or not view.is_plugged_in or view.plugged_in_at is None:
        return None
    overrides = SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=view.plugged_in_at)
    override = overrides.order_by("-created_at", "-pk").first()
    return override_answer(vehicle, override) if override is not None else None


def override_answer(vehicle: Vehicle, override: SmartOverride) -> schemas.SmartOverride:
    """Returns an override with the START that was sent for it; none where the car was charging already."""
    action_id = None
    if not override.is_from_elsewhere:
        actions = Command.objects.filter(vehicle=vehicle, purpose="override", created_at__gte=override.created_at)
        action_id = actions.order_by("generation").values_list("public_id", flat=True).first()
    return schemas.SmartOverride(
        created_at=override.created_at,
        ended_at=override.ended_at,
        target_type="vehicle",
        target_id=str(vehicle.public_id),
        vendor_action_id=str(action_id) if action_id is not None else None,
    )
