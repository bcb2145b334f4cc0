"""An upgrade waits for locks, and nobody waits behind it: with connections of their own to a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from random import Random
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import modify_settings
from structlog.testing import capture_logs

from charging.management.commands import migrate
from tests.faults.processes import wait_for

APP = "upgraded"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
LOCKED = """
    SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE granted AND mode = 'AccessExclusiveLock' AND relname IN ('upgraded_car', 'upgraded_place')
"""
GIVES_UP = "SET statement_timeout = '60s'"
"""A test that fails ends."""

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no locks of tables"),
]


@pytest.fixture(autouse=True)
def _app() -> Iterator[None]:
    with modify_settings(INSTALLED_APPS={"append": "tests.config.upgraded"}):
        yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS upgraded_car, upgraded_place")
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [APP])


@contextmanager
def other() -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else, in a transaction from its first statement on."""
    made = connection.get_new_connection(connection.get_connection_params())
    try:
        made.execute(GIVES_UP)
        made.commit()
        yield made
    finally:
        made.close()


def upgrade(to: str, **options: Any) -> None:
    call_command("migrate", APP, to, verbosity=0, **{"lock_timeout": 0.2, "seed": 1} | options)


def is_applied(name: str) -> bool:
    return (APP, name) in MigrationRecorder(connection).applied_migrations()


def column_names(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def while_resting(monkeypatch: pytest.MonkeyPatch, do: Callable[[int], None]) -> list[float]:
    """Instead of resting, does that with the number of the rest. Returns the seconds that it would have rested."""
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        do(len(rests))

    monkeypatch.setattr(migrate, "sleep", rest)
    return rests


def test_it_takes_the_place_of_djangos() -> None:
    assert get_commands()["migrate"] == "charging"


def test_a_migration_is_tried_until_the_lock_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0001")
    with other() as reader, capture_logs() as logs:
        reader.execute("SELECT * FROM upgraded_car")
        holder = f"process {reader.info.backend_pid} "
        rests = while_resting(monkeypatch, lambda number: reader.rollback() if number == 3 else None)

        upgrade("0002")

    assert is_applied("0002_one_table")
    assert "colour" in column_names("upgraded_car")
    assert len(rests) == 3
    assert [line["tries"] for line in logs if "tries" in line] == [1, 2, 3]
    assert holder in logs[0]["holder"]
    assert logs[0]["migration"] == "upgraded.0002_one_table"


def test_whoever_reads_is_answered_while_the_lock_is_still_held(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0001")
    with other() as holder, other() as reader, other() as watcher, ThreadPoolExecutor(1) as thread:

        def read_behind_it() -> int:
            wait_for(lambda: waiting(watcher), seconds=30, what="the migration waits", every=0.02)
            return len(reader.execute("SELECT * FROM upgraded_car").fetchall())

        def let_go(_number: int) -> None:
            if reading.done():
                reader.rollback()
                holder.rollback()

        holder.execute("SELECT * FROM upgraded_car")
        rests = while_resting(monkeypatch, let_go)
        reading = thread.submit(read_behind_it)
        upgrade("0002", lock_timeout=1, tries=1000)

        assert reading.result() == 0
        assert is_applied("0002_one_table")
        assert len(rests) >= 1


def waiting(watcher: psycopg.Connection[Any]) -> bool:
    found = watcher.execute(WAITING, ["upgraded_car"]).fetchone()
    watcher.rollback()
    return found is not None and found[0] > 0


def test_it_gives_up_and_says_who_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0001")
    rests = while_resting(monkeypatch, lambda _number: None)
    with other() as reader:
        reader.execute("SELECT * FROM upgraded_car")

        with pytest.raises(CommandError, match=r"upgraded\.0002_one_table: no lock within 0\.2 s in 4 tries") as error:
            upgrade("0002", tries=4)

        assert f"process {reader.info.backend_pid} " in str(error.value)
    assert len(rests) == 3
    assert not is_applied("0002_one_table")
    assert "colour" not in column_names("upgraded_car")


def test_an_index_that_could_not_be_completed_is_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0002")
    left: list[dict[str, bool]] = []

    def let_go(number: int) -> None:
        left.append(indexes())
        if number == 2:
            writer.rollback()

    with other() as writer:
        writer.execute("INSERT INTO upgraded_car (name) VALUES ('a')")
        while_resting(monkeypatch, let_go)

        upgrade("0003")

    assert left == [{"upgraded_places": True, "upgraded_cars": False}] * 2
    assert indexes() == {"upgraded_places": True, "upgraded_cars": True}
    assert is_applied("0003_an_index")


def indexes() -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid")
        return {name: is_valid for name, is_valid in cursor.fetchall() if name in {"upgraded_places", "upgraded_cars"}}


def test_an_index_goes_and_comes_again() -> None:
    upgrade("0003")
    upgrade("0002")
    assert indexes() == {}

    upgrade("0003")

    assert set(indexes()) == {"upgraded_places", "upgraded_cars"}


def test_a_call_that_waits_for_it_while_it_waits_for_that_call_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0003")
    between = import_module("tests.config.upgraded.migrations.0004_two_tables").between
    with other() as caller, other() as watcher, ThreadPoolExecutor(1) as thread:

        def read_the_other_table() -> None:
            caller.execute("SELECT * FROM upgraded_car")
            caller.commit()

        def cross() -> None:
            if not calls:
                calls.append(thread.submit(read_the_other_table))
                wait_for(lambda: waiting(watcher), seconds=30, what="the call waits", every=0.02)

        calls: list[Any] = []
        between.append(cross)
        rests = while_resting(monkeypatch, lambda _number: calls[0].result())
        caller.execute("SELECT * FROM upgraded_place")
        try:
            upgrade("0004", lock_timeout=2)
        finally:
            between.clear()

        assert calls[0].exception() is None
    assert len(rests) == 1
    assert is_applied("0004_two_tables")


def test_tables_that_are_free_are_locked_together() -> None:
    upgrade("0003")
    between = import_module("tests.config.upgraded.migrations.0004_two_tables").between
    locked: list[list[str]] = []
    with other() as watcher:
        between.append(lambda: locked.append(sorted(name for (name,) in watcher.execute(LOCKED))))
        try:
            upgrade("0004")
        finally:
            between.clear()

    assert locked == [["upgraded_car", "upgraded_place"]]


def test_another_fault_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade("0001")
    rests = while_resting(monkeypatch, lambda _number: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE upgraded_car ADD COLUMN colour text")

    with pytest.raises(Exception, match="already exists"):
        upgrade("0002")

    assert rests == []


def test_whoever_comes_after_it_waits_as_before() -> None:
    upgrade("0004")

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_rests_grow_to_a_bound_and_are_drawn_by_a_seed() -> None:
    rests = [migrate.rest_after(failed, Random(7)) for failed in range(1, 31)]

    assert rests == [migrate.rest_after(failed, Random(7)) for failed in range(1, 31)]
    assert rests != [migrate.rest_after(failed, Random(8)) for failed in range(1, 31)]
    assert rests[:4] == sorted(rests[:4])
    assert max(rests) <= migrate.RESTS[1]
