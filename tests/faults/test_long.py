"""The faults that need real processes, each in a process of its own that is bounded in number and time of its children.

What cannot be run on this machine is skipped and says why: `make faults` shows it as not run.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.faults.scenarios import NOT_RUN, SCENARIOS
from tests.house.sources import ROOT

pytestmark = pytest.mark.slow

MOST_SECONDS = 900


def run(module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", f"tests.faults.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
    if done.returncode == NOT_RUN:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_fault_with_real_processes(name: str) -> None:
    run("scenarios", name)


def test_kills_lose_and_double_nothing() -> None:
    run("kills", "--kills", "20", "--cars", "30", "--seconds", "60")


def test_outages_of_a_broker_stop_nobody() -> None:
    run("outages", "--times", "1", "--down", "20")


def test_crashes_of_the_database_lose_nothing() -> None:
    run("crashes", "--times", "1", "--cars", "10")


@pytest.mark.parametrize("cars", ["1", "20"])
def test_a_race_makes_nothing_twice(cars: str) -> None:
    run("race", "--cars", cars, "--workers", "6", "--evaluations", "600")


def test_an_upgrade_fails_no_call() -> None:
    run("upgrade", "--seconds", "10")
