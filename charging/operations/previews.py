"""What a plan would look like, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from charging.core import planning
from charging.core.case import Case
from charging.core.facts import Plan, PolicyFacts, PriceInterval
from charging.core.need import Need
from charging.core.states import State
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.operations.facts import known_and_estimated, load_facts, place_of_this_plug_in, policy_at, prices_for


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan that nobody carries out, with the prices and the place it was made for."""

    plan: Plan
    prices: tuple[PriceInterval, ...]
    currency: str
    price_area_code: str
    recorded_on: tuple[date, ...]
    need: Need
    location: Location
    deadline_at: datetime


def preview(*, vehicle: Vehicle, now: datetime, policy: Policy | None = None) -> Preview | None:
    """The plan if the car were plugged in now, where it stands or else at its driver's first place.

    With `policy` (it need not be stored) what that policy would lead to. None while place, prices, battery level or
    deadline are not known.
    """
    view = VehicleView.objects.select_related("location__price_area", "location__example_area").get(vehicle=vehicle)
    location = place_of_this_plug_in(view) or _first_place(vehicle)
    policy = policy or Policy.objects.filter(vehicle=vehicle).first()
    if location is None or policy is None:
        return None
    wanted = policy_at(policy=policy, timezone_name=location.timezone_name, after=now)
    return _plan_for(vehicle, location, wanted, now)


def _first_place(vehicle: Vehicle) -> Location | None:
    places = Location.objects.of_driver(vehicle.driver).select_related("price_area", "example_area")
    return places.order_by("created_at", "pk").first()


def _plan_for(vehicle: Vehicle, location: Location, policy: PolicyFacts, now: datetime) -> Preview | None:
    deadline_at = policy.deadline_at
    if deadline_at is None:
        return None
    period = prices_for(location=location, driver=vehicle.driver, start=now, end=deadline_at, now=now)
    if period is None:
        return None
    prices = known_and_estimated(period, now, deadline_at, location)
    facts, _ = load_facts(vehicle=vehicle, now=now)
    supposed = replace(
        facts,
        state=State.CONSIDERING,
        car=replace(facts.car, is_plugged_in=True),
        policy=replace(policy, is_enabled=True),
        location_id=location.pk,
        prices=prices,
        plan=None,
        override=None,
    )
    case = Case(supposed, now)
    if case.need is None or case.need.energy_kwh <= 0:
        return None
    plan = planning.make_plan(supposed, case.need, now, is_charging=True)
    if plan is None:
        return None
    recorded = period.recorded_between(now, deadline_at)
    return Preview(plan, prices, period.currency, period.area_code, recorded, case.need, location, deadline_at)


def supposed_policy(*, vehicle: Vehicle, deadline: time | None, minimum_charge_limit: float, now: datetime) -> Policy:
    """An unstored policy, to look ahead with."""
    return Policy(
        vehicle=vehicle,
        is_enabled=deadline is not None,
        deadline=deadline,
        minimum_charge_limit=minimum_charge_limit,
        updated_at=now,
    )
