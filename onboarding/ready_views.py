"""After turning on: the readiness check, the first plan, and keeping a guest's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charging.models import Vehicle
from charging.operations import clocks
from charging.operations.drivers import keep_guest
from charging.operations.issues import Refused
from charging.views.account import to_password
from charging.views.answers import SeeOther
from charging.views.forms import KeepAccountForm, add_issues
from charging.views.health import act, readiness_context
from onboarding.first_plan import first_plan_context
from onboarding.models import OnboardingDraft
from onboarding.step_page import driver_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ready(request: HttpRequest) -> HttpResponse:
    """S9: what is still missing, live; a POST acts on a simulated car."""
    vehicle = _vehicle(request)
    if vehicle is None:
        return SeeOther(reverse("setup"))
    if request.method == "POST":
        return act(request, vehicle)
    context = readiness_context(vehicle, request.path) | {"is_still": "still" in request.GET}
    return render(request, "onboarding/ready.html", context)


@never_cache
@require_safe
def ready_fragment(request: HttpRequest) -> HttpResponse:
    """What changes on the live page: title, checks and buttons."""
    vehicle = _vehicle(request)
    if vehicle is None:
        return HttpResponse(status=204)
    return render(request, "charging/readiness.html", readiness_context(vehicle, reverse("setup_ready")))


@never_cache
@require_safe
def first_plan(request: HttpRequest) -> HttpResponse:
    """S10: the first plan, or why there is none and what it would look like."""
    vehicle = _vehicle(request)
    if vehicle is None:
        return SeeOther(reverse("setup"))
    return render(request, "onboarding/first_plan.html", _plan_context(vehicle, KeepAccountForm()))


@never_cache
@require_http_methods(["POST"])
def keep_account(request: HttpRequest) -> HttpResponse:
    """Adds an e-mail address to a guest's account; the car and everything else stay as they are."""
    vehicle = _vehicle(request)
    if vehicle is None:
        return SeeOther(reverse("setup"))
    form = KeepAccountForm(request.POST)
    if form.is_valid():
        try:
            keep_guest(driver=vehicle.driver, email=form.cleaned_data["email"])
        except Refused as refused:
            add_issues(form, refused, {"email": "email"})
    if form.errors:
        return render(request, "onboarding/first_plan.html", _plan_context(vehicle, form), status=422)
    return to_password(request)


def _plan_context(vehicle: Vehicle, form: KeepAccountForm) -> dict[str, Any]:
    context = first_plan_context(vehicle, clocks.own_now(driver=vehicle.driver))
    return context | {
        "vehicle": vehicle,
        "form": form,
        "has_errors": bool(form.errors),
        "is_guest": vehicle.driver.is_guest,
    }


def _vehicle(request: HttpRequest) -> Vehicle | None:
    """Returns the car of the driver's current draft, or the one connected last."""
    driver = driver_of(request)
    if driver is None:
        return None
    draft = OnboardingDraft.objects.current_of(driver)
    cars = Vehicle.objects.with_everything_shown().filter(driver=driver)
    if draft is not None and draft.vehicle_id is not None:
        cars = cars.filter(pk=draft.vehicle_id)
    return cars.order_by("-linked_at", "-pk").first()
