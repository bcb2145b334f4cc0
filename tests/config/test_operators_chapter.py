"""What the README has an operator type: names that exist, and the lines for SQLite, which are run."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.house.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHAPTER = README.split("### On a server\n")[1].split("\n### ")[0]
BLOCKS = re.findall(r"^```\n(.*?)^```$", CHAPTER, re.MULTILINE | re.DOTALL)
LINES = "\n".join(BLOCKS).splitlines()


def lines_with(*parts: str) -> list[str]:
    return [line for line in LINES if all(part in line for part in parts)]


def test_every_command_of_ours_is_there() -> None:
    typed = set(re.findall(r"(?:^readyby|manage\.py) ([a-z_]+)", "\n".join(LINES), re.MULTILINE))

    assert {"migrate", "collectstatic", "create_roles", "createsuperuser", "after_restore"} <= typed
    assert typed <= get_commands().keys()


def test_every_unit_that_is_started_is_there_and_none_is_forgotten() -> None:
    files = {path.stem for path in (ROOT / "config" / "deploy").glob("readyby-*.service")}
    starting = [line for line in LINES if re.search(r"systemctl (enable --now|start) ", line)]

    assert len(starting) == 2
    for line in starting:
        assert {re.sub(r"@\d+$", "@", unit) for unit in re.findall(r"readyby-\S+", line)} == files


def test_every_service_of_the_composition_that_is_named_is_there() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"].keys()
    (stopped,) = lines_with("docker compose stop ")
    named = {name for line in LINES for name in re.findall(r"docker compose (?:run --rm|exec -T) (\S+)", line)}

    assert set(stopped.partition("#")[0].split()[3:]) == services - {"postgres", "redis", "migrate"}
    assert named <= services


def test_every_variable_of_the_environment_files_is_one_that_is_read() -> None:
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    files = [dict(re.findall(r"^([A-Z_]+)=(\S*.*)$", block, re.MULTILINE)) for block in BLOCKS if "<<END" in block]

    assert len(files) == 2
    assert {"READYBY_SECRET_KEY", "DATABASE_URL", "READYBY_ALLOWED_HOSTS"} <= files[0].keys() & files[1].keys()
    assert files[0]["READYBY_DATA_DIR"] == "/var/lib/readyby"
    for name in (files[0].keys() | files[1].keys()) - {"POSTGRES_PASSWORD"}:
        assert f"# {name}:" in settings


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A folder with a database that has a row, a journal, and a rule that only Django's own connections know."""
    (tmp_path / "var").mkdir()
    write(tmp_path, "of the backup")
    return tmp_path


def write(folder: Path, text: str) -> None:
    database = sqlite3.connect(folder / "var" / "readyby.sqlite3")
    database.create_function("REGEXP", 2, lambda _pattern, _text: 1)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE IF NOT EXISTS cars (name TEXT CHECK (name REGEXP 'x'))")
    database.execute("INSERT INTO cars VALUES (?)", (text,))
    database.commit()
    journal = (folder / "var" / "readyby.sqlite3-wal").read_bytes()
    database.close()
    # As a process leaves it that is killed: closing would have emptied the journal.
    (folder / "var" / "readyby.sqlite3-wal").write_bytes(journal)


def names(folder: Path) -> list[str]:
    database = sqlite3.connect(folder / "var" / "readyby.sqlite3")
    try:
        return [name for (name,) in database.execute("SELECT name FROM cars")]
    finally:
        database.close()


def test_the_lines_for_sqlite_bring_back_what_was_there_at_the_backup(installation: Path) -> None:
    (backup,) = lines_with("sqlite3.connect", "backup.sqlite3")
    restore = [*lines_with("rm -f var/readyby.sqlite3"), *lines_with("cp backup.sqlite3")]
    assert len(restore) == 2

    run(backup.replace(".venv/bin/python", sys.executable), installation)
    write(installation, "of later")
    assert names(installation) == ["of the backup", "of later"]
    write(installation, "of a killed process")
    run("\n".join(restore), installation)

    assert names(installation) == ["of the backup"]


def run(lines: str, folder: Path) -> None:
    subprocess.run(["/bin/sh", "-euc", lines], cwd=folder, check=True, timeout=120)
