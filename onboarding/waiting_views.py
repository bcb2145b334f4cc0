"""Between connecting a real car and its first reading: what is waited for, for how long, and that one may go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charging.models import Vehicle
from charging.models.vehicles import GatewayName
from charging.views import formatting
from charging.views.answers import SeeOther
from charging.views.connection_words import trouble_of
from onboarding.connect_views import kept
from onboarding.step_page import Visit, arrive, show
from onboarding.steps import CAR, MINIMUM

WAITED_FOR = timedelta(minutes=2)
"""For so long the page looks by itself; then it says that one may go on."""

USUALLY: dict[str, Promise] = {
    GatewayName.HOME_ASSISTANT: _(
        "It usually takes a few seconds. A car that is asleep may have nothing to tell before you drive or unlock it."
    ),
    GatewayName.MQTT: _(
        "It usually takes a few seconds. Nothing comes while nothing is published about the car: it may be asleep."
    ),
    GatewayName.ENODE: _(
        "Most makers tell the first numbers within a minute or two. A car that is asleep may take a quarter of an hour."
    ),
}
"""How long it usually takes, by the way in."""


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What is known of the car that was connected just now."""
    visit = arrive(request, MINIMUM)
    if isinstance(visit, HttpResponse):
        return visit
    vehicle = _connected(visit)
    if vehicle is None:
        return SeeOther(kept(visit, MINIMUM.url))
    about_car = replace(visit, step=CAR)
    context = _told(visit, vehicle) | {"is_still": "still" in request.GET}
    return show(about_car, "onboarding/waiting.html", None, back_url=kept(visit, CAR.url), **context)


@never_cache
@require_safe
def waiting_fragment(request: HttpRequest) -> HttpResponse:
    """What changes on the live page."""
    visit = arrive(request, MINIMUM)
    vehicle = _connected(visit) if isinstance(visit, Visit) else None
    if not isinstance(visit, Visit) or vehicle is None:
        return HttpResponse(status=204)
    return render(request, "onboarding/waiting_part.html", _told(visit, vehicle))


def _connected(visit: Visit) -> Vehicle | None:
    vehicle = visit.draft.vehicle
    if vehicle is None or not vehicle.needs_connection:
        return None
    return Vehicle.objects.with_everything_shown().get(pk=vehicle.pk)


def _told(visit: Visit, vehicle: Vehicle) -> dict[str, Any]:
    view = vehicle.view
    is_late = visit.now - _connected_at(visit) >= WAITED_FOR
    state = "heard" if view.observed_at is not None else "late" if is_late else "reading"
    return {
        "vehicle": vehicle,
        "state": state,
        "usually": USUALLY[vehicle.gateway],
        "trouble": trouble_of(vehicle) if state != "heard" else None,
        "level": formatting.percent(view.soc_percent) if view.soc_percent is not None else "",
        "is_plugged_in": view.is_plugged_in,
    }


def _connected_at(visit: Visit) -> datetime:
    return datetime.fromisoformat(visit.draft.answers[CAR.key]["at"])
