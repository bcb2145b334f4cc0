"""Who else controls a car: findings with the rows that they rest on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.case_table import Table
from charging.admin.guides import guide_urls
from charging.admin.judging import MAY_JUDGE, judge_urls, own_judge_links
from charging.admin.merging import MERGE, merge_page
from charging.admin.moments import moment, utc_and_local, zone_of_its_vehicle
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.admin.verdicts import VERDICTS, verdict_page
from charging.models import Finding
from charging.operations.finding_verdicts import false_alarm_rates

FIRST_SEEN = moment("first_seen_at", _("first seen"))
LAST_SEEN = moment("last_seen_at", _("last seen"))
GONE = moment("gone_at", _("gone"))
ACKNOWLEDGED = moment("acknowledged_at", _("acknowledged"))


@admin.display(description=_("signatures"))
def signatures(row: Finding) -> str:
    return ", ".join(row.codes)


@admin.display(description=_("status"), ordering="status")
def status(row: Finding) -> str:
    return row.judged_status


@admin.display(description=_("evidence"))
def evidence(row: Finding) -> SafeString:
    zone = zone_of_its_vehicle(row)
    rows = format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (utc_and_local(datetime.fromisoformat(item["at"]), zone), item["seen"], item["value"])
            for item in row.evidence
        ),
    )
    names = (gettext("at"), gettext("what was seen"), gettext("value"))
    head = format_html_join("", "<th>{}</th>", ((name,) for name in names))
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, rows)


@admin.register(Finding)
@read_only
class FindingAdmin(Screen):
    list_display = ("vehicle", "cause", status, signatures, LAST_SEEN, ACKNOWLEDGED, "answer", GONE)
    list_filter = (
        *(CarFilter, "status", "cause", "answer", ("gone_at", admin.EmptyFieldListFilter)),
        *(("acknowledged_at", admin.EmptyFieldListFilter), "vehicle__vendor", "vehicle__driver__client"),
    )
    actions = (*VERDICTS, MERGE)
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "last_seen_at"
    search_fields = (*BY_CAR, "cause")
    ordering = ("-last_seen_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "cause", status, signatures, "score", "nights", "clock_time", "percent"),
        *(
            FIRST_SEEN,
            LAST_SEEN,
            ACKNOWLEDGED,
            "answer",
            moment("answered_at", _("answered")),
            GONE,
            "merged_into",
            evidence,
        ),
    )

    def has_judge_permission(self, request: HttpRequest) -> bool:
        """Whoever may change findings may say what they are; nobody changes what was seen."""
        return request.user.has_perm(MAY_JUDGE)

    @admin.action(description=_("Acknowledge"), permissions=["judge"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Finding]) -> HttpResponse:
        return self._asked(request, queryset, "acknowledge")

    @admin.action(description=_("False alarm"), permissions=["judge"])
    def false_alarm(self, request: HttpRequest, queryset: QuerySet[Finding]) -> HttpResponse:
        return self._asked(request, queryset, "false_alarm")

    @admin.action(description=_("Merge"), permissions=["judge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Finding]) -> HttpResponse:
        return merge_page(screen=self, request=request, chosen=queryset, back=request.get_full_path())

    @admin.action(description=_("Message user"), permissions=["judge"])
    def message(self, request: HttpRequest, queryset: QuerySet[Finding]) -> HttpResponse:
        return self._asked(request, queryset, "message")

    def _asked(self, request: HttpRequest, findings: QuerySet[Finding], action: str) -> HttpResponse:
        back = request.get_full_path()
        return verdict_page(screen=self, request=request, findings=findings, action=action, back=back)

    def get_urls(self) -> list[URLPattern]:
        return [*guide_urls(self), *judge_urls(self), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        finding = self.get_object(request, object_id)
        judged = own_judge_links(finding) if finding is not None and self.has_judge_permission(request) else []
        return super().change_view(request, object_id, form_url, {"judge_links": judged, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"rates": _rates(), **(extra_context or {})})


def _rates() -> Table:
    rows = [
        (rate.code, str(rate.confirmed), str(rate.false_alarms), f"{rate.share:.0%}", str(rate.on_purpose),
         str(rate.switched_off))
        for rate in false_alarm_rates()
    ]  # fmt: skip
    columns = (gettext("signature"), gettext("confirmed"), gettext("false alarms"), gettext("rate"))
    return Table(
        gettext("How often a signature was a false alarm"),
        rows,
        (*columns, gettext("on purpose"), gettext("switched off")),
    )
