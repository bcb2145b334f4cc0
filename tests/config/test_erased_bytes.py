"""G18 on SQLite: after an erasure the files of the database hold nothing of the driver, and no output ever did."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import canaries
from tests.house.sources import ROOT

FILL = """
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


def manage(folder: Path, *command: str) -> tuple[str, str]:
    """Runs a command on the data folder. Returns what it printed and what it logged."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("READYBY_", "DATABASE_"))}
    environment |= {"READYBY_DATA_DIR": str(folder), "READYBY_LOG_LEVEL": "DEBUG"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def canaries_on_disk(folder: Path) -> list[bytes]:
    """Those that are in the bytes of any file of the data folder."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    marks = [*(canary.encode().lower() for canary in canaries.CANARIES), LATITUDE_BYTES.lower()]
    return [mark for mark in marks if mark in content]


def test_no_byte_of_an_erased_driver_is_left_on_the_disk(folder: Path) -> None:
    manage(folder, "migrate", "--verbosity", "0")
    # As long as somebody has it open the journal stays.
    with closing(sqlite3.connect(folder / "readyby.sqlite3")) as open_database:
        assert open_database.execute("SELECT count(*) FROM charging_driver").fetchone() == (0,)
        made, _logged = manage(folder, "shell", "--verbosity", "0", "-c", FILL)
        public_id = made.split()[-1]
        assert len(canaries_on_disk(folder)) == len(canaries.CANARIES) + 1

        outputs = [
            *manage(folder, "erase_driver", public_id, "--yes"),
            *manage(folder, "after_restore"),
        ]

        assert canaries_on_disk(folder) == []
        assert (folder / "readyby.sqlite3-wal").stat().st_size == 0
    assert canaries.found_in("".join(outputs)) == []
    assert public_id.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())
