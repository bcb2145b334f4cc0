"""A case as plain text for a ticket: without positions, tokens and e-mail addresses."""

from __future__ import annotations

import re
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charging.admin.case_file import CaseFile
from charging.admin.case_table import Table
from charging.admin.moments import utc_and_local

PRIVATE = (
    (re.compile(r"[^\s@,;<>()\"']+@[^\s@,;<>()\"']+\.[^\s@,;<>()\"']+"), "[e-mail]"),
    (re.compile(r"-?\d{1,3}\.\d{3,}\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}"), "[position]"),
    (re.compile(r"\bBearer\s+\S+|\beyJ[\w.=-]+|\b[A-Za-z0-9_-]{40,}"), "[token]"),
)
"""What others may have written into names and messages."""


def case_text(case: CaseFile) -> str:
    """Returns the case, one value or row a line."""
    vehicle, card = case.vehicle, case.card
    head = (
        _("Case of car %(id)s") % {"id": vehicle.public_id},
        _("Driver: %(id)s of %(client)s") % {"id": vehicle.driver.public_id, "client": vehicle.driver.client},
        f"{vehicle.vendor} {vehicle.model} {vehicle.year or ''}".strip(),
        utc_and_local(case.now, case.zone),
        "",
        card.headline,
        " ".join(part for part in (card.sentence, card.notice, card.age) if part),
    )
    parts = [part for table in case.tables if not table.is_private for part in ("", *_lines(table))]
    return "\n".join(without_private("\n".join((*head, *parts))).splitlines()) + "\n"


def without_private(text: str) -> str:
    """Returns the text with a word in brackets for each e-mail address, position and token in it."""
    for pattern, instead in PRIVATE:
        text = pattern.sub(instead, text)
    return text


def _lines(table: Table) -> list[str]:
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    if not table.columns:
        return [f"== {table.title}", *(": ".join(row) for row in rows)]
    return [f"== {table.title}", " | ".join(table.columns), *(" | ".join(row) for row in rows)]


def _plain(cell: str) -> str:
    """Markup of ours is left out; what others wrote stays as they wrote it, on one line."""
    text = unescape(strip_tags(cell)) if isinstance(cell, SafeString) else cell
    return " ".join(text.split())
