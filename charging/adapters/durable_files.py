"""Files in the data folder that a power cut does not take back, and that are nobody else's to read."""

from __future__ import annotations

import os
from pathlib import Path


def append_lines(path: Path, lines: str) -> None:
    """Appends ASCII lines, each with its end, and returns when they are on the disk. Raises OSError where not."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        # An empty line before them: the last one may have been torn.
        file.write(f"\n{lines}".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new file is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
