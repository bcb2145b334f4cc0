"""The plan as the dashboard shows it: the figure of the running or last plan, or of the plan there would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from charging.core.facts import Window
from charging.core.states import State
from charging.views import formatting
from charging.views.money import Sum, plan_sums, what_if_sums
from charging.views.plan_figure import PlanFigure, draw_plan
from charging.views.sample_notice import price_note
from charging.views.situation import Situation


@dataclass(frozen=True, slots=True)
class PlanView:
    """Heading, figure with its note, and the money; `recorded_on` holds the days that sample prices are from."""

    heading: str
    figure: PlanFigure
    note: str
    money_heading: str
    sums: tuple[Sum, ...]
    recorded_on: tuple[date, ...]


def plan_view(situation: Situation) -> PlanView | None:
    """The figure of the plan, or of the plan there would be; None where the car has neither."""
    if situation.what_if is not None:
        return _what_if_view(situation)
    plan, period = situation.plan, situation.period
    if plan is None or period is None or not situation.windows or situation.state == State.UNPLUGGED:
        return None
    shown_from = situation.now if situation.is_executing else min(plan.created_at, situation.now)
    recorded_on = period.recorded_between(shown_from, plan.deadline_at)
    figure = draw_plan(
        intervals=situation.prices,
        windows=situation.windows,
        now=shown_from,
        deadline_at=plan.deadline_at,
        timezone=situation.timezone,
        currency=plan.currency,
        soc_percent=_level(situation) if situation.is_executing else None,
        soc_after_percent=situation.limit_percent if situation.is_executing else None,
        cost_charged_at_once=plan.non_smart_cost,
    )
    heading = _heading(plan.deadline_at, situation) if situation.is_executing else _("The last plan")
    money_heading = _("Tonight in money") if _is_night(situation.windows, situation) else _("In money")
    return PlanView(heading, figure, price_note(recorded_on), money_heading, plan_sums(situation), recorded_on)


def _what_if_view(situation: Situation) -> PlanView:
    what_if = situation.what_if
    assert what_if is not None, "there is a plan to look at"
    figure = draw_plan(
        intervals=what_if.prices,
        windows=what_if.plan.windows,
        now=situation.now,
        deadline_at=what_if.deadline_at,
        timezone=situation.timezone,
        currency=what_if.currency,
        soc_percent=_level(situation),
        soc_after_percent=situation.limit_percent,
        cost_charged_at_once=what_if.plan.cost_charged_at_once,
    )
    return PlanView(
        heading=_("If you plug in now"),
        figure=figure,
        note=price_note(what_if.recorded_on),
        money_heading=_("What it would cost"),
        sums=what_if_sums(what_if.plan, what_if.currency),
        recorded_on=what_if.recorded_on,
    )


def _level(situation: Situation) -> float | None:
    return situation.view.soc_percent if situation.view is not None else None


def _heading(deadline_at: datetime, situation: Situation) -> str:
    if _is_night(situation.windows, situation):
        return _("Plan for tonight")
    return _("Plan until %(time)s") % {
        "time": formatting.day_clock(deadline_at, situation.now, situation.timezone),
    }


def _is_night(windows: Sequence[Window], situation: Situation) -> bool:
    """Whether any charging is planned between 22:00 and 06:00."""
    hours = {window.start.astimezone(situation.timezone).hour for window in windows}
    return any(hour >= 22 or hour < 6 for hour in hours)
