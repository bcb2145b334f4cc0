"""Step 1, back from the maker's account: which of its cars, what stands in the way, and then the car is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Connection
from charging.operations import clocks, enode_links
from charging.operations.enode_links import Account, FoundCar
from charging.operations.issues import Refused
from charging.views.answers import SeeOther
from charging.views.forms import add_issues
from onboarding import operations
from onboarding.connect_views import connected
from onboarding.enode_forms import FIELD_OF_PATH, LinkedCarForm, WhichLinkedCarForm
from onboarding.enode_views import connection_asked_for, stop
from onboarding.models import OnboardingDraft
from onboarding.operations import Conflict
from onboarding.step_page import Visit, arrive, initial_form, sent_form, show
from onboarding.steps import CAR


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cars(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Which car, where there are several; the only one is taken without a word."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    connection = connection_asked_for(request, public_id)
    account = _account(visit, connection)
    if isinstance(account, HttpResponse):
        return account
    found = enode_links.not_taken(cars=account.cars, driver=visit.driver, vehicle=visit.draft.vehicle)
    if not found:
        return stop(visit, "signed_out" if account.lost_vendors else "no_cars")
    if len(found) == 1:
        return SeeOther(_url(visit, connection, found[0].id))
    if request.method != "POST":
        initial = {"which": visit.draft.value_of(CAR.key).get("vehicle", "")}
        return show(visit, "onboarding/enode_cars.html", initial_form(visit, WhichLinkedCarForm, initial, cars=found))
    form = WhichLinkedCarForm(request.POST, cars=found)
    if form.is_valid():
        return SeeOther(_url(visit, connection, form.cleaned_data["which"]))
    return show(visit, "onboarding/enode_cars.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def car(request: HttpRequest, public_id: UUID, car_id: str) -> HttpResponse:
    """What keeps the car from being taken, else what only its driver can say of it."""
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    connection = connection_asked_for(request, public_id)
    account = _account(visit, connection)
    if isinstance(account, HttpResponse):
        return account
    found = enode_links.not_taken(cars=account.cars, driver=visit.driver, vehicle=visit.draft.vehicle)
    chosen = next((each for each in found if each.id == car_id), None)
    if chosen is None:
        return SeeOther(reverse("setup_enode_cars", args=[public_id]))
    return _in_the_way(visit, account, chosen) or _asked(visit, connection, chosen)


def _in_the_way(visit: Visit, account: Account, found: FoundCar) -> HttpResponse | None:
    """The page of what stands in the way; what its driver may switch off here is switched off by their button."""
    try:
        obstacle = enode_links.obstacle_of(car=found, account=account, vehicle=visit.draft.vehicle)
        if obstacle is None:
            return None
        if obstacle.name == "smart_charging" and visit.request.POST.get("do") == "switch_off":
            enode_links.switch_off_smart_charging(car=found)
            return SeeOther(visit.request.get_full_path())
    except Refused as refusal:
        return stop(visit, "silent", words=refusal.issues[0].message)
    return stop(visit, obstacle.name, car=found, interventions=obstacle.interventions)


def _asked(visit: Visit, connection: Connection, found: FoundCar) -> HttpResponse:
    template = "onboarding/enode_car.html"
    context: dict[str, Any] = {"car": found}
    if visit.request.method != "POST":
        initial = LinkedCarForm.initial_of(visit.draft.value_of(CAR.key), found)
        return show(visit, template, initial_form(visit, LinkedCarForm, initial), **context)
    form = LinkedCarForm(visit.request.POST)
    result = _stored(visit, connection, found, form) if form.is_valid() else None
    if isinstance(result, OnboardingDraft):
        return connected(visit, result)
    return show(visit, template, form, conflict=result, **context)


def _stored(
    visit: Visit, connection: Connection, found: FoundCar, form: LinkedCarForm
) -> OnboardingDraft | Conflict | None:
    """The draft with its car, or a conflict; None where the form says now what was refused."""
    try:
        return operations.save_connected_car(
            draft=visit.draft,
            value=form.answer(found),
            connection=connection,
            car=form.car(found),
            chosen=enode_links.kept_of(found),
            form=sent_form(visit.request),
            now=visit.now,
        )
    except Refused as refusal:
        add_issues(form, refusal, FIELD_OF_PATH)
        return None


def _account(visit: Visit, connection: Connection) -> Account | HttpResponse:
    try:
        return enode_links.look_behind(connection=connection, at_wall=clocks.wall_now())
    except Refused as refusal:
        return stop(visit, "silent", words=refusal.issues[0].message)


def _url(visit: Visit, connection: Connection, car_id: str) -> str:
    url = reverse("setup_enode_car", args=[connection.public_id, car_id])
    return f"{url}?return=check" if visit.comes_from_check else url
