"""Two questions about one car, each on a page: ready by when, and never below what."""

from __future__ import annotations

from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Policy, Vehicle
from charging.operations import policies, ready_by_tonight
from charging.operations.issues import Refused
from charging.views import formatting
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther, back_to_car, set_up_url
from charging.views.clock_change import clock_change_of, clock_change_words
from charging.views.deadline_words import deadlines_in_words, usual_next
from charging.views.forms import MinimumForm, ReadyByForm, add_issues, sent
from charging.views.minimum_repair import floor_words
from charging.views.ready_by_ahead import looked_ahead
from charging.views.situation import Situation, load_situation
from charging.views.typed_values import with_typed

LOOKS_AHEAD = {"hx-trigger": "input changed delay:500ms", "hx-target": "#preview", "hx-swap": "innerHTML"}
PATHS = {"deadline": "ready_by", "minimumChargeLimit": "minimum"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ready_by(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Changes when the car has to be ready, for the next time or for every day."""
    vehicle = own_vehicle(request, public_id)
    policy: Policy | None = getattr(vehicle, "policy", None)
    if policy is None or policy.deadline is None:
        return redirect(set_up_url(vehicle))
    situation = load_situation(vehicle, now_of(vehicle))
    initial = {"ready_by": _shown(situation, policy.deadline), "scope": "tonight", "version": policy.version}
    form = with_typed(ReadyByForm(sent(request), initial=initial), request)
    if request.method == "POST" and form.is_valid() and is_fresh(form, policy, "ready_by", f"{policy.deadline:%H:%M}"):
        save = _save_tonight if form.cleaned_data["scope"] == "tonight" else _save_every_day
        try:
            return save(request, vehicle, policy, form.cleaned_data["ready_by"])
        except Refused as refused:
            add_issues(form, refused, PATHS)
    form.fields["ready_by"].widget.attrs |= LOOKS_AHEAD | {
        "hx-get": reverse("car_ready_by_fragment", args=[vehicle.public_id])
    }
    preview = looked_ahead(vehicle, str(form["ready_by"].value() or ""))
    context = {"vehicle": vehicle, "form": form, "preview": preview, "every_day": deadlines_in_words(policy)}
    context |= {"situation": situation, "clock_change": clock_change_of(situation)}
    return render(request, "charging/ready_by.html", context)


def _shown(situation: Situation, deadline: time) -> str:
    """The time that holds next: the one for tonight where there is one."""
    if situation.deadline_at is None:
        return f"{deadline:%H:%M}"
    return formatting.clock(situation.deadline_at, situation.timezone)


def _save_tonight(request: HttpRequest, vehicle: Vehicle, policy: Policy, wanted: time) -> SeeOther:
    now, place = now_of(vehicle), load_situation(vehicle, now_of(vehicle)).place
    is_usual = wanted == usual_next(policy, place.timezone_name if place is not None else "UTC", now)
    stored = ready_by_tonight.set_ready_by_tonight(vehicle=vehicle, deadline=None if is_usual else wanted, now=now)
    if is_usual:
        return back_to_car(request, vehicle, _("Ready by %(time)s, as on other days.") % {"time": f"{wanted:%H:%M}"})
    values = {"time": f"{wanted:%H:%M}", "usual": deadlines_in_words(policy)}
    if policy.weekday_deadlines:
        sentence = _("Ready by %(time)s the next time, then as before: %(usual)s.") % values
    else:
        sentence = _("Ready by %(time)s the next time, then %(usual)s again.") % values
    if stored.one_off_deadline_at is not None and place is not None:
        zone = ZoneInfo(place.timezone_name)
        sentence = f"{sentence} {clock_change_words(wanted, stored.one_off_deadline_at, zone)}".rstrip()
    return back_to_car(request, vehicle, sentence)


def _save_every_day(request: HttpRequest, vehicle: Vehicle, _policy: Policy, wanted: time) -> SeeOther:
    saved = ready_by_tonight.set_ready_by_every_day(vehicle=vehicle, deadline=wanted, now=now_of(vehicle))
    if saved.weekday_deadlines:
        return back_to_car(request, vehicle, _("Ready by %(times)s.") % {"times": deadlines_in_words(saved)})
    return back_to_car(request, vehicle, _("Ready by %(time)s every day.") % {"time": f"{wanted:%H:%M}"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minimum(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Changes the level below which the car charges at once, whatever the price."""
    vehicle = own_vehicle(request, public_id)
    policy: Policy | None = getattr(vehicle, "policy", None)
    if policy is None:
        return redirect(set_up_url(vehicle))
    stored = formatting.percent(policy.minimum_charge_limit)
    initial = {"minimum": formatting.number(policy.minimum_charge_limit), "version": policy.version}
    form = with_typed(MinimumForm(sent(request), initial=initial), request)
    situation = load_situation(vehicle, now_of(vehicle))
    if request.method == "POST" and form.is_valid() and is_fresh(form, policy, "minimum", stored):
        try:
            policies.set_policy(
                vehicle=vehicle,
                is_enabled=policies.KEEP,
                minimum_charge_limit=float(form.cleaned_data["minimum"]),
                now=now_of(vehicle),
            )
        except Refused as refused:
            add_issues(form, refused, PATHS)
        else:
            level = formatting.percent(form.cleaned_data["minimum"])
            return back_to_car(request, vehicle, _("Minimum charge is %(level)s now.") % {"level": level})
    context = {
        "vehicle": vehicle,
        "form": form,
        "limit": formatting.percent(situation.limit_percent),
        "floor": floor_words(vehicle, situation.limit_percent),
    }
    return render(request, "charging/minimum.html", context)


def is_fresh(form: forms.Form, policy: Policy, name: str | None, stored: str) -> bool:
    """Whether the form shows the policy as it is. If not, the form says what changed, and sending it again counts."""
    if form.cleaned_data["version"] in {"", str(policy.version)}:
        return True
    message = _("You changed this in another tab. It is now %(stored)s; save again to use yours")
    form.add_error(name, message % {"stored": stored})
    form.data = {**form.data.dict(), "version": str(policy.version)} if isinstance(form.data, QueryDict) else form.data
    return False
