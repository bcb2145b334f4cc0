"""What a plan would look like, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from charging.core import planning
from charging.core.facts import Facts, Plan, PolicyFacts, PriceInterval
from charging.core.need import Need, need_of
from charging.core.states import State
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.operations.exchange_rates import in_money_of
from charging.operations.facts import place_where_it_charges, policy_at, thresholds_of
from charging.operations.foreign_window import foreign_window
from charging.operations.learning import known_car
from charging.operations.place_prices import known_and_estimated, prices_for


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan that nobody carries out, with the prices and the place it was made for.

    `is_worth_it` says whether the rules would carry it out: it saves enough, with a pause that is long enough.
    """

    plan: Plan
    prices: tuple[PriceInterval, ...]
    currency: str
    price_area_code: str
    recorded_on: tuple[date, ...]
    need: Need
    location: Location
    deadline_at: datetime
    is_worth_it: bool


def preview(*, vehicle: Vehicle, now: datetime, policy: Policy | None = None) -> Preview | None:
    """The plan if the car were plugged in now, where it stands or else at its driver's first place.

    With `policy` (it need not be stored) what that policy would lead to. None while place, prices, battery level or
    deadline are not known.
    """
    view = VehicleView.objects.with_priced_location().select_related("vehicle__driver").get(vehicle=vehicle)
    vehicle = view.vehicle
    location = place_where_it_charges(view) or _first_place(vehicle)
    policy = policy or Policy.objects.filter(vehicle=vehicle).first()
    if location is None or policy is None:
        return None
    wanted = policy_at(policy=policy, timezone_name=location.timezone_name, after=now)
    return _plan_for(vehicle, view, location, wanted, now)


def _first_place(vehicle: Vehicle) -> Location | None:
    places = Location.objects.of_driver(vehicle.driver).with_prices()
    return places.order_by("created_at", "pk").first()


def _plan_for(
    vehicle: Vehicle, view: VehicleView, location: Location, policy: PolicyFacts, now: datetime
) -> Preview | None:
    car = replace(known_car(vehicle=vehicle, view=view, location=location), is_plugged_in=True)
    deadline_at, need = policy.deadline_at, need_of(car, policy)
    if deadline_at is None or need is None or need.energy_kwh <= 0:
        return None
    period = prices_for(location=location, driver=vehicle.driver, start=now, end=deadline_at, now=now)
    if period is None:
        return None
    prices = known_and_estimated(period, now, deadline_at, location)
    supposed = Facts(
        state=State.CONSIDERING,
        car=car,
        policy=replace(policy, is_enabled=True),
        location_id=location.pk,
        has_locations=True,
        prices=prices,
        foreign_window=foreign_window(vehicle, location.timezone_name, now, deadline_at),
        thresholds=in_money_of(thresholds_of(vehicle), period),
    )
    plan = planning.make_plan(supposed, need, now, is_charging=True)
    if plan is None:
        return None
    return Preview(
        plan=plan,
        prices=prices,
        currency=period.currency,
        price_area_code=period.area_code,
        recorded_on=period.recorded_between(now, deadline_at),
        need=need,
        location=location,
        deadline_at=deadline_at,
        is_worth_it=planning.is_worth_it(plan, supposed, now),
    )


def supposed_policy(*, vehicle: Vehicle, deadline: time | None, minimum_charge_limit: float, now: datetime) -> Policy:
    """An unstored policy, to look ahead with."""
    return Policy(
        vehicle=vehicle,
        is_enabled=deadline is not None,
        deadline=deadline,
        minimum_charge_limit=minimum_charge_limit,
        updated_at=now,
    )
