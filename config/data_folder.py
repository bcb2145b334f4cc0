"""The data folder belongs to one process at a time: SQLite would take two writers, and the rules must not."""

import fcntl
import os
from io import TextIOWrapper
from pathlib import Path

from django.core.management import CommandError

LOCK_NAME = "lock"
# The lock lives as long as its open file, so this process keeps the file here.
held_locks: dict[Path, TextIOWrapper] = {}


class DataFolderInUseError(CommandError):
    """Another process holds the data folder."""


def hold_data_folder(folder: Path) -> None:
    """Keep `folder` for this process until it ends; again is harmless.

    Raises DataFolderInUseError when another process holds it, CommandError when it cannot be made or written to. The
    lock is the kernel's (flock), so a killed process leaves none behind.
    """
    if folder in held_locks:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK_NAME).open("a+", encoding="ascii")
    except OSError as fault:
        raise CommandError(f"The data folder {folder} cannot be used: {fault.strerror}.") from fault
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise DataFolderInUseError(
            f"Readyby is already running on the data folder {folder} (process {holder}): "
            "stop it first, or choose another folder."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    held_locks[folder] = file
