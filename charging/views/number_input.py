"""Numbers as people type them: a comma or a point, a sign of any kind, spaces around, maybe a percent sign."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
_PAIR = re.compile(r"(?P<first>[^\s;,]+)\s*[;,\s]\s*(?P<second>[^\s;,]+)")
_PAIR_WITH_COMMAS = re.compile(r"(?P<first>[+-]?\d+,\d+)\s*[;,\s]\s+(?P<second>[+-]?\d+,\d+)", re.ASCII)
LONGEST = 40


class NotANumber(ValueError):  # noqa: N818 - read as "except NotANumber"
    """The text is no number, or has a part after the sign where a whole number is asked."""


def parse_number(text: str) -> float:
    """Returns the finite number in ` 59,9127 ` or `-7.5`. Raises NotANumber for everything else, NaN included."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if len(plain) > LONGEST or not _NUMBER.fullmatch(plain):
        raise NotANumber(text[:LONGEST])
    return float(plain)


def parse_whole_percent(text: str) -> int:
    """Returns the whole number in `20`, `20 %`, ` 20.0 ` or `20,0`. Raises NotANumber for everything else."""
    number = parse_number(text.strip().removesuffix("%"))
    if not number.is_integer():
        raise NotANumber(text[:LONGEST])
    return int(number)


def split_pair(text: str) -> tuple[str, str] | None:
    """Returns the two halves of a pasted `59.91, 10.75` or `59,91; 10,75`, or None where the text is one number."""
    text = text.strip()
    match = _PAIR_WITH_COMMAS.fullmatch(text)
    if match is None and not _is_number(text):
        match = _PAIR.fullmatch(text)
    if match is None or not (_is_number(match["first"]) and _is_number(match["second"])):
        return None
    return match["first"], match["second"]


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except NotANumber:
        return False
    return True
