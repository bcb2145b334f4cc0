"""The plan as the dashboard shows it: the figure of the running or last plan, or of the plan there would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from charging.core.facts import Window
from charging.core.states import State
from charging.models import ChargingSession, Plan
from charging.operations.prices import PricePeriod
from charging.views import formatting
from charging.views.clock_change import clock_change_of
from charging.views.plan_basis import basis_of
from charging.views.plan_figure import PlanFigure, draw_past_plan, draw_plan
from charging.views.plan_table import past_caption
from charging.views.plan_warnings import plan_warnings
from charging.views.sample_notice import price_note
from charging.views.session_words import NO_ENERGY_KWH
from charging.views.situation import Situation

OVER = frozenset({State.FINISHED, State.UNPLUGGED, State.FAILED, State.ENDED_DISABLED})


@dataclass(frozen=True, slots=True)
class PlanView:
    """Heading and figure with its note; `recorded_on` holds the days that sample prices are from.

    `ready` says when the car will be ready and how much time is left then, as long as that lies ahead; `basis` what
    earlier plug-ins have to do with it. `warnings` say what may still change.
    """

    heading: str
    figure: PlanFigure
    note: str
    recorded_on: tuple[date, ...]
    ready: str = ""
    basis: str = ""
    warnings: Sequence[str] = ()


def plan_view(situation: Situation) -> PlanView | None:
    """The figure of the running or the last plan, or of the plan there would be.

    None where the car has none, and while somebody charges against it.
    """
    if situation.what_if is not None:
        return _what_if_view(situation)
    plan, period = situation.plan, situation.period
    if plan is None or period is None or not situation.windows or situation.state == State.OVERRIDDEN:
        return None
    if not situation.is_executing:
        return _past_view(situation, plan, period) if situation.state in OVER else None
    recorded_on = period.recorded_between(situation.now, plan.deadline_at)
    figure = draw_plan(
        intervals=situation.prices,
        windows=situation.windows,
        now=situation.now,
        deadline_at=plan.deadline_at,
        timezone=situation.timezone,
        currency=plan.currency,
        soc_percent=_level(situation),
        soc_after_percent=situation.limit_percent,
        cost_charged_at_once=None if _is_beside(situation) else plan.non_smart_cost,
    )
    ready = _ready(situation.windows, plan.deadline_at, situation)
    return PlanView(
        heading=_heading(plan.deadline_at, situation),
        figure=figure,
        note=price_note(recorded_on, is_spot_only=situation.is_spot_only),
        recorded_on=recorded_on,
        ready=ready,
        basis=basis_of(situation),
        warnings=plan_warnings(situation),
    )


def _ready(windows: Sequence[Window], deadline_at: datetime, situation: Situation) -> str:
    """When the last window ends, and the time kept free after it; empty for a plan that is late or has no window."""
    ready_at = windows[-1].end if windows else deadline_at
    if ready_at >= deadline_at:
        return ""
    day = formatting.day_word(ready_at, situation.now, situation.timezone)
    today, later = (
        _("Ready at about %(time)s, %(reserve)s in reserve."),
        _("Ready %(day)s at about %(time)s, %(reserve)s in reserve."),
    )
    return (later if day else today) % {
        "day": day,
        "time": formatting.clock(ready_at, situation.timezone),
        "reserve": formatting.duration(deadline_at - ready_at),
    }


def _past_view(situation: Situation, plan: Plan, period: PricePeriod) -> PlanView:
    figure = draw_past_plan(
        intervals=situation.prices,
        windows=situation.windows,
        starts_at=plan.created_at,
        deadline_at=plan.deadline_at,
        timezone=situation.timezone,
        currency=plan.currency,
        caption=past_caption(
            windows=situation.windows,
            has_finished=situation.state == State.FINISHED,
            timezone=situation.timezone,
            currency=plan.currency,
            cost=situation.result.cost if situation.result is not None else None,
            is_whole=_is_more(situation.result),
        ),
    )
    recorded_on = period.recorded_between(plan.created_at, plan.deadline_at)
    note = price_note(recorded_on, is_spot_only=situation.is_spot_only)
    return PlanView(_("The last plan"), figure, note, recorded_on)


def _is_beside(situation: Situation) -> bool:
    """Whether something was paid against the plan: its own cost alone cannot be compared with charging at once."""
    return situation.plan_money is not None and situation.plan_money.beside != 0


def _is_more(session: ChargingSession | None) -> bool:
    """Whether a plug-in took more than what its plan wanted."""
    if session is None:
        return False
    return session.protective_energy_kwh + session.override_energy_kwh >= NO_ENERGY_KWH


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
        note=price_note(what_if.recorded_on, is_spot_only=situation.is_spot_only),
        recorded_on=what_if.recorded_on,
        ready=_ready(what_if.plan.windows, what_if.deadline_at, situation),
        basis=basis_of(situation),
        warnings=[words for words in (clock_change_of(situation),) if words],
    )


def _level(situation: Situation) -> float | None:
    return situation.view.soc_percent if situation.view is not None else None


def _heading(deadline_at: datetime, situation: Situation) -> str:
    if situation.is_tonight:
        return _("Plan for tonight")
    return _("Plan until %(time)s") % {
        "time": formatting.day_clock(deadline_at, situation.now, situation.timezone),
    }
