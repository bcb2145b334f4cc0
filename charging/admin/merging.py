"""Making one of several findings of a car that have the same thing behind them: with a reason, on record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.admin.operation_form import ReasonForm
from charging.admin.read_only import Screen
from charging.admin.verdicts import on_record, question
from charging.models import Finding
from charging.models.audit import AuditKind
from charging.operations.clocks import own_now
from charging.operations.finding_merging import merge
from charging.views.finding_values import title_of

MERGE = "merge"
"""The name of the action."""

EXPLAINED = gettext_lazy(
    "One finding stays, with what all of them rest on; the driver’s cards of the others go. What speaks for them later "
    "speaks for the one that stays, as long as it is open. Nothing is sent."
)


class MergeForm(ReasonForm):
    """Which of the findings stays, and why they are one."""

    into = forms.TypedChoiceField(
        label=gettext_lazy("Which one stays"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which one stays")},
    )

    def __init__(self, candidates: Sequence[Finding], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.TypedChoiceField)
        into.choices = [(each.pk, f"{title_of(each)} ({each})") for each in candidates]


def merge_page(
    *, screen: Screen, request: HttpRequest, chosen: QuerySet[Finding], back: str, asked_for: int | None = None
) -> HttpResponse:
    """Returns the page that asks which one stays, or after the answer a redirect `back`.

    All of `chosen` become one; with `asked_for` only that one and the one that stays.
    """
    findings = list(chosen.select_related("vehicle__driver__account").order_by("first_seen_at", "pk"))
    is_possible = len(findings) > 1 and len({each.vehicle_id for each in findings}) == 1
    if not is_possible or any(each.gone_at is not None for each in findings):
        messages.error(request, _("Choose at least two open findings of one car."))
        return HttpResponseRedirect(back)
    candidates = [each for each in findings if each.pk != asked_for]
    form = MergeForm(candidates, request.POST if "reason" in request.POST else None)
    kept = next((each for each in candidates if form.is_valid() and each.pk == form.cleaned_data["into"]), None)
    if kept is None or "confirmed" not in request.POST:
        context = {
            "title": _("Merge"),
            "explained": EXPLAINED,
            "findings": findings if asked_for is None else [each for each in findings if each.pk == asked_for],
            "back": back,
            "action": MERGE,
            "is_destructive": True,
            "asks_twice": True,
            "confirming": _("This one stays: %(kept)s") % {"kept": f"{title_of(kept)} ({kept})"} if kept else "",
        }
        return question(screen, request, form, context)
    for each in findings:
        if each != kept and asked_for in {None, each.pk}:
            _carry_out(screen, request, each, kept, form.cleaned_data["reason"])
    return HttpResponseRedirect(back)


def _carry_out(screen: Screen, request: HttpRequest, finding: Finding, kept: Finding, reason: str) -> None:
    """Merges one into the one that stays, on record; a refusal is told and keeps none of the others from it."""
    now, why = own_now(driver=kept.vehicle.driver), f"Merge: into {kept.cause}: {reason}"
    do = partial(merge, finding=finding, into=kept, now=now)
    if on_record(screen, request, finding, do=do, kind=AuditKind.FINDING_JUDGED, why=why):
        messages.success(request, _("%(finding)s is now one with %(kept)s.") % {"finding": finding, "kept": kept})
