"""The log of decisions, and what the same facts lead to today."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
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


@admin.display(description=_("facts"))
def facts_shown(row: DecisionLog) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(row.facts, indent=2, ensure_ascii=False))


@admin.display(description=_("decision"))
def decision_shown(row: DecisionLog) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(row.decision, indent=2, ensure_ascii=False))


@admin.register(DecisionLog)
@read_only
class DecisionLogAdmin(Screen):
    list_display = ("vehicle", AT, "trigger", "rule", "state_before", "state_after", "command")
    list_filter = ("rule", "trigger", "state_after", "vehicle__vendor", "vehicle__driver__client")
    list_select_related = ("vehicle__view__location",)
    date_hierarchy = "at"
    search_fields = (*BY_CAR, "rule", "facts_hash")
    ordering = ("-at", "-pk")
    fields = readonly_fields = shown(
        *("vehicle", AT, "trigger", "rule", "state_before", "state_after", "command", replayed),
        *(decision_shown, facts_shown, "facts_hash", "code_version"),
    )
