"""What if: the rules on changed facts, beside what they say of the facts as they are. Nothing is stored or sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.admin.case_next import action_words
from charging.admin.case_table import word
from charging.admin.read_only import Screen
from charging.admin.what_if_form import WhatIfForm
from charging.core.states import EXECUTING
from charging.models import Vehicle
from charging.operations.clocks import own_now
from charging.operations.what_if import Outlook, outlook, suppose
from charging.views import formatting
from charging.views.plan_figure import PlanFigure, draw_plan
from charging.views.situation import Situation, load_situation
from charging.views.status_card import StatusCard, make_card
from charging.views.supposed_situation import supposed_situation

PRICES = {"plan-now": gettext_lazy("All prices as they are"), "plan-supposed": gettext_lazy("All prices as supposed")}
"""The table of prices below each picture, by the id of the picture."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One side of the comparison: the decision, in the driver's words too, and the plan with its picture."""

    outlook: Outlook
    card: StatusCard
    figure: PlanFigure | None
    currency: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the comparison."""

    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def what_if_page(*, screen: Screen, request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    """Returns the page with the form and, once it is filled in rightly, what would be decided beside what is."""
    cars = Vehicle.objects.with_everything_shown().select_related(
        "view__location__example_area", "view__location__terms", "driver__account"
    )
    whole = cars.get(pk=vehicle.pk)
    now = own_now(driver=whole.driver)
    situation = load_situation(whole, now)
    form = WhatIfForm(situation, request.GET or None)
    context = {
        **screen.admin_site.each_context(request),
        "title": _("What if"),
        "subtitle": str(whole),
        "opts": screen.opts,
        "original": whole,
        "form": form,
        "zone": situation.timezone_name,
        "is_known": situation.view is not None,
    }
    if situation.view is not None and form.is_valid():
        context |= _compared(whole, situation, form)
    return TemplateResponse(request, "admin/what_if.html", context)


def _compared(vehicle: Vehicle, situation: Situation, form: WhatIfForm) -> dict[str, object]:
    now = situation.now
    before = _answer(vehicle, outlook(vehicle=vehicle, now=now), "plan-now")
    supposed = suppose(vehicle=vehicle, now=now, supposition=form.supposition())
    after = _answer(vehicle, supposed, "plan-supposed")
    return {"before": before, "after": after, "differences": differences(before, after, situation.timezone_name)}


def _answer(vehicle: Vehicle, found: Outlook, figure_id: str) -> Answer:
    currency = found.period.currency if found.period is not None else "EUR"
    supposed = supposed_situation(
        vehicle=vehicle, facts=found.facts, decision=found.decision, at=found.at, currency=currency
    )
    figure = _figure(found, supposed, currency, figure_id)
    return Answer(outlook=found, card=make_card(supposed), figure=figure, currency=currency)


def _figure(found: Outlook, supposed: Situation, currency: str, figure_id: str) -> PlanFigure | None:
    deadline_at = _deadline_of(found)
    if found.plan is None or not found.plan.windows or deadline_at is None:
        return None
    figure = draw_plan(
        intervals=found.facts.prices,
        windows=found.plan.windows,
        now=found.at,
        deadline_at=deadline_at,
        timezone=supposed.timezone,
        currency=currency,
        soc_percent=found.facts.car.soc_percent,
        soc_after_percent=supposed.limit_percent,
        cost_charged_at_once=found.plan.cost_charged_at_once,
        figure_id=figure_id,
    )
    # Both pictures bring a table of all prices, and each needs a name of its own.
    return replace(figure, prices_caption=str(PRICES[figure_id]))


def _deadline_of(found: Outlook) -> datetime | None:
    running = found.decision.plan
    if running is not None and found.decision.state in EXECUTING:
        return running.deadline_at
    return found.facts.policy.deadline_at


def differences(before: Answer, after: Answer, zone: str) -> list[Difference]:
    """Returns line by line how the two differ."""
    told = zip(_told(before, zone), _told(after, zone), strict=True)
    return [Difference(name, was, would_be) for (name, was), (_name, would_be) in told]


def _told(answer: Answer, zone: str) -> list[tuple[str, str]]:
    found, plan = answer.outlook, answer.outlook.plan
    spans = [formatting.span(window.start, window.end, ZoneInfo(zone)) for window in plan.windows] if plan else []
    return [
        (_("clock"), word(found.at, zone)),
        (_("what the driver reads"), f"{answer.card.headline}. {answer.card.sentence}"),
        (_("state"), found.decision.state.value),
        (_("rule"), found.decision.rule),
        (_("wanted action"), action_words(found.decision)),
        (_("ready by"), word(_deadline_of(found), zone)),
        (_("a plan is carried out"), word(found.is_carried_out)),
        (_("hours of the plan"), ", ".join(spans) or "-"),
        (_("energy in kWh"), word(sum(window.energy_kwh for window in plan.windows) if plan else None)),
        (_("cost"), formatting.money(plan.cost, answer.currency) if plan else "-"),
        (_("cost when charged at once"), formatting.money(plan.cost_charged_at_once, answer.currency) if plan else "-"),
        (_("finished"), word(plan.finish_at if plan else None, zone)),
        (_("next look"), word(found.decision.next_evaluation_at, zone)),
    ]
