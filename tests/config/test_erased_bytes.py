"""G18 on SQLite: after an erasure the files of the database hold nothing of the driver, and no output ever did."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import canaries
from tests.house.sources import ROOT

FILL = """
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
# The tables as they are now, without the way there.
settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
from charging.operations.prices import ensure_price_areas
from tests.canaries import make_canary_driver
ensure_price_areas()
print(make_canary_driver().public_id)
"""
LATITUDE_BYTES = struct.pack(">d", canaries.LATITUDE)
"""As SQLite stores it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def public_id(folder: Path) -> str:
    """A data folder with the driver of the canaries."""
    made, _logged = manage(folder, "shell", "--verbosity", "0", "-c", FILL)
    return made.split()[-1]


@pytest.fixture
def journal(folder: Path, public_id: str) -> Iterator[Path]:
    """As long as somebody has the database open its journal stays."""
    with closing(sqlite3.connect(folder / "readyby.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM charging_driver").fetchone() == (1,)
        yield folder / "readyby.sqlite3-wal"


def manage(folder: Path, *command: str) -> tuple[str, str]:
    """Runs a command on the data folder. Returns what it printed and what it logged."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("READYBY_", "DATABASE_"))}
    environment |= {"READYBY_DATA_DIR": str(folder), "READYBY_LOG_LEVEL": "DEBUG"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def bytes_of(folder: Path) -> bytes:
    """Every file of the folder. Read by another process: to close one here would end the locks of this one."""
    files = [str(path) for path in folder.rglob("*") if path.is_file()]
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout


def canaries_on_disk(folder: Path) -> list[bytes]:
    """Those that are in the bytes of any file of the data folder."""
    content = bytes_of(folder).lower()
    marks = [*(canary.encode().lower() for canary in canaries.CANARIES), LATITUDE_BYTES.lower()]
    return [mark for mark in marks if mark in content]


def test_no_byte_of_an_erased_driver_is_left_on_the_disk(folder: Path, public_id: str, journal: Path) -> None:
    assert len(canaries_on_disk(folder)) == len(canaries.CANARIES) + 1

    printed, logged = manage(folder, "erase_driver", public_id, "--yes")

    assert canaries_on_disk(folder) == []
    assert journal.stat().st_size == 0
    assert canaries.found_in(printed + logged) == []
    assert public_id.replace("-", "").encode() not in bytes_of(folder).replace(b"-", b"")
