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


def judge_links(finding: Finding, *, has_others: bool, from_case: bool = False) -> list[JudgeLink]:
    """Returns what may still be said of a finding: nobody acknowledges one that is gone or looked after, and only open
    ones are merged, where the car `has_others`.
    """
    is_open = finding.gone_at is None
    possible = {
        "acknowledge": is_open and finding.acknowledged_at is None,
        "false_alarm": finding.answer != Answer.FALSE_ALARM,
        "message": True,
        MERGE: is_open and has_others,
    }
    labels = {action: verdict.label for action, verdict in VERDICTS.items()} | {MERGE: gettext_lazy("Merge")}
    query = "?from=case" if from_case else ""
    return [
        JudgeLink(reverse("admin:charging_finding_judge", args=[finding.pk, action]) + query, label, title_of(finding))
        for action, label in labels.items()
        if possible[action]
    ]


def own_judge_links(finding: Finding) -> list[JudgeLink]:
    """Returns the ways from a finding's own page."""
    others = Finding.objects.open().filter(vehicle=finding.vehicle_id).exclude(pk=finding.pk)
    return judge_links(finding, has_others=others.exists())


def case_judge_links(vehicle: Vehicle) -> list[JudgeLink]:
    """Returns the ways for all open findings of a car, the newest first."""
    waiting = list(Finding.objects.open().filter(vehicle=vehicle).order_by("-last_seen_at", "-pk"))
    has_others = len(waiting) > 1
    return [link for finding in waiting for link in judge_links(finding, has_others=has_others, from_case=True)]


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
