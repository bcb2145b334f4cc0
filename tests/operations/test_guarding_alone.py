"""The guardian without the database: held cars are started once, and the ledger learns of it later."""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.adapters import guardian_files
from charging.core.states import State
from charging.management.commands import guardian
from charging.models import Command, Connection, Vehicle, VehicleView
from charging.operations import guarding_alone
from charging.operations.guardian_journal import import_journal
from charging.operations.guardian_snapshot import Snapshot, load_held_cars
from charging.operations.guarding_alone import AGAIN_AFTER, start_without_database
from charging.operations.releasing import release_id
from tests.adapters.home_assistant_server import ENTITIES, TOKEN, FakeHomeAssistant, serve_home_assistant
from tests.factories import NOW, make_driver, make_vehicle
from tests.feeds.server import Reply
from tests.operations.held_cars import HOLD_ENDS_AT, LATE, make_held_car

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
    car = make_held_car(server)
    Snapshot().refresh()
    return car


def starts(server: FakeHomeAssistant) -> int:
    return server.called.count(("turn_on", ENTITIES.switch))


def take_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where it was."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_keeps_no_car_from_charging(
    server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        return  # The one process there has no guardian.
    car = make_held_car(server)
    clock = [NOW]
    monkeypatch.setattr(guardian, "wall_now", lambda: clock[0])
    snapshot = Snapshot()
    guardian.look(snapshot)

    with monkeypatch.context() as away:
        take_database_away(away)
        with pytest.raises(OperationalError, match="refused"):
            connection.ensure_connection()
        for clock[0] in (HOLD_ENDS_AT, LATE - SECOND):
            guardian.look(snapshot)
        assert starts(server) == 0
        for clock[0] in (LATE, LATE + 5 * SECOND, LATE + timedelta(hours=1)):
            guardian.look(snapshot)
        assert starts(server) == 1
    connection.close()

    for _ in range(2):
        guardian.look(snapshot)

    command = Command.objects.get()
    assert (command.kind, command.purpose, command.status, command.attempts) == ("START", "release", "ACCEPTED", 1)
    assert (command.public_id, command.created_at, command.plan) == (release_id(car), LATE, car.plans.get())
    assert starts(server) == 1
    assert guardian_files.read_journal() == []


def test_the_file_is_nobody_elses_and_tells_no_secret_and_no_address(
    car: Vehicle, server: FakeHomeAssistant, folder: Path
) -> None:
    text = (folder / guardian_files.SNAPSHOT).read_text(encoding="ascii")

    assert stat.S_IMODE((folder / guardian_files.SNAPSHOT).stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} == {guardian_files.SNAPSHOT}
    for hidden in (TOKEN, server.url, "127.0.0.1", ENTITIES.switch, Connection.objects.get().encrypted_secret):
        assert hidden not in text
    (held,) = load_held_cars()
    assert (held.vehicle_id, held.command_id, held.start_at) == (car.public_id, release_id(car), HOLD_ENDS_AT)
    assert held.plan_id == str(car.plans.get().public_id)
    assert TOKEN not in repr(held)


def test_nothing_of_it_is_logged(car: Vehicle, server: FakeHomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        start_without_database(at_wall=LATE)

    assert "car told to start without the database" in caplog.text
    for hidden in (TOKEN, server.url, ENTITIES.switch):
        assert hidden not in caplog.text


def let_go(car: Vehicle, how: str) -> None:
    vehicles = Vehicle.objects.filter(pk=car.pk)
    if how == "released":
        vehicles.update(hold_until=None, hold_renew_by=None)
    elif how == "overridden":
        vehicles.update(state=State.OVERRIDDEN)
    elif how == "disabled":
        vehicles.update(state=State.DISABLED)
    elif how == "unplugged":
        VehicleView.objects.update(is_plugged_in=False)
    elif how == "erased":
        car.delete()
    elif how == "given to somebody else":
        Connection.objects.update(driver=make_driver())
    elif how == "signed out":
        Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=NOW)
    else:
        Connection.objects.update(encrypted_secret="what no key opens")


@pytest.mark.parametrize(
    "how",
    [
        *("released", "overridden", "disabled", "unplugged", "erased"),
        *("given to somebody else", "signed out", "a lost key"),
    ],
)
def test_a_car_leaves_the_snapshot(car: Vehicle, server: FakeHomeAssistant, how: str) -> None:
    let_go(car, how)

    Snapshot().refresh()

    assert load_held_cars() == []
    assert start_without_database(at_wall=LATE) == 0
    assert server.called == []


def test_a_simulated_car_cannot_be_taken_along() -> None:
    Vehicle.objects.filter(pk=make_vehicle(driver=make_driver()).pk).update(
        hold_until=HOLD_ENDS_AT, hold_renew_by=HOLD_ENDS_AT
    )

    Snapshot().refresh()

    assert load_held_cars() == []


def test_it_is_written_again_only_where_something_has_changed(car: Vehicle, folder: Path) -> None:
    snapshot, path = Snapshot(), folder / guardian_files.SNAPSHOT
    snapshot.refresh()
    before = path.stat().st_ino

    with CaptureQueriesContext(connection) as queries:
        snapshot.refresh()
    assert (path.stat().st_ino, len(queries)) == (before, 1)
    Vehicle.objects.update(hold_until=LATE, hold_renew_by=LATE)
    snapshot.refresh()
    assert path.stat().st_ino != before
    assert load_held_cars()[0].start_at == LATE


def test_another_key_opens_nothing(car: Vehicle, server: FakeHomeAssistant, settings: Settings) -> None:
    settings.SECRET_KEY = "another key, which opens nothing that was sealed before it"

    assert start_without_database(at_wall=LATE) == 0
    assert server.asked == []


def test_a_torn_snapshot_starts_nobody(folder: Path) -> None:
    (folder / guardian_files.SNAPSHOT).write_bytes(b'[{"vehicle": "')

    assert start_without_database(at_wall=LATE) == 0


def test_it_is_on_the_disk_before_it_goes_out(car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the line and the call, the guardian sends it again after a minute, under the same id."""

    def die(*_: object) -> str:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(guarding_alone, "_start", die)
        with pytest.raises(SystemExit):
            start_without_database(at_wall=LATE)

    (line,) = guardian_files.read_journal()
    assert (line["event"], line["command"]) == ("sending", str(release_id(car)))
    assert start_without_database(at_wall=LATE + AGAIN_AFTER - SECOND) == 0
    assert start_without_database(at_wall=LATE + AGAIN_AFTER) == 1


def test_a_journal_that_cannot_be_written_sends_nothing(
    car: Vehicle, server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(guardian_files, "append_journal", full)

    with pytest.raises(OSError, match="no space left"):
        start_without_database(at_wall=LATE)
    assert server.called == []


def test_who_does_not_answer_is_asked_every_minute_until_it_takes_it(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.replies["/api/"] = Reply(b"", 500)
    for second in range(0, 180, 15):
        start_without_database(at_wall=LATE + second * SECOND)
    assert len(server.asked) == 3
    server.replies.clear()

    for second in range(180, 400, 15):
        start_without_database(at_wall=LATE + second * SECOND)

    assert starts(server) == 1
    import_journal(at_wall=LATE)
    command = Command.objects.get()
    assert (command.status, command.attempts) == ("ACCEPTED", 4)


def test_two_guardians_on_one_folder_send_one_start(car: Vehicle, server: FakeHomeAssistant) -> None:
    together = threading.Barrier(2)

    def guard() -> None:
        together.wait(10)
        start_without_database(at_wall=LATE)

    guardians = [threading.Thread(target=guard) for _ in range(2)]
    for each in guardians:
        each.start()
    for each in guardians:
        each.join(30)

    assert starts(server) == 1


def test_a_folder_that_cannot_be_used_keeps_nobody_from_guarding(
    car: Vehicle, server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(guardian, "close_old_connections", lambda: None)
    monkeypatch.setattr(guardian, "wall_now", lambda: LATE + SECOND)
    monkeypatch.setattr(guardian_files, "read_journal", broken)
    monkeypatch.setattr(guardian_files, "write_snapshot", broken)

    guardian.look(Snapshot())

    assert starts(server) == 1
