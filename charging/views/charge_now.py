"""Charge now, against the plan: until full, to a level or for some time, with what that costs before it is pressed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from charging.models import SmartOverride
from charging.operations import overrides
from charging.operations.issues import Refused
from charging.views import formatting
from charging.views.access import now_of, own_vehicle
from charging.views.answers import back_to_car, refused_at_car
from charging.views.card_actions import why_not_now
from charging.views.charge_now_cost import cost_sentence, extra_cost_now
from charging.views.forms import ChargeNowForm, add_issues, sent
from charging.views.situation import Situation, load_situation
from charging.views.typed_values import with_typed

PATHS = {"untilPercent": "percent"}
ONLY_SHOW = "only_show"
"""The name of the button that shows what it costs, and changes nothing."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def charge_now(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page, and what is sent from it or from the button on the dashboard."""
    vehicle = own_vehicle(request, public_id)
    now = now_of(vehicle)
    situation = load_situation(vehicle, now)
    form = with_typed(_form(situation, sent(request), initial={"until": "full"}), request)
    is_good = request.method == "POST" and form.is_valid() and _is_level_possible(form, situation)
    if is_good and ONLY_SHOW not in request.POST:
        percent, end = _percent_of(form), _end_of(form, now)
        extra = extra_cost_now(situation, until_percent=percent, until_at=end)
        try:
            override = overrides.charge_now(vehicle=vehicle, now=now, until_percent=percent, until_at=end)
        except Refused as refused:
            # The button on the dashboard has no fields: what refuses it is said there.
            if form.cleaned_data["until"] == "full":
                return refused_at_car(request, vehicle, refused)
            add_issues(form, refused, PATHS)
        else:
            return back_to_car(request, vehicle, _confirmation(override, extra))
    context = {
        "vehicle": vehicle,
        "form": form,
        "cost": "" if form.errors else _cost(form if is_good else None, situation),
        "limit": formatting.percent(situation.limit_percent),
        "why_not": why_not_now(situation) if situation.is_on else _("Smart charging is off: the car charges anyway."),
    }
    return render(request, "charging/charge_now.html", context)


@never_cache
@require_safe
def cost(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the values typed so far would cost; nothing while they cannot be understood.

    A visitor whose session is over gets the page anew, and with it the sign-in.
    """
    if not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    vehicle = own_vehicle(request, public_id)
    situation = load_situation(vehicle, now_of(vehicle))
    form = _form(situation, request.GET)
    is_good = form.is_valid() and _is_level_possible(form, situation)
    return render(request, "charging/charge_now.html#cost", {"cost": _cost(form, situation) if is_good else ""})


def _form(situation: Situation, *args: Any, **kwargs: Any) -> ChargeNowForm:
    return ChargeNowForm(*args, limit_percent=situation.limit_percent, **kwargs)


def _cost(form: ChargeNowForm | None, situation: Situation) -> str:
    """What the form's values cost; without a form what charging to the limit does."""
    if form is None:
        return cost_sentence(situation, None, None)
    return cost_sentence(situation, _percent_of(form), _end_of(form, situation.now))


def _confirmation(override: SmartOverride, extra: str) -> str:
    if override.ended_at is not None:
        return _("The battery is at the limit set in your car.")
    if not extra:
        return _("Charge now is on.")
    return _("Charge now is on. It costs about %(extra)s more than the plan.") % {"extra": extra}


def _is_level_possible(form: ChargeNowForm, situation: Situation) -> bool:
    """Whether the car can be charged to the level that was asked; if not, the form says why."""
    level = _percent_of(form)
    if level is None:
        return True
    if level > situation.limit_percent:
        limit = formatting.percent(situation.limit_percent)
        form.add_error("percent", _("Level must be %(limit)s or less: your car stops there") % {"limit": limit})
    elif issues := overrides.level_issues(situation.view, level):
        add_issues(form, Refused(issues), PATHS)
    return not form.errors


def _percent_of(form: ChargeNowForm) -> float | None:
    return form.cleaned_data["percent"] if form.cleaned_data["until"] == "percent" else None


def _end_of(form: ChargeNowForm, now: datetime) -> datetime | None:
    if form.cleaned_data["until"] != "minutes":
        return None
    return now + timedelta(minutes=form.cleaned_data["minutes"])
