"""The file in the data folder that names, in checksums, who was erased. It outlives a restored database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

from charging.adapters.durable_files import append_lines

NAME = "erased"
LINE = re.compile(r"([0-9a-f]{64}) (\S+)")


class ErasedFileError(OSError):
    """The file cannot be written, so nothing may be erased: a restored backup would bring it back."""


def read_erased() -> dict[str, datetime]:
    """Returns the instants of erasures by checksum. A line that a power cut has torn is left out."""
    try:
        lines = _path().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    found = filter(None, map(LINE.fullmatch, lines))
    return {match[1]: datetime.fromisoformat(match[2]) for match in found if _is_instant(match[2])}


def is_missing() -> bool:
    """Whether nobody was ever erased here, or the data folder is another than it was."""
    return not _path().exists()


def append_erased(erased: Mapping[str, datetime]) -> None:
    """Writes one line for each and returns when they are on the disk. Raises ErasedFileError where they cannot be."""
    lines = "".join(f"{checksum} {erased_at.isoformat()}\n" for checksum, erased_at in erased.items())
    if lines:
        with _faults_named():
            append_lines(_path(), lines)


def require_writable() -> None:
    """Raises ErasedFileError where nobody could be written down, before anything is done for their erasure."""
    with _faults_named():
        _path().open("ab").close()


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as fault:
        raise ErasedFileError(fault.errno, fault.strerror, str(_path())) from fault


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
