"""Who else controls a car: findings with the rows that they rest on."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.moments import moment, utc_and_local, zone_of_its_vehicle
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import Finding

FIRST_SEEN = moment("first_seen_at", _("first seen"))
LAST_SEEN = moment("last_seen_at", _("last seen"))
GONE = moment("gone_at", _("gone"))


@admin.display(description=_("signatures"))
def signatures(row: Finding) -> str:
    return ", ".join(row.codes)


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
    list_display = (
        *("vehicle", "cause", "status", signatures, "score", "nights", "clock_time", "percent"),
        *(FIRST_SEEN, LAST_SEEN, "answer", GONE),
    )
    list_filter = (
        *(CarFilter, "status", "cause", "answer", ("gone_at", admin.EmptyFieldListFilter)),
        *("vehicle__vendor", "vehicle__driver__client"),
    )
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "last_seen_at"
    search_fields = (*BY_CAR, "cause")
    ordering = ("-last_seen_at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", "cause", "status", signatures, "score", "nights", "clock_time", "percent"),
        *(FIRST_SEEN, LAST_SEEN, "answer", moment("answered_at", _("answered")), GONE, evidence),
    )
