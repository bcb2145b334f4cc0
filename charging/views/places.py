"""The driver's places: the list, and removing one. Adding and changing are pages of the wizard."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charging.core.states import EXECUTING
from charging.models import Location, Vehicle
from charging.operations.clocks import own_now
from charging.operations.locations import delete_location
from charging.views.access import driver_of, own_location
from charging.views.answers import SeeOther


@never_cache
@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """Every place of the driver, with its price area and time zone."""
    driver = driver_of(request)
    if driver is None:
        return redirect("/setup/")
    found = Location.objects.of_driver(driver).with_prices().order_by("created_at", "pk")
    return render(request, "charging/places.html", {"places": list(found)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks whether to remove a place, and removes it."""
    location = own_location(request, public_id)
    if request.method != "POST":
        context = {"place": location, "cars_here": cars_with_plan_at(location), "back_url": reverse("places")}
        return render(request, "charging/place_remove.html", context)
    name = location.name
    delete_location(location=location, now=own_now(driver=location.driver))
    messages.success(request, _("%(place)s is removed.") % {"place": name})
    return SeeOther(reverse("places"))


def cars_with_plan_at(location: Location) -> list[Vehicle]:
    """Returns the cars whose running plan would end with the place."""
    return list(location.driver.vehicles.filter(view__location=location, state__in=EXECUTING))
