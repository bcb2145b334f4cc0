"""What the guardian sent without the database comes into the ledger: once, and ending only what is older."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from charging.adapters import guardian_files
from charging.models import Command, Vehicle
from charging.operations.guardian_journal import import_journal
from charging.operations.recovery import recover
from charging.operations.releasing import release, release_id
from tests.adapters.home_assistant_server import FakeHomeAssistant, serve_home_assistant
from tests.factories import NOW, make_command
from tests.operations.held_cars import LATE, make_held_car

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def car(server: FakeHomeAssistant) -> Vehicle:
    return make_held_car(server)


def journal(car: Vehicle, at: datetime, *events: str) -> None:
    ids = {"vehicle": str(car.public_id), "command": str(release_id(car)), "plan": ""}
    guardian_files.append_journal({**ids, "event": event, "at": at.isoformat()} for event in events)


def test_a_start_that_nobody_took_is_sent_again_from_the_ledger(car: Vehicle) -> None:
    journal(car, LATE, "sending", "no answer")

    assert import_journal(at_wall=LATE + SECOND) == 1

    command = Command.objects.get()
    assert (command.status, command.attempts, command.next_sending_at) == ("UNKNOWN", 1, LATE + SECOND)
    car.due.refresh_from_db()
    assert car.due.next_poll_at == LATE + SECOND


def test_it_ends_the_stop_that_it_came_after(car: Vehicle) -> None:
    make_command(
        vehicle=car, generation=0, kind="STOP", status="ACCEPTED", hold_until=NOW, hold_renew_by=NOW, created_at=NOW
    )
    journal(car, LATE, "sending", "accepted")

    import_journal(at_wall=LATE)

    in_order = Command.objects.order_by("generation").values_list("kind", "status")
    assert list(in_order) == [("STOP", "SUPERSEDED"), ("START", "ACCEPTED")]


def test_it_ends_nothing_that_was_wanted_since(car: Vehicle) -> None:
    newer = make_command(vehicle=car, status="INTENDED", created_at=LATE + SECOND)
    journal(car, LATE, "sending", "accepted")

    import_journal(at_wall=LATE + 2 * SECOND)

    newer.refresh_from_db()
    assert newer.status == "INTENDED"
    assert Command.objects.get(public_id=release_id(car)).status == "SUPERSEDED"


def test_what_the_ledger_has_is_not_imported_and_not_released_again(car: Vehicle, server: FakeHomeAssistant) -> None:
    journal(car, LATE, "sending", "accepted")
    import_journal(at_wall=LATE)
    journal(car, LATE, "sending", "accepted")

    assert import_journal(at_wall=LATE) == 0
    assert not release(vehicle_id=car.pk, at_wall=LATE)
    assert server.called == []


def test_a_car_that_is_gone_and_a_torn_line_are_left_out(car: Vehicle, folder: Path) -> None:
    journal(car, LATE, "sending", "accepted")
    with (folder / guardian_files.JOURNAL).open("ab") as file:
        file.write(b'{"vehicle": "x", "command": "y"}\n{"vehicle"')
    car.delete()

    assert import_journal(at_wall=LATE) == 0
    assert guardian_files.read_journal() == []


def test_a_restore_learns_of_it_first(car: Vehicle) -> None:
    journal(car, LATE, "sending", "accepted")

    recover(at_wall=LATE)

    assert Command.objects.get().public_id == release_id(car)


def test_what_was_written_meanwhile_is_not_forgotten(car: Vehicle) -> None:
    journal(car, LATE, "sending")
    known = guardian_files.read_journal()
    journal(car, LATE, "accepted")

    guardian_files.forget_journal(known)

    assert [entry["event"] for entry in guardian_files.read_journal()] == ["sending", "accepted"]
