"""A language that nobody speaks: every text marked and longer, so that one not translated, or too narrow, shows."""

from __future__ import annotations

import math
import re
from pathlib import Path

from config.messages import NO_DATE, as_mo, collect

CODE = "xx"
OPENS, CLOSES = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
LONGER = 0.4
_ACCENTS = str.maketrans("aeiouyAEIOUY", "åéîöûýÅÉÎÖÛÝ")
_KEPT = re.compile(r"(%\(\w+\)[sd]|\{\w*\}|%%|<[^>]+>|&\w+;)")
_SPACED = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def pseudo(text: str) -> str:
    """`Ready by` -> `⟦Réådý bý ~~~⟧`: 40 % longer, with the same placeholders, tags, and blanks at the ends."""
    parts = _KEPT.split(text)
    accented = "".join(part if number % 2 else part.translate(_ACCENTS) for number, part in enumerate(parts))
    found = _SPACED.match(accented)
    assert found is not None, "matches anything"
    words = "".join(parts[::2])
    padding = "~" * max(1, math.ceil(len(words) * LONGER) - 3)
    # Long words are rare: the padding breaks where a sentence would.
    broken = " ".join(padding[start : start + 8] for start in range(0, len(padding), 8))
    return f"{found[1]}{OPENS}{found[2]} {broken}{CLOSES}{found[3]}"


def write_catalog(folder: Path) -> None:
    """Writes the compiled catalog of the language below `folder`, a value of LOCALE_PATHS."""
    catalog = collect()
    catalog.creation_date = catalog.revision_date = NO_DATE
    for message in catalog:
        # A pattern of a date is no text; nor is the head of the catalog.
        if message.id and not (message.context or "").startswith("format of"):
            text = message.id
            message.string = pseudo(text) if isinstance(text, str) else tuple(pseudo(form) for form in text)
    path = folder / CODE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(as_mo(catalog))
