"""Single values out of an answer: of the right kind and within reason, or not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST_YEAR, LAST_YEAR = 1980, 2100
"""Programs that know no instant write the first one that they can count from."""


def part_of(content: Any, name: str) -> Mapping[str, Any]:
    """Returns the object under a name; an empty one where there is none."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text_of(content: Mapping[str, Any], name: str, longest: int = 200) -> str:
    """Returns a text, cut where it is too long, without what cannot be printed; empty where there is none."""
    found = content.get(name)
    return "".join(char for char in found if char.isprintable())[:longest].strip() if isinstance(found, str) else ""


def number_of(content: Mapping[str, Any], name: str, least: float, most: float) -> float | None:
    """Returns a number from `least` to `most`; None for all else."""
    found = content.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    # Whole numbers have no end, and what is beyond a float is beyond all reason; NaN is between nothing.
    return float(found) if least <= found <= most else None


def yes_or_no(content: Mapping[str, Any], name: str) -> bool | None:
    """Returns true or false; None for all else."""
    found = content.get(name)
    return found if isinstance(found, bool) else None


def instant_of(content: Mapping[str, Any], name: str) -> datetime | None:
    """Returns an instant, aware and in UTC; None for what is none, is without a zone, or of no car's time."""
    found = content.get(name)
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
        known = at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
        return known if known is not None and FIRST_YEAR <= known.year <= LAST_YEAR else None
    except (ValueError, OverflowError):
        return None


def texts_of(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Returns the texts of a list."""
    found = content.get(name)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()
