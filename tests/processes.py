"""Readyby as a person starts it: a real process on a free port and an empty folder."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.house.sources import ROOT

START_SECONDS = 60
SECOND_START_SECONDS = 10
STOP_SECONDS = 5

HEARTBEAT = "SELECT 1 FROM charging_heartbeat WHERE name = ?"


def make_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(folder: Path, port: int, *, now: str = "") -> "subprocess.Popen[str]":
    """Starts Readyby; its clocks start at the instant `now`, or at the present."""
    command = [
        sys.executable,
        "manage.py",
        "quickstart",
        "--port",
        str(port),
        "--no-browser",
        "--data-dir",
        str(folder),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("READYBY_", "DATABASE_"))}
    environment |= {"READYBY_NOW": now} if now else {}
    output = (folder.parent / f"output-{port}.txt").open("w", encoding="utf-8")
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
    )


def output_of(folder: Path, port: int) -> str:
    return (folder.parent / f"output-{port}.txt").read_text(encoding="utf-8")


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def answers(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).status_code == 200
    return False


def sweep_has_run(folder: Path) -> bool:
    return has_beaten(folder, "sweep")


def has_beaten(folder: Path, name: str) -> bool:
    """Whether a part of the process has left a sign of life."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{folder}/readyby.sqlite3?mode=ro", uri=True)) as database:
            return bool(database.execute(HEARTBEAT, [name]).fetchone())
    except sqlite3.OperationalError:
        return False
