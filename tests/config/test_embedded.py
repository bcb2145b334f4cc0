"""The whole of embedded mode, once, as a person starts it: a real process on a free port and an empty folder."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes import (
    SECOND_START_SECONDS,
    START_SECONDS,
    STOP_SECONDS,
    answers,
    has_beaten,
    make_free_port,
    output_of,
    start,
    sweep_has_run,
    wait_until,
)


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
    assert wait_until(lambda: has_beaten(folder, "listener"), seconds=10), output_of(folder, first_port)
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
