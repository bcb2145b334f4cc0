"""How much of a processor each kind of process of a load took, as Linux counts it."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
KINDS = {
    "gunicorn": "web",
    "celery": "workers",
    "guardian": "guardian",
    "redis-server": "broker",
    "postgres": "database",
}


def seconds_by_kind() -> dict[str, float]:
    """Seconds of a processor that the processes running now have taken; `calling` is this one."""
    taken: dict[str, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (kind := _kind(folder)):
            taken[kind] = taken.get(kind, 0.0) + _seconds(folder)
    return taken


def _kind(folder: Path) -> str | None:
    if int(folder.name) == os.getpid():
        return "calling"
    try:
        command = (folder / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return None
    if "beat" in command.split("\0"):
        return "beat"
    return next((kind for word, kind in KINDS.items() if word in command), None)


def _seconds(folder: Path) -> float:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Its own, and what its children had taken that have ended.
    return sum(map(int, fields[11:15])) / TICKS
