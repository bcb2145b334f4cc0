"""What smart charging would have saved: the page of a car that is set up."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charging.models import Location, Policy
from charging.operations.clocks import wall_now
from charging.views.access import own_vehicle
from charging.views.last_month import last_month_context


@never_cache
@require_safe
@login_required
def what_saved(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The replay at the driver's first place; without one, or without a policy, what is missing."""
    vehicle = own_vehicle(request, public_id)
    places = Location.objects.of_driver(vehicle.driver).with_prices()
    location = places.order_by("created_at", "pk").first()
    policy = Policy.objects.filter(vehicle=vehicle).first()
    context = {"vehicle": vehicle, "has_place": location is not None}
    if location is not None and policy is not None:
        context |= last_month_context(
            vehicle=vehicle, location=location, policy=policy, query=request.GET, now=wall_now()
        )
    return render(request, "charging/last_month.html", context)
