"""Names that people give: composed, without space around them, of characters that can be seen."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 100
UNSEEN = frozenset("\ufffd\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy_name(name: str) -> str:
    """Returns the name as it is stored: composed, without space around it."""
    return unicodedata.normalize("NFC", name).strip()


def says_something(name: str) -> bool:
    """Whether there is anything in it to read."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in name)


def is_seen_whole(name: str) -> bool:
    """Whether all of it can be seen where it is written, and changes nothing around it."""
    return not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in UNSEEN for char in name)
