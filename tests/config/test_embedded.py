"""The whole of embedded mode, once, as a person starts it: a real process on a free port and an empty folder."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.sources import ROOT

START_SECONDS = 60
SECOND_START_SECONDS = 10
STOP_SECONDS = 5


def make_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(folder: Path, port: int) -> "subprocess.Popen[str]":
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
    question = "SELECT 1 FROM charging_heartbeat WHERE name = 'sweep'"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{folder}/readyby.sqlite3?mode=ro", uri=True)) as database:
            return bool(database.execute(question).fetchone())
    except sqlite3.OperationalError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def running(folder: Path) -> Iterator[Callable[[int], "subprocess.Popen[str]"]]:
    processes = []

    def run(port: int) -> "subprocess.Popen[str]":
        processes.append(start(folder, port))
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.wait()


def test_one_process_starts_from_nothing_sweeps_stops_cleanly_and_starts_again(
    folder: Path, running: Callable[[int], "subprocess.Popen[str]"]
) -> None:
    first_port, refused_port, second_port = make_free_port(), make_free_port(), make_free_port()

    first = running(first_port)
    wait_until(lambda: answers(first_port) or first.poll() is not None, seconds=START_SECONDS)
    assert answers(first_port), output_of(folder, first_port)
    assert wait_until(lambda: sweep_has_run(folder), seconds=10), output_of(folder, first_port)
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600

    refused = running(refused_port)
    assert refused.wait(START_SECONDS) == 1
    assert f"already running on the data folder {folder}" in output_of(folder, refused_port)
    assert "Traceback" not in output_of(folder, refused_port)

    first.send_signal(signal.SIGINT)
    assert first.wait(STOP_SECONDS) == 0
    output = output_of(folder, first_port)
    assert "Traceback" not in output
    assert re.search(r"operator@localhost  password: \S{12,}", output)

    second = running(second_port)
    assert wait_until(lambda: answers(second_port), seconds=SECOND_START_SECONDS), output_of(folder, second_port)
    assert "password" not in output_of(folder, second_port)
    second.send_signal(signal.SIGTERM)
    assert second.wait(STOP_SECONDS) == 0


def test_a_taken_port_is_refused_in_one_sentence(
    folder: Path, running: Callable[[int], "subprocess.Popen[str]"]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        process = running(port)

        assert process.wait(START_SECONDS) == 1

    assert f"Port {port} cannot be used" in output_of(folder, port)
    assert "Traceback" not in output_of(folder, port)
