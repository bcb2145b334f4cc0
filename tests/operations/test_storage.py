"""What was deleted is in no page of an SQLite file, and not in its journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ConnectionHandler

from charging.operations import storage

pytestmark = pytest.mark.django_db
CANARY = b"canary in a page 7319"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


@pytest.fixture
def database(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A database with a row that was deleted without being overwritten."""
    options = {"timeout": 0.1, "init_command": "PRAGMA journal_mode=WAL;"}
    handler = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": options}}
    )
    database = handler["default"]
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE things (name TEXT)")
        cursor.execute("INSERT INTO things VALUES (%s)", [CANARY.decode()])
        cursor.execute("DELETE FROM things")
    monkeypatch.setattr(storage, "connection", database)
    yield database
    database.close()


def bytes_of(file: Path) -> bytes:
    """The database and its journal, as they lie on the disk."""
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def test_after_wiping_nothing_is_left(database: Any, file: Path) -> None:
    assert CANARY in bytes_of(file)

    assert storage.wipe_storage()

    assert CANARY not in bytes_of(file)
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0


def test_while_somebody_writes_it_is_left_for_later(database: Any, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert not storage.wipe_storage()

        other.execute("ROLLBACK")
    assert storage.wipe_storage()


def test_while_somebody_reads_the_journal_stays(database: Any, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM things").fetchall()
        with database.cursor() as cursor:
            cursor.execute("INSERT INTO things VALUES ('new')")

        assert not storage.empty_journal()

        other.execute("ROLLBACK")
    assert storage.empty_journal()


def test_inside_a_transaction_nothing_is_tried(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "in_atomic_block", True)

    assert not storage.wipe_storage()
    assert not storage.empty_journal()
    monkeypatch.setattr(database, "in_atomic_block", False)


def test_in_the_transaction_of_this_test_nothing_is_tried_either() -> None:
    with transaction.atomic():
        assert connection.in_atomic_block
        assert not storage.wipe_storage()
        assert not storage.empty_journal()
