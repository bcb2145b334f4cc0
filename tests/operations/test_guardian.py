"""The processes that work without a broker: `manage.py sweep` and `manage.py guardian`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from charging.management.commands import guardian, sweep
from charging.models import Due, Heartbeat, Vehicle
from charging.operations.clocks import wall_now
from charging.operations.guardian_snapshot import Snapshot
from tests.factories import make_driver, make_due, make_vehicle
from tests.house.sources import ROOT
from tests.processes import wait_until

START_SECONDS = 60


@pytest.fixture
def car() -> Vehicle:
    now = wall_now()
    vehicle = make_vehicle(driver=make_driver(clock_wall_anchor=now, clock_own_anchor=now))
    past = now - timedelta(minutes=1)
    make_due(vehicle=vehicle, due_at=past, own_at=past, next_poll_at=now + timedelta(hours=1))
    return vehicle


@pytest.fixture
def signals() -> Any:
    """Handlers as they were: the commands set their own."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.django_db
@pytest.mark.usefixtures("signals")
def test_one_sweep_looks_at_whoever_is_due_without_a_broker(car: Vehicle) -> None:
    call_command("sweep")

    assert Vehicle.objects.get(pk=car.pk).evaluation_count == 1
    assert Due.objects.get().due_at > wall_now()
    assert Heartbeat.objects.filter(name="sweep").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("signals")
def test_a_guardian_is_for_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(CommandError, match="no guardian is needed"):
        call_command("guardian")


@pytest.mark.django_db
def test_a_guardian_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardian, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close", lambda: None)

    def away(**_: Any) -> int:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(guardian, "guard", away)
        guardian.look(Snapshot())
    assert not Heartbeat.objects.exists()

    guardian.look(Snapshot())
    assert Heartbeat.objects.get().name == "guardian"


@pytest.mark.django_db(transaction=True)
def test_a_guardian_sweeps_in_a_process_of_its_own_that_it_starts_again(car: Vehicle, tmp_path: Any) -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError):
            call_command("guardian")
        return
    process = start_guardian(str(tmp_path))
    try:
        assert wait_until(lambda: Vehicle.objects.get(pk=car.pk).evaluation_count > 0, seconds=START_SECONDS)
        (sweeper,) = children_of(process.pid)
        os.kill(sweeper, signal.SIGKILL)
        assert wait_until(lambda: children_of(process.pid) not in ([], [sweeper]), seconds=START_SECONDS)
        assert wait_until(lambda: Heartbeat.objects.filter(name="guardian").exists(), seconds=START_SECONDS)
    finally:
        process.terminate()
        assert process.wait(START_SECONDS) == 0
        assert children_of(process.pid) == []


class Stubborn:
    """A sweeping that heeds nothing but being killed."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def terminate(self) -> None:
        self.told.append("terminate")

    def kill(self) -> None:
        self.told.append("kill")

    def wait(self, timeout: float | None = None) -> int:
        if "kill" not in self.told:
            raise subprocess.TimeoutExpired("sweep", timeout or 0)
        return -9


def test_a_sweeping_that_does_not_come_to_its_end_is_killed() -> None:
    sweeper = Stubborn()

    guardian.end(sweeper)  # type: ignore[arg-type]

    assert sweeper.told == ["terminate", "kill"]


class Turns:
    """Stops by itself after so many turns."""

    def __init__(self, most: int) -> None:
        self.left = most

    def wait(self, _seconds: float) -> bool:
        self.left -= 1
        return self.left == 0


@pytest.mark.parametrize(("is_there", "turns_left"), [(True, 0), (False, 4)])
def test_sweeping_ends_when_the_guardian_has_gone(
    monkeypatch: pytest.MonkeyPatch, is_there: bool, turns_left: int
) -> None:
    turns = Turns(5)
    monkeypatch.setattr(sweep, "JOBS", ())
    monkeypatch.setattr(sweep, "stopped_by_signals", lambda: turns)
    monkeypatch.setattr(sweep, "close_old_connections", lambda: None)
    parent = os.getppid() if is_there else os.getpid()

    call_command("sweep", every=1.0, child_of=parent)

    assert turns.left == turns_left


def start_guardian(data_dir: str) -> subprocess.Popen[bytes]:
    at = connection.settings_dict
    host, port = at["HOST"] or "", at["PORT"] or ""
    address = f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={host}&port={port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("READYBY_")}
    environment |= {
        "DATABASE_URL": address,
        "READYBY_DATA_DIR": data_dir,
        "READYBY_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    return subprocess.Popen([sys.executable, "manage.py", "guardian", "--every", "0.5"], cwd=ROOT, env=environment)


def children_of(pid: int) -> list[int]:
    """The processes that this one has started and that still run."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            return [int(child) for child in children.read().split()]
    except FileNotFoundError:
        return []
