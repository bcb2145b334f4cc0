"""The dashboard of one car, whole and in the fragments that keep it fresh."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from charging.models import Vehicle
from charging.views.access import driver_of, now_of, own_vehicle
from charging.views.card_actions import why_not_now
from charging.views.money import extra_cost_now
from charging.views.plan_view import plan_view
from charging.views.repairs import repairs
from charging.views.sample_notice import general_notice, sample_notice
from charging.views.simulation import simulated_time, simulation_strip
from charging.views.situation import Situation, load_situation
from charging.views.status_card import make_card
from charging.views.timeline import timeline

SECONDS_BETWEEN_TICKS = 10
SECONDS_BETWEEN_FAST_TICKS = 2
PARTS = frozenset({"status", "controls", "plan", "side"})


@never_cache
@require_GET
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The driver's car; a list when there are several, the wizard when there is none."""
    driver = driver_of(request)
    cars = list(Vehicle.objects.of_driver(driver).order_by("linked_at", "pk")) if driver is not None else []
    if not cars:
        return redirect("/setup/")
    if len(cars) == 1:
        return redirect("car", cars[0].public_id)
    return render(request, "charging/cars.html", {"cars": cars})


@never_cache
@require_GET
@login_required
def car(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything about one car."""
    vehicle = own_vehicle(request, public_id)
    situation = load_situation(vehicle, now_of(vehicle))
    context = _status(situation) | _controls(situation) | _plan(situation) | _side(situation)
    plan = context["plan"]
    is_fast = vehicle.driver.clock_speed != 1
    context |= {
        "vehicle": vehicle,
        "is_guest": vehicle.driver.is_guest,
        "sample_notice": sample_notice(is_simulated=vehicle.is_simulated, recorded_on=plan.recorded_on)
        if plan is not None
        else general_notice(is_simulated=vehicle.is_simulated),
        "seconds": SECONDS_BETWEEN_FAST_TICKS if is_fast else SECONDS_BETWEEN_TICKS,
    }
    return render(request, "charging/car.html", context)


@never_cache
@require_GET
def fragment(request: HttpRequest, public_id: UUID, part: str) -> HttpResponse:
    """One live part of the dashboard. A visitor whose session is over gets the page anew, and with it the sign-in."""
    if not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    if part not in PARTS:
        raise Http404
    vehicle = own_vehicle(request, public_id)
    situation = load_situation(vehicle, now_of(vehicle))
    make = {"status": _status, "controls": _controls, "plan": _plan, "side": _side}[part]
    return render(request, f"charging/car.html#{part}", {"vehicle": vehicle, **make(situation)})


def _status(situation: Situation) -> dict[str, Any]:
    return {"card": make_card(situation), "simulated_time": simulated_time(situation)}


def _controls(situation: Situation) -> dict[str, Any]:
    return {
        "card": make_card(situation),
        "extra_cost": extra_cost_now(situation),
        "can_charge_now": situation.is_on and situation.override is None and not why_not_now(situation),
    }


def _plan(situation: Situation) -> dict[str, Any]:
    return {"plan": plan_view(situation), "repairs": repairs(situation)}


def _side(situation: Situation) -> dict[str, Any]:
    return {
        "plan": plan_view(situation),
        "events": timeline(situation.vehicle, situation.now, situation.timezone),
        "simulation": simulation_strip(situation),
    }
