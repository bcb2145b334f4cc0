"""What Charge now costs more than the plan: to the car's limit, to a level, or for some time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.core import energy
from charging.core.energy import ASSUMED_TAPER
from charging.core.facts import Car
from charging.core.need import Need, expected_power_kw, need_of
from charging.core.planner import plan as plan_cheapest
from charging.core.planning import cost_between
from charging.operations.facts import policy_at
from charging.views import formatting
from charging.views.session_words import NOTHING
from charging.views.situation import Situation


def extra_cost_now(
    situation: Situation, *, until_percent: float | None = None, until_at: datetime | None = None
) -> str:
    """What charging at once to the limit, to a level or until an instant costs more than the rest of the plan.

    What is left to charge then waits for its cheapest hours again. Empty where it costs no more, or is not known.
    """
    extra = _extra(situation, until_percent, until_at)
    return "" if extra is None else _words(situation, extra)


def _words(situation: Situation, extra: Decimal) -> str:
    """The difference with its currency; empty where it is nothing."""
    return "" if situation.plan is None or extra < NOTHING else formatting.money(extra, situation.plan.currency)


def cost_sentence(situation: Situation, until_percent: float | None, until_at: datetime | None) -> str:
    """The same as a sentence; empty while no plan is carried out that it could be compared with, or it is not known."""
    if not situation.is_executing or situation.plan is None:
        return ""
    if any(window.is_estimate for window in situation.windows):
        return _("What it costs more is known when the prices are published.")
    extra = _extra(situation, until_percent, until_at)
    if extra is None:
        return ""
    values = {
        "limit": formatting.percent(situation.limit_percent if until_percent is None else until_percent),
        "duration": formatting.duration(until_at - situation.now) if until_at is not None else "",
        "extra_cost": _words(situation, extra),
    }
    if not values["extra_cost"]:
        return _("That costs no more than the plan.")
    if until_at is not None:
        return _("Charging for %(duration)s now costs about %(extra_cost)s more than the plan.") % values
    return _("Charging until %(limit)s now costs about %(extra_cost)s more than the plan.") % values


def _extra(situation: Situation, until_percent: float | None, until_at: datetime | None) -> Decimal | None:
    """The difference; None where it is not known."""
    plan, need, car = situation.plan, situation.need, situation.car
    if not situation.is_executing or plan is None or need is None or car is None or not situation.prices:
        return None
    if any(window.is_estimate for window in situation.windows):
        return None
    now, level = situation.now, _level_after(situation, car, until_percent, until_at)
    first = _need(situation, replace(car, charge_limit_percent=level))
    then = _need(situation, replace(car, soc_percent=level))
    at_once = cost_between(situation.prices, now, now + first.duration, first.energy_kwh)
    return at_once + _rest(situation, then, now + first.duration) - _left(situation)


def _level_after(situation: Situation, car: Car, until_percent: float | None, until_at: datetime | None) -> float:
    """The level at which charging at once ends."""
    assert car.soc_percent is not None, "what the car needs is known"
    assert car.battery_capacity_kwh is not None, "what the car needs is known"
    level = car.charge_limit_percent if until_percent is None else until_percent
    if until_at is not None:
        taper = car.learned.taper if car.learned is not None else ASSUMED_TAPER
        length = max(until_at - situation.now, timedelta())
        capacity, power_kw = car.battery_capacity_kwh, expected_power_kw(car)
        level = energy.soc_after(car.soc_percent, length, capacity, power_kw, taper=taper)
    return max(car.soc_percent, min(level, car.charge_limit_percent))


def _need(situation: Situation, car: Car) -> Need:
    policy = policy_at(policy=situation.policy, timezone_name=situation.timezone_name, after=situation.now)
    need = need_of(car, policy)
    assert need is not None, "what the car needs is known"
    return need


def _rest(situation: Situation, need: Need, start: datetime) -> Decimal:
    """What the rest costs in its cheapest hours; at once where the deadline is too near for any choice."""
    plan = situation.plan
    assert plan is not None, "it is compared with a plan"
    if need.energy_kwh <= 0:
        return Decimal(0)
    if start >= plan.deadline_at:
        return cost_between(situation.prices, start, start + need.duration, need.energy_kwh)
    return plan_cheapest(
        intervals=[interval for interval in situation.prices if interval.end > start],
        energy_kwh=need.energy_kwh,
        power_kw=need.power_kw,
        now=start,
        deadline=plan.deadline_at,
        reserve=need.reserve,
        is_charging=True,
    ).cost


def _left(situation: Situation) -> Decimal:
    """What is still to be paid by the plan as it stands."""
    left = Decimal(0)
    for window in situation.windows:
        if window.end > situation.now:
            share = (window.end - max(window.start, situation.now)) / (window.end - window.start)
            left += window.cost * Decimal(str(share))
    return left
