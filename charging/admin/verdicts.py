"""What operators say of findings, and to whom: with a reason, on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    """An action of the list: its words, what it asks for, and what it does to one finding; that may raise Refused.

    One that cannot be taken back `is_destructive`. With `confirming`, what will be done is said before it is.
    """

    label: Promise
    explained: Promise
    kind: AuditKind
    perform: Callable[[Finding, ReasonForm], object]
    form: type[ReasonForm] = ReasonForm
    is_destructive: bool = False
    confirming: Callable[[Sequence[Finding], ReasonForm], str] | None = None


def _acknowledge(finding: Finding, _form: ReasonForm) -> None:
    if not acknowledge(finding=finding, now=own_now(driver=finding.vehicle.driver)):
        raise Refused([Issue("NOT_WAITING", "", _("It is gone, or somebody looks after it already"))])


def _false_alarm(finding: Finding, _form: ReasonForm) -> None:
    call_false_alarm(finding=finding, now=own_now(driver=finding.vehicle.driver))


def _write(finding: Finding, form: ReasonForm) -> None:
    if not write_about(finding=finding, text=FIXED_TEXTS[form.cleaned_data["text"]]):
        raise Refused([Issue("NOT_SENT", "", _("No mail went out: there is no address, or the mail server refused"))])


def _who_is_written_to(findings: Sequence[Finding], form: ReasonForm) -> str:
    text = FIXED_TEXTS[form.cleaned_data["text"]].label
    return ngettext("%(count)d mail goes out: %(text)s", "%(count)d mails go out: %(text)s", len(findings)) % {
        "count": len(findings),
        "text": text,
    }


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
        is_destructive=True,
    ),
    "message": Verdict(
        gettext_lazy("Message user"),
        gettext_lazy("The driver of each car gets one mail with a fixed text, in their language."),
        AuditKind.DRIVER_WRITTEN_TO,
        _write,
        MessageForm,
        confirming=_who_is_written_to,
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
    asks_twice = verdict.confirming is not None
    if not form.is_valid() or (asks_twice and "confirmed" not in request.POST):
        context = {
            "title": verdict.label,
            "explained": verdict.explained,
            "findings": chosen,
            "back": back,
            "action": action,
            "is_destructive": verdict.is_destructive,
            "asks_twice": asks_twice,
            "confirming": verdict.confirming(chosen, form) if verdict.confirming and form.is_valid() else "",
        }
        return question(screen, request, form, context)
    for finding in chosen:
        _carry_out(screen, request, verdict, finding, form)
    return HttpResponseRedirect(back)


def question(screen: Screen, request: HttpRequest, form: ReasonForm, context: Mapping[str, object]) -> HttpResponse:
    """Returns the page that asks why, or whether it is meant."""
    whole = {
        **screen.admin_site.each_context(request),
        "opts": screen.opts,
        "checkbox": ACTION_CHECKBOX_NAME,
        "form": form,
        **context,
    }
    return TemplateResponse(request, "admin/verdict.html", whole)


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
