"""Evaluate now, on an operator's word: with a reason, on record."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from charging.admin.change_log import log_change
from charging.admin.operation_form import ReasonForm
from charging.admin.read_only import Screen
from charging.models import Vehicle
from charging.models.audit import AuditKind
from charging.operations import audit, evaluation
from charging.operations.clocks import own_now, wall_now

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 100
"""So many cars are evaluated while an operator waits; more is the sweep's work."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation found: `rule` is empty where it failed."""

    before: str
    after: str
    rule: str

    def __str__(self) -> str:
        if not self.rule:
            return _("could not be evaluated; the log of the server says why")
        if self.before == self.after:
            return _("%(state)s as before, rule: %(rule)s") % {"state": self.after, "rule": self.rule}
        return _("%(before)s became %(after)s, rule: %(rule)s") % {
            "before": self.before,
            "after": self.after,
            "rule": self.rule,
        }


def re_evaluate(*, vehicle: Vehicle, account_id: int | None, reason: str) -> Outcome:
    """Evaluates the car on its driver's clock. A fault in one car is logged, and never stops the others."""
    before = vehicle.state

    def evaluate() -> None:
        evaluation.evaluate(vehicle=vehicle, now=own_now(driver=vehicle.driver), trigger="operator")

    try:
        audit.act(
            do=evaluate,
            kind=AuditKind.OPERATOR_ACTED,
            account_id=account_id,
            about=vehicle.public_id,
            reason=reason,
            now=wall_now(),
        )
    except Exception:
        log.exception("evaluation failed", vehicle=str(vehicle.public_id))
        return Outcome(before, before, "")
    vehicle.refresh_from_db(fields=["state", "rule"])
    return Outcome(before, vehicle.state, vehicle.rule or "-")


def re_evaluation_page(
    *, screen: Screen, request: HttpRequest, vehicles: QuerySet[Vehicle], back: str, action: str = ""
) -> HttpResponse:
    """Returns the page that asks for the reason, or after it was given a redirect `back` with what was found.

    `action` is the name of the bulk action, which a list needs to come here again with the reason.
    """
    chosen = list(vehicles.select_related("driver__account")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, _("Choose at most %(most)d cars.") % {"most": MOST_AT_ONCE})
        return HttpResponseRedirect(back)
    is_answered = request.method == "POST" and (not action or "reason" in request.POST)
    form = ReasonForm(request.POST if is_answered else None)
    if not form.is_valid():
        context = {
            **screen.admin_site.each_context(request),
            "title": _("Re-evaluate now"),
            "opts": screen.opts,
            "form": form,
            "vehicles": chosen,
            "back": back,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/re_evaluate.html", context)
    for vehicle in chosen:
        reason = form.cleaned_data["reason"]
        outcome = re_evaluate(vehicle=vehicle, account_id=request.user.pk, reason=reason)
        said = _("Re-evaluated: %(reason)s") % {"reason": reason}
        log_change(screen=screen, request=request, row=vehicle, message=f"{said} ({outcome})")
        level = messages.SUCCESS if outcome.rule else messages.ERROR
        messages.add_message(request, level, f"{vehicle}: {outcome}")
    return HttpResponseRedirect(back)
