"""The plan in money; after it what really flowed and cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.core.states import EXECUTING, State
from charging.models import ChargingSession, Plan
from charging.models.sessions import EnergySource
from charging.operations.plan_saving import PlanMoney
from charging.views import formatting
from charging.views.sample_notice import price_note
from charging.views.session_sums import forced_sums, part_sums, session_sums
from charging.views.session_words import NO_ENERGY_KWH
from charging.views.situation import Situation
from charging.views.sums import Sum, saving_sum

WITH_MONEY = EXECUTING - {State.OVERRIDDEN} | {State.FINISHED}
"""While somebody charges against the plan, what the plan would have cost is no news."""


@dataclass(frozen=True, slots=True)
class Money:
    """Lines of money, how well they are known, and what they leave out. `session` leads to the numbers behind them."""

    heading: str
    badge: str
    is_estimate: bool
    sums: tuple[Sum, ...]
    note: str
    session: ChargingSession | None = None


def money_of(situation: Situation) -> Money | None:
    """What the plan costs, on average and against charging from plug-in: the running one, or the one there would be;
    after its end what was really charged. None where neither is known.
    """
    if situation.what_if is not None:
        found = situation.what_if.plan
        currency, recorded_on = situation.what_if.currency, situation.what_if.recorded_on
        energy_kwh = sum(window.energy_kwh for window in found.windows)
        sums = _sums(PlanMoney(found.cost, energy_kwh, Decimal(0), found.cost_charged_at_once), currency)
        note = price_note(recorded_on, is_spot_only=situation.is_spot_only)
        return _estimate(_("What it would cost"), (*forced_sums(found.windows, currency), *sums), note)
    if situation.result is not None:
        return _result(situation, situation.result)
    plan, money = situation.plan, situation.plan_money
    if plan is None or money is None or situation.state not in WITH_MONEY:
        return None
    sums = _sums(money, plan.currency)
    note = price_note(_recorded_on(situation, plan), is_spot_only=situation.is_spot_only)
    return _estimate(_heading(situation), (*_apart(situation), *sums), note)


def _recorded_on(situation: Situation, plan: Plan) -> tuple[date, ...]:
    """The days that the plan's sample prices are from: as the figure beside it says, else as they were then."""
    if situation.period is not None:
        return situation.period.recorded_between(plan.created_at, plan.deadline_at)
    return tuple(date.fromisoformat(day) for day in plan.prices_recorded_on)


def _heading(situation: Situation) -> str:
    if not situation.is_tonight:
        return _("In money")
    return _("Tonight in money") if situation.is_executing else _("The night in money")


def _estimate(heading: str, sums: tuple[Sum, ...], note: str) -> Money:
    return Money(heading, _("Estimate"), True, sums, note)


def _result(situation: Situation, session: ChargingSession) -> Money:
    is_estimate = session.energy_source != EnergySource.METERED
    badge = _("Estimated from the battery level") if is_estimate else _("Measured by the car")
    note = price_note(session.recorded_days(), is_spot_only=session.is_spot_only)
    if session.override_energy_kwh >= NO_ENERGY_KWH:
        note = _("What was charged against the plan is not counted as a saving.") + f" {note}"
    return Money(_heading(situation), badge, is_estimate, session_sums(session), note, session)


def _apart(situation: Situation) -> tuple[Sum, ...]:
    """What is no part of the plan: charged already up to the minimum or against it, or still to come below it."""
    session, plan = situation.session, situation.plan
    assert plan is not None, "a plan is shown"
    if session is not None and session.protective_energy_kwh + session.override_energy_kwh >= NO_ENERGY_KWH:
        return part_sums(session)
    return forced_sums(situation.windows, plan.currency)


def _sums(money: PlanMoney, currency: str) -> tuple[Sum, ...]:
    cost, at_once = money.cost, Sum(_("From plug-in"), formatting.about_money(money.at_once, currency))
    if cost is None:
        return (Sum(_("This plan"), _("known when the prices are")), at_once)
    sums = [Sum(_("This plan"), formatting.about_money(cost, currency))]
    if money.energy_kwh > 0:
        sums.append(Sum(_("Average price"), formatting.price(cost / Decimal(str(money.energy_kwh)), currency)))
    return (*sums, at_once, *(() if money.saving is None else (saving_sum(money.saving, currency),)))
