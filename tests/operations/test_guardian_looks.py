"""A database that neither answers nor refuses: the guardian goes on without it, and asks it once, not ever again."""

from __future__ import annotations

from threading import Event

import pytest
from django.db import connection
from pytest_django import Settings

from charging.adapters import guardian_files
from charging.management.commands import guardian
from charging.models import Command, Heartbeat
from charging.operations.guardian_journal import import_journal
from charging.operations.guardian_looks import SILENT_AFTER_SECONDS, Looks
from charging.operations.guardian_snapshot import Snapshot
from charging.operations.releasing import release_id
from tests.adapters.home_assistant_server import ENTITIES, serve_home_assistant
from tests.factories import NOW
from tests.operations.held_cars import LATE, make_held_car

ENDS_SECONDS = 60


class Database:
    """Answers nobody until `awake` is set."""

    def __init__(self) -> None:
        self.awake = Event()
        self.asked = 0

    def ask(self) -> None:
        self.asked += 1
        self.awake.wait(ENDS_SECONDS)


def test_a_look_that_does_not_come_back_is_gone_on_without() -> None:
    database, alone = Database(), list[str]()
    looks = Looks(database.ask, lambda: alone.append("alone"))

    looks.turn(at=0)
    looks.turn(at=SILENT_AFTER_SECONDS - 1)
    assert alone == []
    for late in range(3):
        looks.turn(at=SILENT_AFTER_SECONDS + late)
    assert (alone, database.asked) == (["alone"] * 3, 1)

    database.awake.set()
    looks.finish(ENDS_SECONDS)
    looks.turn(at=SILENT_AFTER_SECONDS + 10)
    looks.finish(ENDS_SECONDS)
    assert (len(alone), database.asked) == (3, 2)


def test_a_look_that_fails_is_gone_on_without_and_made_again() -> None:
    happened: list[str] = []

    def fail() -> None:
        happened.append("asked")
        raise KeyError("of the guardian itself")

    looks = Looks(fail, lambda: happened.append("alone"))
    for at in (0, 1):
        looks.turn(at=at)
        looks.finish(ENDS_SECONDS)

    assert happened == ["asked", "alone"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_keeps_no_car_from_charging(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: object
) -> None:
    if connection.vendor == "sqlite":
        return  # The one process there has no guardian.
    settings.DATA_DIR = tmp_path
    clock = [NOW]
    monkeypatch.setattr(guardian, "wall_now", lambda: clock[0])
    with serve_home_assistant() as server:
        car = make_held_car(server)
        looks = guardian.looks_of(Snapshot())
        looks.turn(at=0)
        looks.finish(ENDS_SECONDS)
        assert Heartbeat.objects.filter(name="guardian").exists()
        clock[0] = LATE
        guardian_files.append_journal([LINE])

        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            # Whoever asks for cars now waits for as long as this transaction lasts.
            cursor.execute("LOCK TABLE charging_vehicle IN ACCESS EXCLUSIVE MODE")
            for at in (15.0, 15 + SILENT_AFTER_SECONDS):
                looks.turn(at=at)
            assert server.called == [("turn_on", ENTITIES.switch)]
            cursor.execute("ROLLBACK")
        looks.finish(ENDS_SECONDS)

    # The look that was kept waiting says it once more, under the same id.
    assert set(server.called) == {("turn_on", ENTITIES.switch)}
    import_journal(at_wall=LATE)
    assert [command.public_id for command in Command.objects.all()] == [release_id(car)]
    assert guardian_files.read_journal() == []


LINE = {
    "vehicle": "00000000-0000-0000-0000-000000000001",
    "command": "00000000-0000-0000-0000-000000000002",
    "plan": "",
    "event": "sending",
    "at": NOW.isoformat(),
}
"""Of a car that is gone: there is something to import, which the database keeps waiting."""
