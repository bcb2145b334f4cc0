"""Values of a case as words in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.admin.moments import utc_and_local


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the case file. Without columns each row is a name with its value."""

    title: str
    rows: Sequence[Sequence[str]]
    columns: Sequence[str] = ()


def word(value: object, timezone_name: str = "UTC") -> str:
    """Returns a value as support reads it: instants in both zones, yes and no, `-` for what is not known."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return utc_and_local(value, timezone_name)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float | Decimal):
        return f"{value:.6g}"
    return str(value)


def degrees(value: float | None) -> str:
    """Returns a coordinate rounded to three decimals, about a hundred meters: enough to help, too little to stalk."""
    return "-" if value is None else f"{value:.3f}"
