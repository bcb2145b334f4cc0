"""The harness itself: nothing outlives it, whatever it starts and however a test ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.faults.processes import Processes, Started, TooMuchError, wait_for

SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
PARENT = [
    sys.executable,
    "-S",
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)",
]


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False


def test_a_group_dies_with_its_children(tmp_path: Path) -> None:
    with Processes(tmp_path, 1, 60) as processes:
        parent = processes.start("parent", PARENT)
        wait_for(lambda: parent.output.read_text() != "", seconds=30, what="the child runs")
        child = int(parent.output.read_text())
        assert os.getpgid(child) == parent.group != os.getpgid(0)

        parent.kill()

    wait_for(lambda: not is_alive(child), seconds=30, what="the child is gone")


def test_a_test_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    started: list[Started] = []

    def fail() -> None:
        with Processes(tmp_path, 1, 60) as processes:
            started.append(processes.start("sleep", SLEEP))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not started[0].is_running()


def test_no_more_processes_than_declared_and_one_that_ended_counts_no_more(tmp_path: Path) -> None:
    with Processes(tmp_path, 1, 60) as processes:
        first = processes.start("first", SLEEP)
        with pytest.raises(TooMuchError):
            processes.start("second", SLEEP)
        assert first.end() != 0

        processes.start("second", SLEEP)


def test_when_the_time_is_up_everything_is_killed_and_nothing_is_started(tmp_path: Path) -> None:
    with Processes(tmp_path, 1, 0.2) as processes:
        started = processes.start("sleep", SLEEP)
        wait_for(lambda: not started.is_running(), seconds=30, what="the time is up")

        with pytest.raises(TooMuchError, match="the time is up"):
            processes.start("another", SLEEP)


def test_more_than_the_rules_allow_is_refused(tmp_path: Path) -> None:
    for asked in (Processes(tmp_path, 13, 60), Processes(tmp_path, 1, 601)):
        with pytest.raises(AssertionError), asked:
            pass
