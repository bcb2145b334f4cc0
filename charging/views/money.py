"""The plan in money, and what charging at once would cost more."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.core.planning import cost_between
from charging.core.states import EXECUTING, State
from charging.views import formatting
from charging.views.situation import Situation

NOTHING = Decimal("0.005")
WITH_MONEY = EXECUTING - {State.OVERRIDDEN} | {State.FINISHED}
"""While somebody charges against the plan, what the plan would have cost is no news."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of components/sums.html."""

    label: str
    value: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    heading: str
    sums: tuple[Sum, ...]


def money_of(situation: Situation) -> Money | None:
    """What the plan costs, on average and against charging from plug-in: the running one, the one that was carried out
    to its end, or the one there would be. None otherwise: what a plan that was broken off has cost is not known.
    """
    if situation.what_if is not None:
        found = situation.what_if.plan
        energy_kwh = sum(window.energy_kwh for window in found.windows)
        sums = _sums(found.cost, found.cost_charged_at_once, energy_kwh, situation.what_if.currency)
        return Money(_("What it would cost"), sums)
    plan = situation.plan
    if plan is None or situation.state not in WITH_MONEY:
        return None
    energy_kwh = sum(window.energy_kwh for window in situation.windows)
    sums = _sums(plan.smart_cost, plan.non_smart_cost, energy_kwh, plan.currency)
    if not situation.is_executing:
        return Money(_("The night in money") if situation.is_tonight else _("In money"), sums)
    return Money(_("Tonight in money") if situation.is_tonight else _("In money"), sums)


def _sums(cost: Decimal | None, cost_at_once: Decimal, energy_kwh: float, currency: str) -> tuple[Sum, ...]:
    at_once = Sum(_("From plug-in"), formatting.about_money(cost_at_once, currency))
    if cost is None:
        return (Sum(_("This plan"), _("known when the prices are")), at_once)
    sums = [Sum(_("This plan"), formatting.about_money(cost, currency))]
    if energy_kwh > 0:
        sums.append(Sum(_("Average price"), formatting.price(cost / Decimal(str(energy_kwh)), currency)))
    return (*sums, at_once, _saving(cost_at_once - cost, currency))


def _saving(saved: Decimal, currency: str) -> Sum:
    """The saving, said as what it is when it is a loss."""
    if saved <= -NOTHING:
        return Sum(_("Costs more"), formatting.about_money(-saved, currency), is_total=True)
    return Sum(_("Saving"), formatting.about_money(max(saved, Decimal(0)), currency), is_total=True)


def extra_cost_now(situation: Situation) -> str:
    """What charging to the limit at once would cost more than the rest of the plan; empty where that is not known."""
    plan, need, ready_at = situation.plan, situation.need, situation.ready_at
    if not situation.is_executing or plan is None or need is None or ready_at is None or not situation.prices:
        return ""
    if any(window.is_estimate for window in situation.windows):
        return ""
    at_once = cost_between(situation.prices, situation.now, ready_at, need.energy_kwh)
    left = Decimal(0)
    for window in situation.windows:
        if window.end > situation.now:
            share = (window.end - max(window.start, situation.now)) / (window.end - window.start)
            left += window.cost * Decimal(str(share))
    extra = at_once - left
    return formatting.money(extra, plan.currency) if extra >= NOTHING else ""
