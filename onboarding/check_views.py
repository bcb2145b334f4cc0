"""Check and turn on: the only page of the wizard that changes the live policy."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from charging.models import Policy
from charging.models.vehicles import OtherControl
from charging.operations.drivers import speak
from charging.operations.issues import Issue, Refused
from charging.views import formatting
from charging.views.answers import SeeOther
from onboarding import measuring, operations, summary
from onboarding.last_month import last_month_of
from onboarding.operations import PolicyChange
from onboarding.place_page import area_words, point_words, radius_words
from onboarding.step_page import Visit, arrive, show
from onboarding.steps import CAR, CHECK, MINIMUM, OTHER_CONTROL, PLACES, READY_BY
from onboarding.tasks import send_confirmation

logger = logging.getLogger(__name__)
STEP_OF_PATH = {"deadline": READY_BY, "minimumChargeLimit": MINIMUM}


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of components/answers.html."""

    label: str
    value: str | SafeString
    change_url: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """S8: all answers, and the two buttons."""
    visit = arrive(request, CHECK)
    if isinstance(visit, HttpResponse):
        return visit
    if request.method != "POST":
        return _show(visit)
    is_enabled = "off" not in request.POST and not _is_left_to_another(visit)
    was_on = Policy.objects.filter(vehicle=visit.draft.vehicle, is_enabled=True).exists()
    try:
        result = operations.turn_on(
            draft=visit.draft, is_enabled=is_enabled, overwrites="overwrite" in request.POST, now=visit.now
        )
    except Refused as refused:
        measuring.refused(visit, [(issue.path, issue.code) for issue in refused.issues])
        response = _show(visit, problems=[_problem(visit, issue) for issue in refused.issues])
        response.status_code = 422
        return response
    if isinstance(result, PolicyChange):
        return _show(visit, changed=_changed_words(visit, result.stored, is_enabled=is_enabled))
    measuring.done(visit)
    speak(driver=visit.driver, language=get_language() or settings.LANGUAGE_CODE)
    if is_enabled and not was_on:
        _confirm_by_mail(visit)
    return SeeOther(reverse("setup_ready"))


def _confirm_by_mail(visit: Visit) -> None:
    """Lets a worker send the mail. Without an address there is none; a broker that is down costs the mail only."""
    account, vehicle = visit.driver.account, visit.draft.vehicle
    if vehicle is None or account is None or not account.email:
        return
    server_url, language = visit.request.build_absolute_uri("/"), get_language() or settings.LANGUAGE_CODE
    try:
        send_confirmation.delay(vehicle_id=vehicle.pk, server_url=server_url, language=language)
    except OperationalError:
        logger.warning("turning on was not confirmed by mail: no broker", extra={"vehicle_id": vehicle.pk})


def _show(visit: Visit, **context: Any) -> HttpResponse:
    has_errors = bool(context)
    response = show(
        visit,
        "onboarding/check.html",
        None,
        answers=_answers(visit),
        is_left_to_another=_is_left_to_another(visit),
        **last_month_of(visit),
        **context,
    )
    if has_errors and response.status_code == 200:
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_left_to_another(visit: Visit) -> bool:
    answer = visit.draft.value_of(OTHER_CONTROL.key)
    return answer.get("other_control") == OtherControl.ANOTHER_SERVICE


def _answers(visit: Visit) -> list[Answer]:
    draft = visit.draft
    control = draft.value_of(OTHER_CONTROL.key)
    car = summary.car(draft.value_of(CAR.key)) or str(draft.vehicle)
    rows = [
        Answer(gettext("Car"), car, _change(CAR.url)),
        Answer(gettext("Minimum charge"), summary.minimum(draft.value_of(MINIMUM.key)), _change(MINIMUM.url)),
        Answer(gettext("Other control"), summary.other_control(control), _change(OTHER_CONTROL.url)),
        Answer(gettext("Charger"), summary.charger(control), f"{_change(OTHER_CONTROL.url)}#id_charger_brand"),
        Answer(gettext("Ready by"), summary.ready_by(draft.value_of(READY_BY.key)), _change(READY_BY.url)),
    ]
    places = visit.driver.locations.with_prices().order_by("created_at", "pk")
    for place in places:
        point = point_words(place.latitude, place.longitude)
        value = format_html("{}, {}<br>{}", point, radius_words(place), area_words(place))
        rows.append(Answer(place.name, value, _change(reverse("setup_place", args=[place.public_id]))))
    return rows


def _change(url: str) -> str:
    return f"{url}?return=check"


def _problem(visit: Visit, issue: Issue) -> dict[str, str]:
    place = visit.driver.locations.order_by("created_at", "pk").first()
    if issue.code == "NO_PRICES" and place is not None and visit.draft.vehicle and visit.draft.vehicle.is_simulated:
        message = gettext("There are no prices for any of your places yet. Choose prices to try it with")
        return {"message": message, "url": f"{_change(reverse('setup_place', args=[place.public_id]))}#point"}
    step = STEP_OF_PATH.get(issue.path, PLACES if issue.code == "NO_PRICES" else CAR)
    return {"message": issue.message, "url": _change(step.url)}


def _changed_words(visit: Visit, stored: Policy, *, is_enabled: bool) -> dict[str, Any]:
    """Returns the policy as it is now and as it would be, in words."""
    deadline = f"{stored.deadline:%H:%M}" if stored.deadline else ""
    now_words = _policy_words(deadline, stored.minimum_charge_limit, is_on=stored.is_enabled)
    wanted = visit.draft.value_of(READY_BY.key)["time"]
    minimum = visit.draft.value_of(MINIMUM.key)["percent"]
    return {
        "at": visit.clock(stored.updated_at),
        "stored": now_words,
        "entered": _policy_words(wanted, minimum, is_on=is_enabled),
        "button": "turn_on" if is_enabled else "off",
    }


def _policy_words(deadline: str, minimum: float, *, is_on: bool) -> str:
    values = {
        "switch": gettext("smart charging on") if is_on else gettext("smart charging off"),
        "deadline": deadline or gettext("not set"),
        "minimum": formatting.percent(minimum),
    }
    return gettext("%(switch)s, ready by %(deadline)s, minimum %(minimum)s") % values
