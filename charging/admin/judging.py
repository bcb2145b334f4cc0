"""Judging one finding from its own page or from the case of its car: the ways there, and the page that asks why."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from charging.admin.merging import MERGE, merge_page
from charging.admin.read_only import Screen
from charging.admin.verdicts import VERDICTS, verdict_page
from charging.models import Finding, Vehicle
from charging.models.findings import Answer
from charging.views.finding_values import title_of

MAY_JUDGE = "charging.change_finding"


@dataclass(frozen=True, slots=True)
class JudgeLink:
    """The way to one verdict on one finding; `title` tells the findings of a case apart."""

    address: str
    label: Promise
    title: str


def judge_links(finding: Finding, *, from_case: bool = False) -> list[JudgeLink]:
    """Returns what may still be said of a finding; nobody acknowledges one that is gone or looked after."""
    is_waiting = finding.gone_at is None and finding.acknowledged_at is None
    is_open_question = finding.answer != Answer.FALSE_ALARM
    possible = {"acknowledge": is_waiting, "false_alarm": is_open_question, "message": True}
    query = "?from=case" if from_case else ""
    return [
        JudgeLink(
            reverse("admin:charging_finding_judge", args=[finding.pk, action]) + query, verdict.label, title_of(finding)
        )
        for action, verdict in VERDICTS.items()
        if possible[action]
    ] + _merge_links(finding, query)


def _merge_links(finding: Finding, query: str) -> list[JudgeLink]:
    """The way to make one of this and another open finding of its car; none where there is no other."""
    others = Finding.objects.open().filter(vehicle=finding.vehicle_id).exclude(pk=finding.pk)
    if finding.gone_at is not None or not others.exists():
        return []
    address = reverse("admin:charging_finding_judge", args=[finding.pk, MERGE]) + query
    return [JudgeLink(address, gettext_lazy("Merge"), title_of(finding))]


def case_judge_links(vehicle: Vehicle) -> list[JudgeLink]:
    """Returns the ways for all open findings of a car, the newest first."""
    waiting = Finding.objects.open().filter(vehicle=vehicle).order_by("-last_seen_at", "-pk")
    return [link for finding in waiting for link in judge_links(finding, from_case=True)]


def judge_urls(screen: Screen) -> list[URLPattern]:
    """Returns the address of the page that asks for the reason, for the screen of findings."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def judge(request: HttpRequest, finding_id: int, action: str) -> HttpResponse:
        if not request.user.has_perm(MAY_JUDGE):
            raise PermissionDenied
        chosen = Finding.objects.filter(pk=finding_id)
        vehicle_id = chosen.values_list("vehicle", flat=True).first()
        if vehicle_id is None or action not in {*VERDICTS, MERGE}:
            raise Http404
        is_case = request.GET.get("from") == "case"
        name, key = ("vehicle", vehicle_id) if is_case else ("finding", finding_id)
        back = reverse(f"admin:charging_{name}_change", args=[key])
        if action == MERGE:
            of_the_car = Finding.objects.open().filter(vehicle=vehicle_id)
            return merge_page(screen=screen, request=request, chosen=of_the_car, back=back, asked_for=finding_id)
        return verdict_page(screen=screen, request=request, findings=chosen, action=action, back=back)

    pattern = path("<int:finding_id>/judge/<slug:action>/", screen.admin_site.admin_view(judge),
                   name="charging_finding_judge")  # fmt: skip
    return [pattern]
