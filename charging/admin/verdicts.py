"""What operators say of findings, and to whom: with a reason, on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.admin.change_log import log_change
from charging.admin.operation_form import ReasonForm
from charging.admin.read_only import Screen
from charging.models import Finding
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import own_now, wall_now
from charging.operations.finding_verdicts import acknowledge, call_false_alarm
from charging.operations.issues import Issue, Refused
from charging.views.support_mails import FIXED_TEXTS, write_about

MOST_AT_ONCE = 100
"""So many findings are dealt with while an operator waits."""


class MessageForm(ReasonForm):
    """Which of the fixed texts to send, and why."""

    text = forms.ChoiceField(
        label=gettext_lazy("Which text"),
        choices=[(code, text.label) for code, text in FIXED_TEXTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which text")},
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action of the list: its words, what it asks for, and what it does to one finding; that may raise Refused."""

    label: Promise
    explained: Promise
    kind: AuditKind
    perform: Callable[[Finding, ReasonForm], object]
    form: type[ReasonForm] = ReasonForm


def _acknowledge(finding: Finding, _form: ReasonForm) -> None:
    if not acknowledge(finding=finding, now=own_now(driver=finding.vehicle.driver)):
        raise Refused([Issue("NOT_WAITING", "", _("It is gone, or somebody looks after it already"))])


def _false_alarm(finding: Finding, _form: ReasonForm) -> None:
    call_false_alarm(finding=finding, now=own_now(driver=finding.vehicle.driver))


def _write(finding: Finding, form: ReasonForm) -> None:
    if not write_about(finding=finding, text=FIXED_TEXTS[form.cleaned_data["text"]]):
        raise Refused([Issue("NOT_SENT", "", _("No mail went out: there is no address, or the mail server refused"))])


VERDICTS: Mapping[str, Verdict] = {
    "acknowledge": Verdict(
        gettext_lazy("Acknowledge"),
        gettext_lazy("Somebody looks after it: it leaves the cars to look at. The driver is told nothing."),
        AuditKind.FINDING_JUDGED,
        _acknowledge,
    ),
    "false_alarm": Verdict(
        gettext_lazy("False alarm"),
        gettext_lazy(
            "The driver’s card goes and the timeline says why; the plan is made anew without it. What this plug-in and "
            "those before it showed counts no more; what a later one shows does."
        ),
        AuditKind.FINDING_JUDGED,
        _false_alarm,
    ),
    "message": Verdict(
        gettext_lazy("Message user"),
        gettext_lazy("The driver of each car gets one mail with a fixed text, in their language."),
        AuditKind.DRIVER_WRITTEN_TO,
        _write,
        MessageForm,
    ),
}
"""By the name of the action."""


def verdict_page(
    *, screen: Screen, request: HttpRequest, findings: QuerySet[Finding], action: str, back: str
) -> HttpResponse:
    """Returns the page that asks for the reason, or after it was given a redirect `back`."""
    verdict = VERDICTS[action]
    chosen = list(findings.select_related("vehicle__driver__account")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, _("Choose at most %(most)d findings.") % {"most": MOST_AT_ONCE})
        return HttpResponseRedirect(back)
    form = verdict.form(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        context = {
            **screen.admin_site.each_context(request),
            "title": verdict.label,
            "explained": verdict.explained,
            "opts": screen.opts,
            "form": form,
            "findings": chosen,
            "back": back,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/verdict.html", context)
    for finding in chosen:
        _carry_out(screen, request, verdict, finding, form)
    return HttpResponseRedirect(back)


def _carry_out(screen: Screen, request: HttpRequest, verdict: Verdict, finding: Finding, form: ReasonForm) -> None:
    """Does it to one finding, on record; a refusal is told and keeps none of the others from it."""
    said = ", ".join(str(form.cleaned_data[name]) for name in form.fields if name != "reason")
    what = f"{verdict.label}: {said}" if said else str(verdict.label)
    why = f"{what}: {form.cleaned_data['reason']}"
    if on_record(screen, request, finding, do=lambda: verdict.perform(finding, form), kind=verdict.kind, why=why):
        messages.success(request, f"{finding.vehicle}, {finding}: {verdict.label}")


def on_record(
    screen: Screen, request: HttpRequest, finding: Finding, *, do: Callable[[], object], kind: AuditKind, why: str
) -> bool:
    """Does something about a finding, with who, what and why in both logs. Returns whether it was not refused."""
    about = finding.vehicle.public_id
    reason = f"{finding.cause}, {why}"
    try:
        audit.act(do=do, kind=kind, account_id=request.user.pk, about=about, reason=reason, now=wall_now())
    except Refused as refused:
        messages.error(request, f"{finding.vehicle}, {finding}: {refused.issues[0].message}")
        return False
    log_change(screen=screen, request=request, row=finding, message=why)
    return True
