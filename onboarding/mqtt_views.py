"""Step 1 with a car behind an MQTT broker: where the broker is, then the topics of the car."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Connection
from charging.models.connections import ConnectionKind
from charging.operations import clocks
from charging.operations.connections import may_connect_issues
from charging.operations.issues import Refused
from charging.operations.mqtt_choices import Choices, choices_behind
from charging.operations.mqtt_connections import connect_broker
from charging.views.answers import SeeOther
from charging.views.forms import add_issues
from charging.views.link_session import vendor_asked_for
from onboarding.connect_views import connected, kept, stored_car
from onboarding.forms import MQTT
from onboarding.models import OnboardingDraft
from onboarding.mqtt_forms import DATALIST, FIELD_OF_PATH, BrokerForm, TopicsForm
from onboarding.rate_limit import MOST_CONNECTIONS, refused_for_now
from onboarding.step_page import Visit, arrive, initial_form, show
from onboarding.steps import CAR

OWN = "own"
"""What is asked for instead of something that looks like a car."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mqtt(request: HttpRequest) -> HttpResponse:
    """Where it is, the user and the password; all are tried before anything is stored."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    if request.method != "POST":
        return _show_address(visit, initial_form(visit, BrokerForm, {}))
    if (refused := refused_for_now(request, what="connect", most=MOST_CONNECTIONS)) is not None:
        return refused
    form = BrokerForm(request.POST)
    if form.is_valid():
        try:
            connection = connect_broker(driver=visit.driver, at_wall=clocks.wall_now(), **form.cleaned_data)
        except Refused as refusal:
            add_issues(form, refusal, {name: name for name in form.fields})
        else:
            return SeeOther(kept(visit, reverse("setup_topics", args=[connection.public_id])))
    return _show_address(visit, form)


def _show_address(visit: Visit, form: forms.Form) -> HttpResponse:
    known = visit.driver.connections.filter(kind=ConnectionKind.MQTT).order_by("created_at", "pk")
    return show(
        visit,
        "onboarding/mqtt.html",
        form,
        back_url=kept(visit, CAR.url),
        why_not=[issue.message for issue in may_connect_issues(visit.driver)],
        is_guest=visit.driver.is_guest,
        connections=[(each, kept(visit, reverse("setup_topics", args=[each.public_id]))) for each in known],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The topics of the car, filled in as far as something looks like one; then the car is there."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    mine = {"driver": visit.driver, "kind": ConnectionKind.MQTT}
    connection = get_object_or_404(Connection, public_id=public_id, **mine)
    back_url = kept(visit, reverse("setup_mqtt"))
    template = "onboarding/mqtt_car.html"
    if request.method == "POST":
        form = TopicsForm(request.POST)
        result = stored_car(visit, connection, form, FIELD_OF_PATH) if form.is_valid() else None
        if isinstance(result, OnboardingDraft):
            return connected(visit, result)
        return show(visit, template, form, conflict=result, back_url=back_url)
    try:
        choices = choices_behind(connection=connection, at_wall=clocks.wall_now())
    except Refused as refusal:
        words = refusal.issues[0].message
        return show(visit, "onboarding/mqtt_silent.html", None, back_url=back_url, words=words)
    return _show_topics(visit, template, choices, back_url)


def _show_topics(visit: Visit, template: str, choices: Choices, back_url: str) -> HttpResponse:
    answer = visit.draft.value_of(CAR.key)
    asked_for = visit.request.GET.get("like")
    if asked_for is None and answer.get("car") != MQTT and choices.cars:
        asked_for = choices.cars[0].key
    like = next((each for each in choices.cars if each.key == asked_for), None)
    nothing: dict[str, str] | None = {} if asked_for == OWN else None
    initial = TopicsForm.initial_of(
        answer, nothing if like is None else dict(like.topics), vendor_asked_for(visit.request)
    )
    if like is not None and not initial["name"]:
        initial["name"] = like.title
    ways = [(each.label, each.key) for each in choices.cars if each is not like]
    return show(
        visit,
        template,
        initial_form(visit, TopicsForm, initial),
        back_url=back_url,
        like=like,
        others=[(label, _like(visit, key)) for label, key in ways],
        own_url="" if asked_for == OWN else _like(visit, OWN),
        suggested=choices.topics,
        datalist=DATALIST,
    )


def _like(visit: Visit, key: str) -> str:
    kept: dict[str, Any] = {"return": "check"} if visit.comes_from_check else {}
    return f"?{urlencode({'like': key, **kept})}"
