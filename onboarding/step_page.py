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
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from charging.models import Driver, Policy
from charging.operations import clocks
from charging.operations.drivers import driver_of_account
from charging.views import typed_values
from charging.views.answers import SeeOther
from charging.views.formatting import NO_BREAK
from onboarding.models import OnboardingDraft
from onboarding.operations import Conflict, Form, open_draft
from onboarding.steps import CHECK, STEPS, Step, first_missing, next_url, previous_url
from onboarding.summary import describe


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
    def next_url(self) -> str:
        return CHECK.url if self.comes_from_check else next_url(self.step)

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
    return driver_of_account(account=request.user, now=clocks.wall_now())


def arrive(request: HttpRequest, step: Step) -> Visit | HttpResponse:
    """Returns the visit, or where to go instead: to sign in (typed values are kept), or to an earlier question."""
    driver = driver_of(request)
    if driver is None:
        if request.method == "POST":
            typed_values.keep_typed(request)
        return SeeOther(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    now = clocks.own_now(driver=driver)
    draft = open_draft(driver=driver, now=now)
    missing = first_missing(draft.answered, before=step)
    if missing is not None:
        return SeeOther(f"{missing.url}?{urlencode({'before': step.key})}")
    return Visit(request, step, driver, draft, now)


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
    base = {
        "form": form,
        "step": step,
        "draft": visit.draft,
        "version": conflict.version if conflict is not None else visit.draft.version,
        "request_token": _token(request) if has_errors else str(uuid.uuid4()),
        "back_url": CHECK.url if visit.comes_from_check else previous_url(step),
        "next_url": visit.next_url,
        "needed_for": _needed_for(request),
        "conflict": conflict_words(visit, conflict) if conflict is not None else None,
        "has_errors": has_errors or conflict is not None,
        "is_on": is_on(visit.draft),
    }
    return render(request, template, base | context, status=422 if has_errors else 200)


def initial_form(visit: Visit, form_class: type[forms.Form], initial: dict[str, Any], **kwargs: Any) -> forms.Form:
    """Returns the form with what was typed before an interruption, else with the saved answer."""
    typed = typed_values.typed_before(visit.request)
    if typed is not None:
        initial = initial | {name: typed[name] for name in typed if name in form_class.base_fields}
    return form_class(initial=initial, **kwargs)


def saved(visit: Visit) -> HttpResponse:
    """Returns the way on after an answer was saved."""
    typed_values.forget_typed(visit.request)
    return SeeOther(visit.next_url)


def conflict_words(visit: Visit, conflict: Conflict) -> dict[str, Any]:
    """Returns both answers in words, when the stored one was written, and the entered one's form fields."""
    return {
        "at": visit.clock(conflict.at),
        "stored": describe(visit.step.key, conflict.stored),
        "entered": describe(visit.step.key, conflict.entered),
        "fields": [pair for pair in typed_values.typed_fields(visit.request) if pair[0] not in _FORM_FIELDS],
    }


_FORM_FIELDS = {"version", "request_token"}


def is_on(draft: OnboardingDraft) -> bool:
    """Whether smart charging is on for the car of this draft."""
    return draft.vehicle is not None and Policy.objects.filter(vehicle=draft.vehicle, is_enabled=True).exists()


def _needed_for(request: HttpRequest) -> Step | None:
    """Returns the question that somebody came for and that this one is needed for."""
    return next((step for step in STEPS if step.key == request.GET.get("before")), None)
