"""The questions of the wizard but for places: a GET shows, a POST saves and leads on."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charging.core.vendors import MINIMUM_FLOOR_PERCENT
from charging.models import Vehicle, VehicleView
from charging.models.vehicles import OtherControl
from charging.operations import clocks, guides
from charging.views.answers import SeeOther
from charging.views.battery_bar import draw_zones
from charging.views.link_session import vendor_asked_for
from charging.views.minimum_repair import floor_words
from charging.views.ready_by_preview import preview_sentence
from charging.views.time_input import NotATime, parse_time
from charging.views.typed_values import keep_typed
from onboarding import operations
from onboarding.car_models import brand_of, models_of
from onboarding.forms import (
    ENODE,
    HOME_ASSISTANT,
    MQTT,
    WAY_HINTS,
    CarForm,
    MinimumForm,
    OtherControlForm,
    ReadyByForm,
)
from onboarding.models import OnboardingDraft
from onboarding.operations import Conflict
from onboarding.step_page import Visit, arrive, driver_of, initial_form, saved, sent_form, show
from onboarding.steps import CAR, MINIMUM, OTHER_CONTROL, READY_BY

PAGES = {HOME_ASSISTANT: "setup_home_assistant", ENODE: "setup_enode", MQTT: "setup_mqtt"}
"""Where a real car is connected, by how."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def car(request: HttpRequest) -> HttpResponse:
    """Step 1: the car is stored here."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    if visit.draft.is_of_a_car_added_elsewhere:
        return _car_added_elsewhere(visit)
    template = "onboarding/car.html"
    stored = visit.draft.value_of(CAR.key)
    # What an app asks for is the car to come; the one that is here already stays what it is.
    asked_for = vendor_asked_for(request) if visit.draft.vehicle is None else ""
    vendor = asked_for or stored.get("vendor", "")
    shown: dict[str, Any] = {"brand": brand_of(vendor), "hints": WAY_HINTS}
    if request.method != "POST":
        form = initial_form(visit, CarForm, CarForm.initial_of(stored, vendor), vendor=vendor)
        return show(visit, template, form, **shown)
    if (way := PAGES.get(request.POST.get("car", ""))) is not None:
        return SeeOther(reverse(way) + ("?return=check" if visit.comes_from_check else ""))
    form = CarForm(request.POST, vendor=vendor)
    if not form.is_valid():
        return show(visit, template, form, **shown)
    answer = form.answer()
    details = models_of(vendor)[answer["model"]].details(
        soc_percent=answer["soc_percent"],
        charge_limit_percent=answer["charge_limit_percent"],
        behaviour=answer["behaviour"],
    )
    result = operations.save_car(
        draft=visit.draft, value=answer, details=details, form=sent_form(request), now=visit.now
    )
    if isinstance(result, Conflict):
        return show(visit, template, form, conflict=result, **shown)
    return saved(visit)


def _car_added_elsewhere(visit: Visit) -> HttpResponse:
    """The car is connected: nothing is asked, and nothing that is sent changes it."""
    if visit.request.method == "POST":
        return saved(visit)
    return show(visit, "onboarding/car_connected.html", None, vehicle=_vehicle(visit))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def minimum(request: HttpRequest) -> HttpResponse:
    """Step 2: protective charging explained, and the minimum."""
    visit = arrive(request, MINIMUM)
    if isinstance(visit, HttpResponse):
        return visit
    vehicle = _vehicle(visit)
    limit = _charge_limit(vehicle)
    floor = MINIMUM_FLOOR_PERCENT.get(vehicle.vendor, 0)
    if limit is not None and floor > limit:
        return show(visit, "onboarding/limit_below_floor.html", None, floor=floor)
    template = "onboarding/minimum.html"
    if request.method != "POST":
        initial = MinimumForm.initial_of(visit.draft.value_of(MINIMUM.key), floor)
        form = initial_form(visit, MinimumForm, initial, vehicle=vehicle, limit_percent=limit)
        return show(visit, template, form, **_zones(initial["minimum"], vehicle, limit))
    form = MinimumForm(request.POST, vehicle=vehicle, limit_percent=limit)
    if not form.is_valid():
        stored = visit.draft.value_of(MINIMUM.key).get("percent", floor)
        return show(visit, template, form, **_zones(stored, vehicle, limit))
    return _save(visit, template, form, form.answer(), **_zones(form.answer()["percent"], vehicle, limit))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def other_control(request: HttpRequest) -> HttpResponse:
    """Step 3: what to switch off elsewhere."""
    visit = arrive(request, OTHER_CONTROL)
    if isinstance(visit, HttpResponse):
        return visit
    template = "onboarding/other_control.html"
    if request.method != "POST":
        initial = OtherControlForm.initial_of(visit.draft.value_of(OTHER_CONTROL.key))
        form = initial_form(visit, OtherControlForm, initial)
        brand = request.GET.get("charger", form["charger_brand"].value() or "")
        form.initial["charger_brand"] = brand
        return show(visit, template, form, **_guides(visit, brand))
    brand = request.POST.get("charger_brand", "")
    if "show_steps" in request.POST:
        keep_typed(request)
        return SeeOther(f"{request.get_full_path()}#charger-steps")
    form = OtherControlForm(request.POST)
    if not form.is_valid():
        return show(visit, template, form, **_guides(visit, brand))
    if visit.is_detour:
        return _change_at_once(visit, template, form, **_guides(visit, brand))
    response = _save(visit, template, form, form.answer(), **_guides(visit, brand))
    is_saved = response.status_code == SeeOther.status_code
    if is_saved and form.cleaned_data["other_control"] == OtherControl.ANOTHER_SERVICE:
        back = "?return=check" if visit.comes_from_check else ""
        return SeeOther(reverse("setup_two_services") + back)
    return response


def _change_at_once(visit: Visit, template: str, form: OtherControlForm, **context: object) -> HttpResponse:
    """Stores the answer for a car that is set up already, and leads back to its settings."""
    result = operations.change_other_control(
        draft=visit.draft, value=form.answer(), form=sent_form(visit.request), now=visit.now
    )
    if isinstance(result, Conflict):
        return show(visit, template, form, conflict=result, **context)
    if form.cleaned_data["other_control"] == OtherControl.ANOTHER_SERVICE:
        sentence = gettext("Saved. Two services work against each other: switch the other one off, or ours.")
    else:
        sentence = gettext("Saved.")
    messages.success(visit.request, sentence)
    return saved(visit)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def two_services(request: HttpRequest) -> HttpResponse:
    """What to do when another service controls the charging: switch it off, or leave ours off."""
    visit = arrive(request, READY_BY)
    if isinstance(visit, HttpResponse):
        return visit
    if request.method != "POST":
        return show(visit, "onboarding/two_services.html", None)
    if "switch_off" in request.POST:
        answer = visit.draft.value_of(OTHER_CONTROL.key) | {"other_control": OtherControl.NOTHING.value}
        form = operations.Form(visit.draft.version, sent_form(request).token)
        operations.save_answer(draft=visit.draft, step=OTHER_CONTROL, value=answer, form=form, now=visit.now)
    return SeeOther(reverse("setup_check") if visit.comes_from_check else READY_BY.url)


@require_safe
def charger_steps(request: HttpRequest) -> HttpResponse:
    """The fragment with the steps for one charger."""
    brand = request.GET.get("charger_brand", "")
    return render(request, "onboarding/charger_steps.html", {"charger": guides.charger_guide(brand), "brand": brand})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ready_by(request: HttpRequest) -> HttpResponse:
    """Step 4: the daily deadline."""
    visit = arrive(request, READY_BY)
    if isinstance(visit, HttpResponse):
        return visit
    template = "onboarding/ready_by.html"
    if request.method != "POST":
        initial = ReadyByForm.initial_of(visit.draft.value_of(READY_BY.key))
        form = initial_form(visit, ReadyByForm, initial)
        return show(visit, template, form, preview=_preview(visit.draft, form["ready_by"].value()))
    form = ReadyByForm(request.POST)
    preview = _preview(visit.draft, request.POST.get("ready_by", ""))
    if not form.is_valid():
        return show(visit, template, form, preview=preview)
    return _save(visit, template, form, form.answer(), preview=preview)


@never_cache
@require_safe
def ready_by_preview(request: HttpRequest) -> HttpResponse:
    """The fragment that looks ahead while a time is being typed; nothing while there is nothing to say."""
    driver = driver_of(request)
    draft = OnboardingDraft.objects.current_of(driver) if driver is not None else None
    preview = _preview(draft, request.GET.get("ready_by", "")) if draft is not None else ""
    return render(request, "components/ready_by_preview.html", {"preview": preview})


def _save(
    visit: Visit,
    template: str,
    form: MinimumForm | OtherControlForm | ReadyByForm,
    answer: dict[str, Any],
    **context: object,
) -> HttpResponse:
    result = operations.save_answer(
        draft=visit.draft, step=visit.step, value=answer, form=sent_form(visit.request), now=visit.now
    )
    if isinstance(result, Conflict):
        return show(visit, template, form, conflict=result, **context)
    return saved(visit)


def _vehicle(visit: Visit) -> Vehicle:
    vehicle = visit.draft.vehicle
    assert vehicle is not None, "the first step is answered, so there is a car"
    return vehicle


def _charge_limit(vehicle: Vehicle) -> float | None:
    """Returns the limit as the car reports it now; it may have changed since the page was shown."""
    return VehicleView.objects.filter(vehicle=vehicle).values_list("charge_limit_percent", flat=True).first()


def _zones(minimum_percent: int, vehicle: Vehicle, limit: float | None) -> dict[str, Any]:
    shown = 100.0 if limit is None else limit
    zones = draw_zones(minimum_percent=minimum_percent, limit_percent=shown)
    return {"zones": zones, "limit_percent": limit, "floor_words": floor_words(vehicle, limit)}


def _guides(visit: Visit, brand: str) -> dict[str, Any]:
    vehicle = _vehicle(visit)
    return {
        "vehicle": vehicle,
        "cars": guides.car_guides(vehicle.vendor, vehicle.model),
        "charger": guides.charger_guide(brand),
        "apps": guides.of_kind(guides.Kind.APP),
    }


def _preview(draft: OnboardingDraft, text: str) -> str:
    try:
        deadline: time = parse_time(str(text))
    except NotATime:
        return ""
    minimum_percent = draft.value_of(MINIMUM.key).get("percent", 0)
    now = clocks.own_now(driver=draft.driver)
    return preview_sentence(draft.vehicle, deadline, minimum_percent, now) if draft.vehicle is not None else ""
