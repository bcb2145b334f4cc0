"""Who else controls a car: findings in the driver's words, with the rows that they rest on."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from charging.admin.case_table import Table, worded
from charging.models import Finding
from charging.views.finding_evidence import ROWS_SHOWN, evidence_of
from charging.views.finding_values import title_of
from charging.views.situation import Situation

FINDINGS_SHOWN = 10


def findings_table(situation: Situation) -> Table:
    """Returns the newest findings, open and gone, each with the way to its page."""
    newest = Finding.objects.filter(vehicle=situation.vehicle).order_by("-last_seen_at", "-pk")[:FINDINGS_SHOWN]
    rows = [
        (
            *(_linked(each), each.cause, each.judged_status, ", ".join(each.codes), each.nights, each.last_seen_at),
            *(each.acknowledged_at, each.answer, each.gone_at),
        )
        for each in newest
    ]
    columns = (_("finding"), _("cause"), _("status"), _("signatures"), _("nights"), _("last seen"))
    after = (_("acknowledged"), _("answer"), _("gone"))
    return Table(_("Who else controls it"), worded(rows, situation.timezone_name), (*columns, *after))


def evidence_table(situation: Situation) -> Table:
    """Returns what the open findings rest on, the newest rows of each."""
    rows = [row for finding in situation.findings for row in _evidence(finding, situation)]
    columns = (_("cause"), _("at"), _("what was seen"), _("stored as"), _("value"))
    return Table(_("Evidence"), worded(rows, situation.timezone_name), columns)


def _evidence(finding: Finding, situation: Situation) -> list[tuple[object, ...]]:
    stored = sorted(finding.evidence, key=lambda row: datetime.fromisoformat(row["at"]))[-ROWS_SHOWN:]
    lines = evidence_of(finding, situation.now, situation.timezone)
    return [
        (finding.cause, datetime.fromisoformat(row["at"]), line.text, row["seen"], row.get("value"))
        for row, line in zip(stored, lines, strict=True)
    ]


def _linked(finding: Finding) -> str:
    address = reverse("admin:charging_finding_change", args=[finding.pk])
    return format_html('<a href="{}">{}</a>', address, title_of(finding))
