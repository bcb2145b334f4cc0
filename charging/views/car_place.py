"""The driver says where a car is plugged in that does not say it itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Location
from charging.operations.issues import Refused
from charging.operations.told_place import tell_place
from charging.views.access import now_of, own_vehicle
from charging.views.answers import back_to_car, refused_at_car
from charging.views.card_actions import place_buttons


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every place of the driver as a button; pressing one says that the car is plugged in there."""
    vehicle = own_vehicle(request, public_id)
    places = list(Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk"))
    named = request.POST.get("place", "")
    chosen = next((each for each in places if str(each.public_id) == named), None)
    if request.method != "POST" or chosen is None:
        context = {"vehicle": vehicle, "buttons": place_buttons(vehicle, places)}
        return render(request, "charging/car_place.html", context)
    try:
        tell_place(vehicle=vehicle, location=chosen, now=now_of(vehicle))
    except Refused as refused:
        return refused_at_car(request, vehicle, refused)
    return back_to_car(request, vehicle, _("It is at %(place)s until you unplug.") % {"place": chosen.name})
