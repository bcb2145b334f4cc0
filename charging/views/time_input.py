"""Times of day as people type them."""

from __future__ import annotations

import re
from datetime import time

_HALF_DAY = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\.?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2}))?", re.ASCII)
_DIGITS_ONLY = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})", re.ASCII)
_ONE_MINUTE_DIGIT = re.compile(r"\d{1,2}\s*[:.h]\s*\d", re.ASCII)


class NotATime(ValueError):  # noqa: N818 - read as "except NotATime"
    """The text is no time of day from 00:00 to 23:59."""


class OneMinuteDigit(NotATime):
    """`7:5` may be five past seven or ten to eight."""


def parse_time(text: str) -> time:
    """Returns the time in `7`, `07`, `7:00`, `7.00`, `0700`, `7 am` or `19.30`.

    Raises OneMinuteDigit for `7:5`, and NotATime for everything else that is no time.
    """
    text = " ".join(text.split()).lower()
    if match := _HALF_DAY.fullmatch(text):
        hour = int(match["hour"])
        if not 1 <= hour <= 12:
            raise NotATime(text)
        return _time(hour % 12 + (12 if match["half"] == "p" else 0), match["minute"])
    if match := _HOURS_AND_MINUTES.fullmatch(text) or _DIGITS_ONLY.fullmatch(text):
        return _time(int(match["hour"]), match["minute"])
    if _ONE_MINUTE_DIGIT.fullmatch(text):
        raise OneMinuteDigit(text)
    raise NotATime(text)


def _time(hour: int, minute: str | None) -> time:
    try:
        return time(hour, int(minute or 0))
    except ValueError as fault:
        raise NotATime(str(fault)) from fault
