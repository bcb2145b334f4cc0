"""The dashboard of one car, whole and in the fragments that keep it fresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from charging.core.states import State
from charging.models import Vehicle
from charging.views.access import driver_of, now_of, own_vehicle
from charging.views.cars_page import car_rows
from charging.views.charge_now_cost import extra_cost_now
from charging.views.health_tally import health_tally
from charging.views.money import money_of
from charging.views.plan_view import PlanView, plan_view
from charging.views.repairs import more_repairs, repairs
from charging.views.sample_notice import general_notice, sample_notice
from charging.views.simulation import simulated_time, simulation_strip
from charging.views.situation import Situation, load_situation
from charging.views.status_card import make_card
from charging.views.timeline import timeline

SECONDS_BETWEEN_TICKS = 10
SECONDS_BETWEEN_FAST_TICKS = 2

SHOWN: dict[str, Callable[[Situation], Any]] = {
    "card": make_card,
    "health": health_tally,
    "simulated_time": simulated_time,
    "extra_cost": extra_cost_now,
    "repairs": repairs,
    "more_repairs": more_repairs,
    "plan": plan_view,
    "money": money_of,
    "events": timeline,
    "simulation": simulation_strip,
}
"""Everything the dashboard shows of a situation, by the name the templates use."""

PARTS: dict[str, tuple[str, ...]] = {
    "status": ("card", "simulated_time"),
    "controls": ("card", "extra_cost", "health"),
    "plan": ("repairs", "more_repairs", "plan"),
    "side": ("money", "events", "simulation"),
}
"""What each live part needs of it."""


@never_cache
@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The driver's car; a list when there are several, the wizard when there is none."""
    driver = driver_of(request)
    cars = list(Vehicle.objects.of_driver(driver).order_by("linked_at", "pk")) if driver is not None else []
    if driver is None or not cars:
        return redirect("/setup/")
    if len(cars) == 1:
        return redirect("car", cars[0].public_id)
    return render(request, "charging/cars.html", {"rows": car_rows(driver)})


@never_cache
@require_safe
@login_required
def car(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything about one car."""
    vehicle = own_vehicle(request, public_id)
    situation = load_situation(vehicle, now_of(vehicle))
    context = {name: make(situation) for name, make in SHOWN.items()}
    is_fast = vehicle.driver.clock_speed != 1
    context |= {
        "vehicle": vehicle,
        "is_guest": vehicle.driver.is_guest,
        "sample_notice": _notice(situation, context["plan"]),
        "seconds": SECONDS_BETWEEN_FAST_TICKS if is_fast else SECONDS_BETWEEN_TICKS,
    }
    return render(request, "charging/car.html", context)


def _notice(situation: Situation, plan: PlanView | None) -> str:
    """What is simulated, and the days that the prices of the plan shown, or of the one carried out, are from."""
    is_simulated = situation.vehicle.is_simulated
    if plan is not None:
        return sample_notice(is_simulated=is_simulated, recorded_on=plan.recorded_on)
    if situation.plan is not None and situation.state == State.FINISHED:
        recorded_on = [date.fromisoformat(day) for day in situation.plan.prices_recorded_on]
        return sample_notice(is_simulated=is_simulated, recorded_on=recorded_on)
    return general_notice(is_simulated=is_simulated)


@never_cache
@require_safe
def fragment(request: HttpRequest, public_id: UUID, part: str) -> HttpResponse:
    """One live part of the dashboard. A visitor whose session is over gets the page anew, and with it the sign-in."""
    if not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    if part not in PARTS:
        raise Http404
    vehicle = own_vehicle(request, public_id)
    situation = load_situation(vehicle, now_of(vehicle))
    context = {name: SHOWN[name](situation) for name in PARTS[part]}
    return render(request, f"charging/car.html#{part}", {"vehicle": vehicle, **context})
