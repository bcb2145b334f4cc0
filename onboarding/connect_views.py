"""Step 1 with a real car: where Home Assistant is, then what of it is the car."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Connection, VehicleView
from charging.models.connections import ConnectionKind
from charging.operations import clocks
from charging.operations.connection_choices import choices_behind
from charging.operations.connections import connect_home_assistant, may_connect_issues
from charging.operations.issues import Refused
from charging.views.answers import SeeOther
from charging.views.forms import add_issues
from charging.views.link_session import vendor_asked_for
from onboarding import operations
from onboarding.connect_forms import FIELD_OF_PATH, EntitiesForm, HomeAssistantForm
from onboarding.models import OnboardingDraft
from onboarding.mqtt_forms import TopicsForm
from onboarding.operations import Conflict
from onboarding.rate_limit import MOST_CONNECTIONS, refused_for_now
from onboarding.step_page import Visit, arrive, initial_form, saved, sent_form, show
from onboarding.steps import CAR


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home_assistant(request: HttpRequest) -> HttpResponse:
    """Where it is and the token; both are tried before anything is stored."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    if request.method != "POST":
        return _show_address(visit, initial_form(visit, HomeAssistantForm, {}))
    if (refused := refused_for_now(request, what="connect", most=MOST_CONNECTIONS)) is not None:
        return refused
    form = HomeAssistantForm(request.POST)
    if form.is_valid():
        try:
            connection = connect_home_assistant(
                driver=visit.driver,
                address=form.cleaned_data["address"],
                token=form.cleaned_data["token"],
                at_wall=clocks.wall_now(),
            )
        except Refused as refusal:
            add_issues(form, refusal, {"address": "address", "token": "token"})
        else:
            return SeeOther(kept(visit, reverse("setup_entities", args=[connection.public_id])))
    return _show_address(visit, form)


def _show_address(visit: Visit, form: forms.Form) -> HttpResponse:
    return show(
        visit,
        "onboarding/home_assistant.html",
        form,
        back_url=kept(visit, CAR.url),
        why_not=[issue.message for issue in may_connect_issues(visit.driver)],
        is_guest=visit.driver.is_guest,
        connections=[
            (connection, kept(visit, reverse("setup_entities", args=[connection.public_id])))
            for connection in visit.driver.connections.filter(kind=ConnectionKind.HOME_ASSISTANT).order_by(
                "created_at", "pk"
            )
        ],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entities(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What of it is the car; then the car is there."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    mine = {"driver": visit.driver, "kind": ConnectionKind.HOME_ASSISTANT}
    connection = get_object_or_404(Connection, public_id=public_id, **mine)
    back_url = kept(visit, reverse("setup_home_assistant"))
    try:
        choices = choices_behind(connection=connection, at_wall=clocks.wall_now())
    except Refused as refusal:
        words = refusal.issues[0].message
        return show(visit, "onboarding/home_assistant_silent.html", None, back_url=back_url, words=words)
    template = "onboarding/home_assistant_car.html"
    context: dict[str, Any] = {"back_url": back_url, "has_a_car": choices.has_a_car}
    if request.method != "POST":
        initial = EntitiesForm.initial_of(visit.draft.value_of(CAR.key), choices, vendor_asked_for(request))
        return show(visit, template, initial_form(visit, EntitiesForm, initial, choices=choices), **context)
    form = EntitiesForm(request.POST, choices=choices)
    result = stored_car(visit, connection, form, FIELD_OF_PATH) if form.is_valid() else None
    if isinstance(result, OnboardingDraft):
        return connected(visit, result)
    return show(visit, template, form, conflict=result, **context)


def connected(visit: Visit, draft: OnboardingDraft) -> HttpResponse:
    """The way on; before a car has told anything, by the page that waits for it."""
    answer = saved(visit)
    is_heard = VehicleView.objects.filter(vehicle=draft.vehicle, observed_at__isnull=False).exists()
    return answer if is_heard else SeeOther(kept(visit, reverse("setup_waiting")))


def stored_car(
    visit: Visit, connection: Connection, form: EntitiesForm | TopicsForm, fields: dict[str, str]
) -> OnboardingDraft | Conflict | None:
    """The draft with its car, or a conflict; None where the form says now what was refused, by `fields` of paths."""
    try:
        return operations.save_connected_car(
            draft=visit.draft,
            value=form.answer(),
            connection=connection,
            car=form.car(),
            chosen=form.chosen(),
            form=sent_form(visit.request),
            now=visit.now,
        )
    except Refused as refusal:
        add_issues(form, refusal, fields)
        return None


def kept(visit: Visit, url: str) -> str:
    """The address, with the way back to the check where that is where the driver came from."""
    return f"{url}?return=check" if visit.comes_from_check else url
