"""The log of decisions, and what the same facts lead to today."""

from __future__ import annotations

import json

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.car_filter import CarFilter
from charging.admin.considerations import considerations_table
from charging.admin.decision_words import driver_words, moves_table
from charging.admin.moments import moment, zone_where_it_stands
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.search import BY_CAR
from charging.models import DecisionLog
from charging.operations.decision_log import replay
from charging.operations.renewal_log import is_renewal, replay_renewal

AT = moment("at", _("at"))


@admin.display(description=_("decided again today"))
def replayed(row: DecisionLog) -> str:
    try:
        differences = replay_renewal(row) if is_renewal(row) else replay(row).differences
    except (TypeError, KeyError, ValueError):
        return gettext("These facts were written by another version and cannot be decided again.")
    if not differences:
        return gettext("The same facts lead to the same decision.")
    return gettext("It differs today in: %(parts)s") % {"parts": ", ".join(differences)}


@admin.display(description=_("the car’s case"))
def case_link(row: DecisionLog) -> SafeString:
    address = reverse("admin:charging_vehicle_change", args=[row.vehicle_id])
    return format_html('<a href="{}">{}</a>', address, row.vehicle)


@admin.display(description=_("what the driver read"))
def words(row: DecisionLog) -> str:
    return driver_words(row)


@admin.display(description=_("considerations"))
def considerations(row: DecisionLog) -> SafeString:
    return render_to_string(
        "admin/case_table.html", {"part": considerations_table(row.decision.get("considerations") or {})}
    )


@admin.display(description=_("steps"))
def moves(row: DecisionLog) -> SafeString:
    return render_to_string("admin/case_table.html", {"part": moves_table(row, zone_where_it_stands(row.vehicle))})


@admin.display(description=_("facts as stored"))
def facts_shown(row: DecisionLog) -> SafeString:
    return as_stored(row.facts)


@admin.display(description=_("decision as stored"))
def decision_shown(row: DecisionLog) -> SafeString:
    return as_stored(row.decision)


def as_stored(value: object) -> SafeString:
    """Returns JSON that is opened on demand."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html("<details><summary>{}</summary><pre>{}</pre></details>", gettext("Show"), text)


@admin.register(DecisionLog)
@read_only
class DecisionLogAdmin(Screen):
    list_display = ("vehicle", AT, "trigger", "rule", "state_before", "state_after", "command")
    list_filter = (CarFilter, "rule", "trigger", "state_after", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "at"
    search_fields = (*BY_CAR, "rule", "facts_hash")
    ordering = ("-at", "-pk")
    fields = readonly_fields = shown(
        *(case_link, AT, "trigger", words, "rule", "state_before", "state_after", "command", replayed),
        *(considerations, moves, decision_shown, facts_shown, "facts_hash", "code_version"),
    )
