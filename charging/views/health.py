"""The health check: what smart charging needs, live; and what a simulated car can be made to do."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charging.models import Location, Vehicle, VehicleView
from charging.operations import clocks, simulation, test_charge
from charging.operations.issues import Refused
from charging.operations.readiness import is_past_first_night, readiness
from charging.views.access import cars_of, driver_of, now_of, own_vehicle
from charging.views.answers import SeeOther, back_where
from charging.views.card_actions import Action
from charging.views.readiness_rows import headline, make_rows, tally

FAST = 60


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest) -> HttpResponse:
    """The checks of the driver's car; with several the question which one, without any the wizard."""
    driver = driver_of(request)
    cars = list(cars_of(driver)) if driver is not None else []
    if not cars:
        return redirect("setup")
    if len(cars) > 1:
        return render(request, "charging/health_cars.html", {"cars": cars})
    return _health(request, cars[0])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def car_health(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The checks of one car."""
    return _health(request, own_vehicle(request, public_id))


def _health(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    """The checks; a POST acts on a simulated car and comes back."""
    if request.method == "POST":
        return act(request, vehicle)
    context = readiness_context(vehicle, request.path)
    return render(request, "charging/health.html", context | {"is_still": "still" in request.GET})


@never_cache
@login_required
@require_safe
def health_fragment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What changes on the live page of one car: title, checks and buttons."""
    vehicle = own_vehicle(request, public_id)
    page_url = reverse("car_health", args=[vehicle.public_id])
    return render(request, "charging/readiness.html", readiness_context(vehicle, page_url))


@require_POST
@login_required
def run_test(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begins a test charge and comes back; where it cannot be run, the row of the test says why."""
    vehicle = own_vehicle(request, public_id)
    with suppress(Refused):
        test_charge.begin_test(vehicle=vehicle, view=vehicle.view, now=now_of(vehicle))
    return back_where(request)


def readiness_context(vehicle: Vehicle, page_url: str) -> dict[str, Any]:
    """Returns the checks in words, the title, and the buttons of a simulated car, which post to `page_url`."""
    now = now_of(vehicle)
    checks = readiness(vehicle=vehicle, now=now)
    return {
        "vehicle": vehicle,
        "checks": make_rows(checks, vehicle),
        "headline": headline(checks, is_past_first_night=is_past_first_night(vehicle=vehicle, now=now)),
        "tally": tally(checks),
        "page_url": page_url,
        "simulation_actions": simulation_actions(vehicle, page_url) if vehicle.is_simulated else [],
    }


def simulation_actions(vehicle: Vehicle, url: str) -> list[Action]:
    """Returns what the car's driver could do outside now, as buttons."""
    view = VehicleView.objects.filter(vehicle=vehicle).first()
    is_home = view is not None and view.location_id is not None
    is_fast = vehicle.driver.clock_speed != 1
    labels = {
        "drive_home": gettext("Drive home"),
        "plug_in": gettext("Plug in now"),
        "fast_time": gettext("Speed ×60"),
        "normal_time": gettext("Normal speed"),
    }
    is_possible = {
        "drive_home": not is_home and Location.objects.of_driver(vehicle.driver).exists(),
        "plug_in": view is None or not view.is_plugged_in,
        "fast_time": not is_fast,
        "normal_time": is_fast,
    }
    return [Action(labels[what], url, fields={"do": what}) for what in labels if is_possible[what]]


def act(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    """Does what was pressed for a simulated car and leads back to the page; anything else is left alone."""
    if vehicle.is_simulated:
        perform(vehicle, request.POST.get("do", ""), now_of(vehicle))
    return SeeOther(request.path)


def perform(vehicle: Vehicle, what: str, now: datetime) -> None:
    """Lets the simulated car plug in, drive to its driver's first place, or live at another pace."""
    home = Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk").first()
    if what == "plug_in":
        simulation.plug_in(vehicle=vehicle, now=now)
    elif what == "drive_home" and home is not None:
        simulation.drive_home(vehicle=vehicle, location=home, now=now)
    elif what in {"fast_time", "normal_time"}:
        clocks.set_speed(driver=vehicle.driver, speed=FAST if what == "fast_time" else 1, at_wall=clocks.wall_now())
