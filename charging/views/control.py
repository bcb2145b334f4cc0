"""What keeps a car from being started, stopped or seen: what to do about it, and whether it is gone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.adapters.vehicles.enode_account import Intervention
from charging.core.obstacle import Obstacle
from charging.models import Vehicle
from charging.operations import car_control, enode_links
from charging.operations.enode import is_offered
from charging.operations.issues import Refused
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther, back_to_car
from charging.views.obstacle_words import mend_action, obstacle_of, sentence_of, what_now, words_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def control(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Says what is in the way and what to do; a POST looks whether it still is."""
    vehicle = own_vehicle(request, public_id)
    if not vehicle.needs_connection:
        raise Http404
    if request.method == "POST":
        return _looked(request, vehicle)
    words = words_of(vehicle)
    context = {
        "vehicle": vehicle,
        "words": words,
        "sentence": sentence_of(vehicle),
        "what_now": what_now(vehicle),
        "interventions": _interventions(vehicle),
        "mend": mend_action(vehicle) if words is not None else None,
        "is_never": obstacle_of(vehicle) == Obstacle.NOT_POSSIBLE,
    }
    return render(request, "charging/control.html", context)


def _looked(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    if not car_control.check_again(vehicle=vehicle, now=now_of(vehicle)):
        messages.error(request, gettext("We got no answer. Nothing was changed. Try again in a few minutes."))
        return SeeOther(request.path)
    if words_of(own_vehicle(request, vehicle.public_id)) is None:
        return back_to_car(request, vehicle, gettext("It is there again. Smart charging goes on."))
    messages.error(request, gettext("We looked just now: it is still so."))
    return SeeOther(request.path)


def _interventions(vehicle: Vehicle) -> tuple[Intervention, ...]:
    """What the maker says can be done; nothing while nobody tells it."""
    if obstacle_of(vehicle) != Obstacle.BLOCKED or not is_offered():
        return ()
    try:
        return enode_links.interventions_of(ids=vehicle.connected.obstacle_names)
    except Refused:
        return ()
