"""What the guardian knows without the database: a snapshot of held cars, and a journal of what it sent.

Both lie in its data folder and are nobody else's to read. The snapshot is replaced as a whole; a line of the journal is
on the disk before anything is sent. One lock keeps two guardians on one folder from sending the same.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from charging.adapters.durable_files import append_lines, sync_folder

SNAPSHOT, JOURNAL, LOCK = "held_cars", "guardian_journal", "guardian_lock"
Entry = dict[str, Any]


@contextmanager
def alone() -> Iterator[None]:
    """Keeps another guardian on the same folder waiting. The lock is the kernel's: a killed process leaves none."""
    descriptor = os.open(_path(LOCK), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_snapshot(entries: Iterable[Entry]) -> None:
    """Puts a new snapshot in the place of the old one, whole or not at all. Raises OSError."""
    path = _path(SNAPSHOT)
    fresh = path.with_name(f"{SNAPSHOT}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps(list(entries)).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def read_snapshot() -> list[Entry]:
    """Returns the cars of the last snapshot; none where there is no whole one."""
    try:
        found = json.loads(_path(SNAPSHOT).read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def append_journal(entries: Iterable[Entry]) -> None:
    """Writes one line for each and returns when they are on the disk. Raises OSError where they cannot be."""
    lines = "".join(f"{json.dumps(entry)}\n" for entry in entries)
    if not lines:
        return
    path = _path(JOURNAL)
    append_lines(path, lines)


def read_journal() -> list[Entry]:
    """Returns what was written, oldest first; a line that a power cut has torn is left out."""
    try:
        lines = _path(JOURNAL).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [entry for line in lines if isinstance(entry := _parsed(line), dict) and _is_whole(entry)]


def forget_journal(entries: Collection[Entry]) -> None:
    """Removes the journal where all of it is in the database: these lines. One with others stays. Raises OSError."""
    with alone():
        if all(entry in entries for entry in read_journal()):
            _path(JOURNAL).unlink(missing_ok=True)


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _is_whole(entry: Entry) -> bool:
    try:
        ids = [UUID(entry["vehicle"]), UUID(entry["command"]), *([UUID(entry["plan"])] if entry["plan"] else [])]
        at = datetime.fromisoformat(entry["at"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return False
    return bool(ids) and at.tzinfo is not None and isinstance(entry.get("event"), str)


def _path(name: str) -> Path:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
