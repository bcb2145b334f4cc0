"""What is measured of the wizard: a request as a visitor, and the three things that happen at a step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from charging.models.wizard_events import DeviceClass, WizardHappening
from charging.operations.clocks import wall_now
from charging.operations.wizard_funnel import Visitor, note_step

if TYPE_CHECKING:
    from onboarding.step_page import Visit

TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)")
PHONE = re.compile(r"Mobi|iPhone")


def device_of(user_agent: str) -> DeviceClass:
    """What a browser says it runs on; a computer where it says nothing else."""
    if TABLET.search(user_agent):
        return DeviceClass.TABLET
    return DeviceClass.PHONE if PHONE.search(user_agent) else DeviceClass.COMPUTER


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor behind a request. Only a form that was sent tells whether scripts ran: they mark it."""
    has_scripts = request.POST.get("scripts") == "yes" if "scripts" in request.POST else None
    device = device_of(request.headers.get("User-Agent", ""))
    return Visitor(device, get_language() or settings.LANGUAGE_CODE, has_scripts)


def entered(visit: Visit) -> None:
    """The page of a step was shown."""
    _note(visit, WizardHappening.ENTERED)


def done(visit: Visit) -> None:
    """The step was answered, and the way leads on."""
    _note(visit, WizardHappening.DONE)


def refused(visit: Visit, faults: Sequence[tuple[str, str]]) -> None:
    """The answer was refused: pairs of the field and the code of what was wrong, never what was typed."""
    _note(visit, WizardHappening.REFUSED, faults)


def faults_of(form: forms.Form) -> list[tuple[str, str]]:
    """Each field of a form with the code of its error."""
    errors = form.errors.as_data().items()
    return [(name, error.code or "invalid") for name, each in errors for error in each]


def _note(visit: Visit, happened: WizardHappening, faults: Sequence[tuple[str, str]] = ()) -> None:
    if visit.is_detour:
        return
    note_step(
        draft_number=visit.draft.pk,
        step=visit.step.key,
        happened=happened,
        visitor=visitor_of(visit.request),
        at_wall=wall_now(),
        faults=faults,
    )
