"""The file in the data folder that names, in checksums, who was erased. It outlives a restored database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from charging.adapters.durable_files import append_lines

NAME = "erased"
LINE = re.compile(r"([0-9a-f]{64}) (\S+)")


def read_erased() -> dict[str, datetime]:
    """Returns the instants of erasures by checksum. A line that a power cut has torn is left out."""
    try:
        lines = _path().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    found = filter(None, map(LINE.fullmatch, lines))
    return {match[1]: datetime.fromisoformat(match[2]) for match in found if _is_instant(match[2])}


def append_erased(erased: Mapping[str, datetime]) -> None:
    """Writes one line for each and returns when they are on the disk. Raises OSError where they cannot be."""
    if not erased:
        return
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{checksum} {erased_at.isoformat()}\n" for checksum, erased_at in erased.items())
    append_lines(path, lines)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
