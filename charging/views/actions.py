"""What the driver can do on the dashboard: every form posts, and the answer is the dashboard with a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from charging.models import Vehicle
from charging.operations import overrides, policies
from charging.operations.clocks import wall_now
from charging.operations.due import look_again
from charging.operations.issues import Refused
from charging.operations.sweep import run_vehicle
from charging.views import formatting
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther, back_to_car, back_where, refused_at_car, set_up_url
from charging.views.card_actions import why_not_now
from charging.views.forms import ChargeNowForm, PauseForm, add_issues, sent
from charging.views.money import extra_cost_now
from charging.views.situation import Situation, load_situation
from charging.views.typed_values import with_typed

CHARGE_NOW_PATHS = {"untilPercent": "percent"}


@require_POST
@login_required
def check_now(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks the car. A simulated one answers at once; a real one when it does, so nobody waits for it here.

    A page that shows by itself when the car has answered names itself as `next`.
    """
    vehicle = own_vehicle(request, public_id)
    look_again(vehicle=vehicle, now=now_of(vehicle))
    if vehicle.is_simulated:
        run_vehicle(vehicle_id=vehicle.pk, at_wall=wall_now())
    if "next" in request.POST:
        return back_where(request)
    if vehicle.is_simulated:
        return back_to_car(request, vehicle, _("We asked your car, and it has answered."))
    return back_to_car(request, vehicle, _("We are asking your car. This page shows its answer when it comes."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def charge_now(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Charge now, against the plan: until full, to a level or for some time."""
    vehicle = own_vehicle(request, public_id)
    now = now_of(vehicle)
    situation = load_situation(vehicle, now)
    form = with_typed(ChargeNowForm(sent(request), initial={"until": "full"}), request)
    if request.method == "POST" and form.is_valid() and _is_within_limit(form, situation):
        extra = extra_cost_now(situation)
        try:
            overrides.charge_now(vehicle=vehicle, now=now, until_percent=_percent_of(form), until_at=_end_of(form, now))
        except Refused as refused:
            # The button on the dashboard has no fields: what refuses it is said there.
            if form.cleaned_data["until"] == "full":
                return refused_at_car(request, vehicle, refused)
            add_issues(form, refused, CHARGE_NOW_PATHS)
        else:
            sentence = _("Charge now is on.")
            if extra and form.cleaned_data["until"] == "full":
                sentence = _("Charge now is on. It costs about %(extra)s more than the plan.") % {"extra": extra}
            return back_to_car(request, vehicle, sentence)
    context = {
        "vehicle": vehicle,
        "form": form,
        "extra_cost": extra_cost_now(situation),
        "limit": formatting.percent(situation.limit_percent),
        "why_not": why_not_now(situation) if situation.is_on else _("Smart charging is off: the car charges anyway."),
    }
    return render(request, "charging/charge_now.html", context)


def _is_within_limit(form: ChargeNowForm, situation: Situation) -> bool:
    """Whether the car will go as far as was asked; if not, the form says where it stops."""
    level = _percent_of(form)
    if level is None or level <= situation.limit_percent:
        return True
    limit = formatting.percent(situation.limit_percent)
    form.add_error("percent", _("Level must be %(limit)s or less: your car stops there") % {"limit": limit})
    return False


def _percent_of(form: ChargeNowForm) -> float | None:
    return form.cleaned_data["percent"] if form.cleaned_data["until"] == "percent" else None


def _end_of(form: ChargeNowForm, now: datetime) -> datetime | None:
    if form.cleaned_data["until"] != "minutes":
        return None
    return now + timedelta(minutes=form.cleaned_data["minutes"])


@require_POST
@login_required
def end_override(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Back to smart charging, whoever had taken over."""
    vehicle = own_vehicle(request, public_id)
    try:
        ended = overrides.end_override(vehicle=vehicle, now=now_of(vehicle))
    except Refused as refused:
        return refused_at_car(request, vehicle, refused)
    if ended is None:
        return back_to_car(request, vehicle, _("Smart charging was already in control."))
    return back_to_car(request, vehicle, _("Smart charging is back in control."))


@require_POST
@login_required
def was_me(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The driver started the car elsewhere and says so."""
    vehicle = own_vehicle(request, public_id)
    if overrides.claim(vehicle=vehicle, now=now_of(vehicle)) is None:
        return back_to_car(request, vehicle, _("Smart charging was already in control."))
    return back_to_car(request, vehicle, _("Good to know. We ask no more about it until you unplug."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pause(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pauses smart charging until the next plug-in, or until it is turned on."""
    vehicle = own_vehicle(request, public_id)
    form = with_typed(PauseForm(sent(request), initial={"until": "plug_in"}), request)
    if request.method == "POST" and form.is_valid():
        if not is_on(vehicle):
            return back_to_car(request, vehicle, _("Smart charging was already off."))
        until_plug_in = form.cleaned_data["until"] == "plug_in"
        policies.pause(vehicle=vehicle, now=now_of(vehicle), until_plug_in=until_plug_in)
        if until_plug_in:
            return back_to_car(request, vehicle, _("Smart charging is paused until you plug in the next time."))
        return back_to_car(request, vehicle, _("Smart charging is paused until you turn it on."))
    return render(request, "charging/pause.html", {"vehicle": vehicle, "form": form})


@require_POST
@login_required
def turn_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Turns smart charging on with the policy as it is stored; without one the wizard asks for it."""
    vehicle = own_vehicle(request, public_id)
    policy = getattr(vehicle, "policy", None)
    if policy is None or policy.deadline is None:
        return SeeOther(set_up_url(vehicle))
    try:
        policies.set_policy(
            vehicle=vehicle,
            is_enabled=True,
            minimum_charge_limit=policy.minimum_charge_limit,
            now=now_of(vehicle),
        )
    except Refused as refused:
        return refused_at_car(request, vehicle, refused)
    return back_to_car(request, vehicle, _("Smart charging is on."))


def is_on(vehicle: Vehicle) -> bool:
    policy = getattr(vehicle, "policy", None)
    return policy is not None and policy.is_enabled
