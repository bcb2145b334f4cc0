"""Removing a car, after saying what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Vehicle
from charging.operations import linking
from charging.operations.clocks import own_now, wall_now
from charging.operations.letting_go import StillHeld
from charging.views.access import own_vehicle
from charging.views.answers import SeeOther
from charging.views.still_held import ask_again, insists

LastKnown = Callable[[Vehicle, datetime], Mapping[str, Any]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, public_id: UUID, last_known: LastKnown) -> HttpResponse:
    """Asks whether to remove a car, and removes it.

    `last_known` tells of it in the form of the wire: the API, which knows that form, stands beside these pages.
    """
    vehicle = own_vehicle(request, public_id)
    if request.method != "POST":
        context = {"vehicle": vehicle, "is_held": vehicle.hold_until is not None}
        return render(request, "charging/car_remove.html", context)
    at_wall, name, driver = wall_now(), str(vehicle), vehicle.driver
    known = last_known(vehicle, own_now(driver=driver, at_wall=at_wall))
    try:
        linking.remove_car(vehicle=vehicle, last_known=known, at_wall=at_wall, insists=insists(request))
    except StillHeld as still_held:
        return ask_again(request, still_held, _("Remove the car anyway"), reverse("settings"))
    messages.success(request, _("%(car)s is removed.") % {"car": name})
    return SeeOther(reverse("settings" if driver.vehicles.exists() else "setup_start"))
