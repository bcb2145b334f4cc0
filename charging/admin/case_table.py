"""Values of a case as words in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.admin.moments import utc_and_local
from charging.views import formatting


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the case file. Without columns each row is a name with its value.

    `is_private` keeps it out of what is copied into tickets.
    """

    title: str
    rows: Sequence[Sequence[str]]
    columns: Sequence[str] = ()
    is_private: bool = False


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


def worded(rows: Iterable[Sequence[object]], timezone_name: str) -> list[list[str]]:
    """Returns rows of values as rows of words; marked-up text stays as it is."""
    return [[word(value, timezone_name) for value in row] for row in rows]


def pairs(values: Iterable[tuple[str, object]], timezone_name: str) -> list[tuple[str, str]]:
    """Returns names with their values in words."""
    return [(name, word(value, timezone_name)) for name, value in values]


def as_stored(values: Iterable[tuple[str, object]], timezone_name: str) -> str:
    """Returns `soc_percent 38, charge_limit_percent 80`: fields as they are stored."""
    return ", ".join(f"{name} {word(value, timezone_name)}" for name, value in values)


def took(start: datetime | None, end: datetime | None) -> str:
    """Returns the time between two instants, to the second below two minutes; `-` while one is not known."""
    if start is None or end is None:
        return "-"
    length = end - start
    if length < timedelta(minutes=2):
        return _("%(count)d s") % {"count": length.total_seconds()}
    return formatting.duration(length)


def degrees(value: float | None) -> str:
    """Returns a coordinate rounded to three decimals, about a hundred meters: enough to help, too little to stalk."""
    return "-" if value is None else f"{value:.3f}"
