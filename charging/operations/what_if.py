"""What would be decided if things were otherwise: the rules on changed facts, without writing or sending anything."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from charging.core import planning
from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts, Plan, PowerDelivery, PriceInterval
from charging.core.need import need_of
from charging.core.states import State
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.operations.facts import Rows, facts_of, load_rows
from charging.operations.prices import PricePeriod

PASSING = frozenset({State.DEADLINE_CHANGED, State.ENDED_DISABLED})
"""States that the next evaluation leaves at once: what follows from them is what somebody asks about."""


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed of a car. `location` None: at none of its driver's places; `at` is an instant of their clock.

    The newest reading is supposed to be as old at `at` as it is now, and a hold to have been renewed until then.
    """

    at: datetime
    is_enabled: bool
    soc_percent: float | None
    is_plugged_in: bool
    location: Location | None
    deadline: time | None
    minimum_percent: float
    price_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows at `at`. `plan` is the plan of the decision, or the one the planner would make without its rules.

    `is_carried_out` tells the two apart; `period` says where the prices come from.
    """

    at: datetime
    facts: Facts
    decision: Decision
    plan: Plan | None
    is_carried_out: bool
    period: PricePeriod | None


def outlook(*, vehicle: Vehicle, now: datetime) -> Outlook:
    """What would be decided now. Raises VehicleView.DoesNotExist where nothing is known of the car. Reads only."""
    return _outlook(load_rows(vehicle=vehicle), now, Decimal(1))


def suppose(*, vehicle: Vehicle, now: datetime, supposition: Supposition) -> Outlook:
    """What would be decided if that were so. Raises VehicleView.DoesNotExist as `outlook` does. Reads only."""
    rows, at = load_rows(vehicle=vehicle), supposition.at
    supposed = replace(
        rows,
        vehicle=_held_until(rows.vehicle, at),
        view=_view(rows.view, supposition, at - now),
        policy=_policy(rows, supposition),
    )
    return _outlook(supposed, at, supposition.price_factor)


def _outlook(rows: Rows, at: datetime, price_factor: Decimal) -> Outlook:
    facts, period = facts_of(rows=rows, now=at)
    if price_factor != 1:
        facts = replace(facts, prices=_times(facts.prices, price_factor))
    decision = decide(facts, at)
    if decision.state in PASSING:
        facts = replace(facts, state=decision.state, plan=decision.plan)
        decision = decide(facts, at)
    running = decision.plan if decision.plan is not None and decision.plan.ended_at is None else None
    if running is None:
        return Outlook(at, facts, decision, _possible_plan(facts, at), False, period)
    plan = Plan(
        windows=running.windows,
        cost=running.smart_cost if running.smart_cost is not None else running.non_smart_cost,
        cost_charged_at_once=running.non_smart_cost,
        finish_at=running.estimated_finish_at,
        reason=running.reason,
    )
    return Outlook(at, facts, decision, plan, True, period)


def _times(prices: tuple[PriceInterval, ...], factor: Decimal) -> tuple[PriceInterval, ...]:
    return tuple(replace(price, price_per_kwh=Decimal(str(price.price_per_kwh)) * factor) for price in prices)


def _possible_plan(facts: Facts, at: datetime) -> Plan | None:
    need = need_of(facts.car, facts.policy)
    if need is None or need.energy_kwh <= 0:
        return None
    return planning.make_plan(facts, need, at, is_charging=facts.car.is_charging is True)


def _held_until(vehicle: Vehicle, at: datetime) -> Vehicle:
    """The car with its lease alive at that instant, if it is held."""
    if vehicle.hold_renew_by is None or vehicle.hold_until is None:
        return vehicle
    held = copy.copy(vehicle)
    held.hold_renew_by = min(max(vehicle.hold_renew_by, at + timedelta(minutes=1)), vehicle.hold_until)
    return held


def _view(view: VehicleView, supposition: Supposition, moved: timedelta) -> VehicleView:
    supposed = copy.copy(view)
    if view.observed_at is not None:
        supposed.observed_at, supposed.charging_observed_at = view.observed_at + moved, None
    if supposition.soc_percent != view.soc_percent:
        supposed.soc_percent, supposed.is_fully_charged = supposition.soc_percent, None
    if supposition.is_plugged_in is not (view.is_plugged_in is True):
        supposed.is_plugged_in, supposed.is_charging = supposition.is_plugged_in, False
        supposed.plugged_in_at = supposition.at if supposition.is_plugged_in else None
        supposed.power_delivery = (
            PowerDelivery.STOPPED.value if supposition.is_plugged_in else PowerDelivery.UNPLUGGED.value
        )
    supposed.location = supposition.location
    # Where it is supposed to stand, it was seen when it was plugged in.
    supposed.position_observed_at = supposed.plugged_in_at or supposed.observed_at
    return supposed


def _policy(rows: Rows, supposition: Supposition) -> Policy | None:
    """The policy with one deadline for every day, where another than the present one is supposed."""
    policy = copy.copy(rows.policy) if rows.policy is not None else Policy(updated_at=supposition.at)
    policy.is_enabled, policy.minimum_charge_limit = supposition.is_enabled, supposition.minimum_percent
    if supposition.deadline != policy.deadline:
        policy = Policy(
            is_enabled=policy.is_enabled,
            deadline=supposition.deadline,
            minimum_charge_limit=policy.minimum_charge_limit,
            max_windows=policy.max_windows,
            min_window_minutes=policy.min_window_minutes,
            updated_at=policy.updated_at,
        )
    return policy
