"""What every question page does alike: who is asked, what is missing before, drafts, tokens, and where to go next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from charging.models import Driver, Policy, Vehicle
from charging.operations import clocks
from charging.operations.clock_reset import back_to_wall
from charging.operations.drivers import driver_of_account
from charging.views import typed_values
from charging.views.answers import SeeOther
from charging.views.formatting import NO_BREAK
from onboarding import measuring
from onboarding.drafts import open_draft, open_draft_of, turn_to
from onboarding.models import OnboardingDraft
from onboarding.operations import Conflict, Form
from onboarding.steps import CAR, CHECK, OTHER_CONTROL, PLACES, STEPS, Step, first_missing, next_url, previous_url
from onboarding.summary import describe

DETOURS = {("settings", OTHER_CONTROL), ("places", PLACES)}
"""Pages outside the wizard, by their URL names, and the question that each of them asks by itself."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a question page, by a known driver with a draft."""

    request: HttpRequest
    step: Step
    driver: Driver
    draft: OnboardingDraft
    now: datetime

    @property
    def comes_from_check(self) -> bool:
        return self.request.GET.get("return") == "check"

    @property
    def is_detour(self) -> bool:
        """Whether this one question was opened from a page outside the wizard, and leads back there."""
        return (self.request.GET.get("return"), self.step) in DETOURS

    @property
    def back_url(self) -> str:
        """Where the visitor came from: the page that sent them here, else the question before."""
        if self.is_detour:
            return reverse(self.request.GET["return"])
        if self.comes_from_check:
            return CHECK.url
        is_another_car = self.step == CAR and self.draft.other_cars.exists()
        return reverse("dashboard") if is_another_car else previous_url(self.step)

    @property
    def next_url(self) -> str:
        return self.back_url if self.is_detour or self.comes_from_check else next_url(self.step)

    @property
    def timezone(self) -> ZoneInfo:
        """The zone of the driver's first place, UTC before there is one."""
        place = self.driver.locations.order_by("created_at", "pk").first()
        return ZoneInfo(place.timezone_name if place is not None else "UTC")

    def clock(self, at: datetime) -> str:
        """Returns `21:04`, with `UTC` after it where no place tells the zone that the driver lives in."""
        zone = self.timezone
        return f"{at.astimezone(zone):%H:%M}" + (f"{NO_BREAK}UTC" if zone.key == "UTC" else "")


def driver_of(request: HttpRequest) -> Driver | None:
    """Returns the driver who is signed in, made at their first visit; None for a visitor."""
    if not isinstance(request.user, User):
        return None
    now = clocks.wall_now()
    return back_to_wall(driver=driver_of_account(account=request.user, now=now), at_wall=now)


def arrive(request: HttpRequest, step: Step) -> Visit | HttpResponse:
    """Returns the visit, or where to go instead: to sign in (typed values are kept), or to an earlier question.

    Raises Http404 where the address names a car that is not the driver's.
    """
    driver = driver_of(request)
    if driver is None:
        if request.method == "POST":
            typed_values.keep_typed(request)
        return SeeOther(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    now = clocks.own_now(driver=driver)
    draft = _draft_asked_for(request, driver, now)
    if draft is None:
        return SeeOther(reverse("home"))
    visit = Visit(request, step, driver, draft, now)
    missing = first_missing(draft.answered, before=step)
    has_what_it_needs = visit.is_detour and (step == PLACES or draft.vehicle is not None)
    if missing is not None and not has_what_it_needs:
        return SeeOther(f"{missing.url}?{urlencode({'before': step.key})}")
    return visit


def _draft_asked_for(request: HttpRequest, driver: Driver, now: datetime) -> OnboardingDraft | None:
    """Returns the draft that the address or the sent form names, else the one the driver turned to last.

    None for a form whose draft is gone with its car: its answers are nobody else's.
    """
    car = car_asked_for(request, driver)
    if car is not None:
        return open_draft_of(vehicle=car, now=now)
    number = request.POST.get("draft", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return open_draft(driver=driver, now=now)
    draft = OnboardingDraft.objects.filter(driver=driver, pk=number).select_related("driver", "vehicle").first()
    return turn_to(draft=draft, now=now) if draft is not None else None


def car_asked_for(request: HttpRequest, driver: Driver) -> Vehicle | None:
    """Returns the car that the address names; None where it names none. Raises Http404 for one of somebody else."""
    name = request.GET.get("car")
    if name is None:
        return None
    try:
        public_id = uuid.UUID(name)
    except ValueError as fault:
        raise Http404 from fault
    car = Vehicle.objects.of_driver(driver).filter(public_id=public_id).select_related("driver").first()
    if car is None:
        raise Http404
    return car


def sent_form(request: HttpRequest) -> Form:
    """Returns the version and the token that the sent form carries; a broken version counts as the oldest."""
    version = request.POST.get("version", "")
    is_number = version.isascii() and version.isdecimal() and len(version) < 9
    return Form(int(version) if is_number else 0, _token(request))


def _token(request: HttpRequest) -> str:
    """Returns the token of the sent form; anything that is none is replaced by a new one."""
    try:
        return str(uuid.UUID(request.POST.get("request_token", "")))
    except ValueError:
        return str(uuid.uuid4())


def show(
    visit: Visit, template: str, form: forms.Form | None, *, conflict: Conflict | None = None, **context: Any
) -> HttpResponse:
    """Renders the question: 422 when the form has errors, 200 otherwise."""
    has_errors = form is not None and form.is_bound and bool(form.errors)
    request, step = visit.request, visit.step
    if form is not None and has_errors:
        measuring.refused(visit, measuring.faults_of(form))
    elif request.method == "GET":
        measuring.entered(visit)
    base = {
        "form": form,
        "step": step,
        "draft": visit.draft,
        "version": conflict.version if conflict is not None else visit.draft.version,
        "request_token": _token(request) if has_errors else str(uuid.uuid4()),
        "back_url": visit.back_url,
        "next_url": visit.next_url,
        "is_detour": visit.is_detour,
        "about": _about(visit),
        "needed_for": _needed_for(request),
        "conflict": conflict_words(visit, conflict) if conflict is not None else None,
        "has_errors": has_errors or conflict is not None,
        "is_on": is_on(visit.draft),
    }
    return render(request, template, base | context, status=422 if has_errors else 200)


def _about(visit: Visit) -> str:
    """Which car a question is about, for a driver who has several; empty where there is only one."""
    if not visit.draft.other_cars.exists():
        return ""
    return str(visit.draft.vehicle) if visit.draft.vehicle is not None else gettext("A new car")


def initial_form(visit: Visit, form_class: type[forms.Form], initial: dict[str, Any], **kwargs: Any) -> forms.Form:
    """Returns the form with what was typed before an interruption, else with the saved answer."""
    typed = typed_values.typed_before(visit.request)
    if typed is not None:
        initial = initial | {name: typed[name] for name in typed if name in form_class.base_fields}
    return form_class(initial=initial, **kwargs)


def saved(visit: Visit) -> HttpResponse:
    """Returns the way on after an answer was saved."""
    typed_values.forget_typed(visit.request)
    measuring.done(visit)
    return SeeOther(visit.next_url)


def conflict_words(visit: Visit, conflict: Conflict) -> dict[str, Any]:
    """Returns both answers in words, when the stored one was written, and the entered one's form fields."""
    return {
        "at": visit.clock(conflict.at),
        "stored": describe(visit.step.key, conflict.stored),
        "entered": describe(visit.step.key, conflict.entered),
        "fields": [pair for pair in typed_values.typed_fields(visit.request) if pair[0] not in _FORM_FIELDS],
    }


_FORM_FIELDS = {"version", "request_token", "draft", "scripts"}


def is_on(draft: OnboardingDraft) -> bool:
    """Whether smart charging is on for the car of this draft."""
    return draft.vehicle is not None and Policy.objects.filter(vehicle=draft.vehicle, is_enabled=True).exists()


def _needed_for(request: HttpRequest) -> Step | None:
    """Returns the question that somebody came for and that this one is needed for."""
    return next((step for step in STEPS if step.key == request.GET.get("before")), None)
