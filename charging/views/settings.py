"""What the driver can set, on one page, with a page for each answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charging.models import Policy, Vehicle
from charging.models.vehicles import OtherControl
from charging.operations import guides
from charging.views import formatting
from charging.views.access import driver_of
from charging.views.connection_words import THROUGH, trouble_of
from charging.views.deadline_words import deadlines_in_words

OTHER_CONTROL_URL = "/setup/other-control/?return=settings&car={}"
"""A page of the wizard, which stands above this package and so is known here by its address only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of components/answers.html."""

    label: str
    value: str
    change_url: str


@never_cache
@require_safe
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Every car of the driver with its settings, and the account, which is there before the first car is."""
    driver = driver_of(request)
    cars = (
        Vehicle.objects.filter(driver=driver, driver__isnull=False)
        .select_related("policy", "view", "connected__connection")
        .order_by("linked_at", "pk")
    )
    sections = [(car, _answers(car)) for car in cars]
    context = {
        "sections": sections,
        "driver": driver,
        "email": getattr(request.user, "email", ""),
    }
    return render(request, "charging/settings.html", context)


def _connection(car: Vehicle) -> list[Answer]:
    """How a real car is connected, which its driver may end."""
    if not car.needs_connection:
        return []
    trouble = trouble_of(car)
    words = str(THROUGH[car.gateway]) if trouble is None else str(trouble.headline)
    return [Answer(_("Connection"), words, reverse("car_connection", args=[car.public_id]))]


def _answers(car: Vehicle) -> list[Answer]:
    policy: Policy | None = getattr(car, "policy", None)
    is_on = policy is not None and policy.is_enabled
    minimum = policy.minimum_charge_limit if policy is not None else 0
    control = dict(OtherControl.choices).get(car.other_control, "")
    other_control_url = OTHER_CONTROL_URL.format(car.public_id)
    return [
        Answer(_("Name"), str(car), reverse("car_name", args=[car.public_id])),
        *_connection(car),
        Answer(
            _("Smart charging"),
            _("On") if is_on else _("Off"),
            reverse("car_pause" if is_on else "car", args=[car.public_id]),
        ),
        Answer(
            _("Ready by"),
            deadlines_in_words(policy) if policy is not None and policy.deadline else _("not set"),
            reverse("car_ready_by", args=[car.public_id]),
        ),
        Answer(_("Minimum charge"), formatting.percent(minimum), reverse("car_minimum", args=[car.public_id])),
        Answer(_("What else could control the car"), capfirst(str(control)), other_control_url),
        Answer(_("Charger"), _charger(car), f"{other_control_url}#id_charger_brand"),
    ]


def _charger(car: Vehicle) -> str:
    """The charger's brand as the driver has named it, or that none was named."""
    words = {"": _("I do not know"), guides.OTHER: _("Another charger")}
    return words.get(car.charger_brand, car.charger_brand)
