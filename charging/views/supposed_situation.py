"""A situation made of facts alone: what the driver would read, or read then, where other facts are stored by now."""

from __future__ import annotations

import copy
from datetime import datetime
from zoneinfo import ZoneInfo

from charging.core.decide import AS_BEFORE
from charging.core.decision import Decision
from charging.core.facts import Facts, RunningPlan
from charging.core.need import need_of
from charging.core.states import State
from charging.models import Command, Location, Plan, Policy, SmartOverride, Vehicle, VehicleView
from charging.views.situation import Situation


def supposed_situation(
    *, vehicle: Vehicle, facts: Facts, decision: Decision, at: datetime, currency: str = "EUR"
) -> Situation:
    """Returns the situation in which a decision left a car; nothing of it is stored. A query for the driver's places.

    What the driver could do outside ("if you plug in now") is left out: nobody knows what follows from it.
    """
    places = list(Location.objects.of_driver(vehicle.driver).with_prices().order_by("created_at", "pk"))
    here = next((place for place in places if place.pk == facts.location_id), None)
    car = copy.copy(vehicle)
    car.state = decision.state.value
    car.rule = vehicle.rule if decision.rule == AS_BEFORE else decision.rule
    car.state_changed_at = at if decision.moves else vehicle.state_changed_at
    plan = decision.plan
    situation = Situation(
        vehicle=car,
        view=_view(car, facts, here),
        policy=_policy(car, facts, here or next(iter(places), None), at),
        plan=_plan(car, plan, here, currency) if plan is not None else None,
        windows=plan.windows if plan is not None else (),
        override=_override(car, facts, decision, at),
        command=_command(car, facts),
        home=here or next(iter(places), None),
        now=at,
    )
    # Answered beforehand: asked later, they would tell of what is stored.
    need = need_of(facts.car, facts.policy) if facts.car.is_plugged_in else None
    situation.__dict__.update(what_if=None, car=facts.car, need=need, findings=())
    return situation


def _view(vehicle: Vehicle, facts: Facts, here: Location | None) -> VehicleView:
    car = facts.car
    return VehicleView(
        vehicle=vehicle,
        observed_at=car.observed_at,
        soc_percent=car.soc_percent,
        charge_limit_percent=car.charge_limit_percent,
        is_plugged_in=car.is_plugged_in,
        is_charging=car.is_charging,
        is_fully_charged=car.is_fully_charged,
        power_delivery=car.power_delivery.value,
        plugged_in_at=car.plugged_in_at,
        observed_power_kw=car.observed_power_kw,
        location=here,
        position_observed_at=car.observed_at,
    )


def _policy(vehicle: Vehicle, facts: Facts, place: Location | None, at: datetime) -> Policy:
    zone = ZoneInfo(place.timezone_name if place is not None else "UTC")
    deadline_at = facts.policy.deadline_at
    return Policy(
        vehicle=vehicle,
        is_enabled=facts.policy.is_enabled,
        deadline=deadline_at.astimezone(zone).time() if deadline_at is not None else None,
        minimum_charge_limit=facts.policy.minimum_percent,
        updated_at=at,
    )


def _plan(vehicle: Vehicle, plan: RunningPlan, here: Location | None, currency: str) -> Plan:
    return Plan(
        vehicle=vehicle,
        location=here,
        currency=currency,
        created_at=plan.created_at,
        deadline_at=plan.deadline_at,
        energy_kwh=plan.energy_kwh,
        non_smart_cost=plan.non_smart_cost,
        smart_cost=plan.smart_cost,
        estimated_finish_at=plan.estimated_finish_at,
        reason=plan.reason,
        ended_at=plan.ended_at,
        final_state=plan.final_state.value if plan.final_state is not None else "",
        failure_condition=plan.failure_condition.value if plan.failure_condition is not None else "",
    )


def _override(vehicle: Vehicle, facts: Facts, decision: Decision, at: datetime) -> SmartOverride | None:
    override = facts.override
    if override is not None:
        return SmartOverride(
            vehicle=vehicle,
            created_at=override.created_at,
            until_percent=override.until_percent,
            until_at=override.until_at,
            is_from_elsewhere=override.is_from_elsewhere,
        )
    if decision.state == State.OVERRIDDEN:
        return SmartOverride(vehicle=vehicle, created_at=at, is_from_elsewhere=True)
    return None


def _command(vehicle: Vehicle, facts: Facts) -> Command | None:
    command = facts.command
    if command is None:
        return None
    return Command(
        vehicle=vehicle,
        kind=command.kind.value,
        status=command.status.value,
        purpose=command.purpose.value,
        created_at=command.created_at,
        attempts=command.attempts,
        last_sent_at=command.last_sent_at,
    )
