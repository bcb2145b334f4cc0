"""How long a vendor that was asked too often wants to be left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from email.utils import parsedate_to_datetime

UNLESS_SAID = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
"""Longer than that no car may be left alone (RELIABILITY F17)."""


def retry_after_of(headers: Iterable[tuple[bytes, bytes]]) -> timedelta:
    """Returns what `Retry-After` says, in seconds or as a date, which counts from the answer's; at most 15 minutes."""
    told = {name.decode("latin-1").lower(): value.decode("latin-1").strip() for name, value in headers}
    text = told.get("retry-after", "")
    try:
        if text.isdecimal():
            wanted = timedelta(seconds=int(text))
        else:
            wanted = parsedate_to_datetime(text) - parsedate_to_datetime(told.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return UNLESS_SAID
    return min(max(wanted, timedelta()), LONGEST)
