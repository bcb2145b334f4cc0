"""What the driver can do on the dashboard: every form posts, and the answer is the dashboard with a sentence."""

from __future__ import annotations

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
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther, back_to_car, back_where, refused_at_car, set_up_url
from charging.views.forms import PauseForm, sent
from charging.views.typed_values import with_typed


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
