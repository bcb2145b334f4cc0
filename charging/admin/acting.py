"""Doing for a driver what they could do themselves: with a reason, in two steps, on record, and told to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.admin.change_log import log_change
from charging.admin.operation_form import ReasonForm, was_applied
from charging.admin.read_only import Screen
from charging.models import Vehicle
from charging.models.activities import Actor
from charging.models.audit import AuditKind
from charging.operations import audit, overrides, policies
from charging.operations.clocks import own_now, wall_now
from charging.views.support_mails import tell_driver


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done, and what the driver is told of it."""

    label: Promise
    told: Promise
    perform: Callable[[Vehicle, datetime], object]


def _switch(vehicle: Vehicle, now: datetime, *, is_enabled: bool) -> None:
    policy = getattr(vehicle, "policy", None)
    minimum = policy.minimum_charge_limit if policy is not None else 0.0
    policies.set_policy(
        vehicle=vehicle, is_enabled=is_enabled, minimum_charge_limit=minimum, now=now, actor=Actor.SUPPORT
    )


ACTS: dict[str, Act] = {
    "charge_now": Act(
        gettext_lazy("Charge now, until full"),
        gettext_lazy("Your car was told to charge at once, until it is full."),
        lambda vehicle, now: overrides.charge_now(vehicle=vehicle, now=now, actor=Actor.SUPPORT),
    ),
    "end_override": Act(
        gettext_lazy("Back to smart charging"),
        gettext_lazy("Your car was given back to smart charging."),
        lambda vehicle, now: overrides.end_override(vehicle=vehicle, now=now, actor=Actor.SUPPORT),
    ),
    "pause": Act(
        gettext_lazy("Pause smart charging until the next plug-in"),
        gettext_lazy("Smart charging was paused until you plug in the next time."),
        lambda vehicle, now: policies.pause(vehicle=vehicle, now=now, until_plug_in=True, actor=Actor.SUPPORT),
    ),
    "turn_on": Act(
        gettext_lazy("Turn smart charging on"),
        gettext_lazy("Smart charging was turned on."),
        lambda vehicle, now: _switch(vehicle, now, is_enabled=True),
    ),
    "turn_off": Act(
        gettext_lazy("Turn smart charging off, which releases the car"),
        gettext_lazy("Smart charging was turned off. Your car charges as soon as it is plugged in."),
        lambda vehicle, now: _switch(vehicle, now, is_enabled=False),
    ),
}


class ActForm(ReasonForm):
    """What to do, and why."""

    act = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[(code, act.label) for code, act in ACTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what to do")},
    )


def perform(act: Act, vehicle: Vehicle, account_id: int | None, reason: str) -> None:
    """Does it and puts it on record, both or none. Raises Refused as the operation does."""
    audit.act(
        do=lambda: act.perform(vehicle, own_now(driver=vehicle.driver)),
        kind=AuditKind.OPERATOR_ACTED,
        account_id=account_id,
        about=vehicle.public_id,
        reason=reason,
        now=wall_now(),
    )


def act_page(*, screen: Screen, request: HttpRequest, vehicle: Vehicle, back: str) -> HttpResponse:
    """Returns the form, then what will be done to be confirmed, then a redirect `back` with what was done."""
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and "confirmed" in request.POST:
        act, reason = ACTS[form.cleaned_data["act"]], form.cleaned_data["reason"]
        if was_applied(form, lambda: perform(act, vehicle, request.user.pk, reason)):
            is_told = tell_driver(vehicle=vehicle, told=act.told, reason=reason)
            log_change(screen=screen, request=request, row=vehicle, message=f"{act.label}: {reason}")
            messages.success(request, _("Done, and the driver was told.") if is_told else _("Done."))
            return HttpResponseRedirect(back)
    context = {
        **screen.admin_site.each_context(request),
        "title": _("Act for the driver"),
        "opts": screen.opts,
        "form": form,
        "vehicle": vehicle,
        "back": back,
        "chosen": ACTS[form.cleaned_data["act"]] if form.is_valid() else None,
    }
    return TemplateResponse(request, "admin/act.html", context)
