"""The file in the data folder that names, in checksums, who was erased. It outlives a restored database."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

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
    # An empty line before them: the last one may have been torn.
    lines = "".join(f"{checksum} {erased_at.isoformat()}\n" for checksum, erased_at in erased.items())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(f"\n{lines}".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new file is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
