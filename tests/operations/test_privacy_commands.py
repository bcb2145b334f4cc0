"""The commands: export_driver, erase_driver, after_restore."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from charging.management.commands import quickstart
from charging.models import Driver
from charging.operations.tombstones import bury
from tests.factories import NOW, make_driver, make_parked_car

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def said_by(*command: str) -> str:
    said = io.StringIO()
    call_command(*command, stdout=said)
    return said.getvalue()


def test_an_export_is_written_for_its_owner_only(tmp_path: Path) -> None:
    driver, file = make_parked_car().driver, tmp_path / "copy.zip"

    assert said_by("export_driver", str(driver.public_id), "--to", str(file)) == f"Written to {file}.\n"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "charging.Vehicle.json" in zipfile.ZipFile(file).namelist()


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    driver, file = make_driver(), tmp_path / "copy.zip"
    file.write_text("something else")

    with pytest.raises(CommandError, match="cannot be written: File exists"):
        call_command("export_driver", str(driver.public_id), "--to", str(file))
    assert file.read_text() == "something else"


@pytest.mark.parametrize("public_id", ["3f1f8a52-6c0e-4d2a-9b6e-1c2d3e4f5a6b", "7", "alice"])
def test_an_unknown_driver_is_said_to_be_unknown(public_id: str) -> None:
    with pytest.raises(CommandError, match="No driver has this public id"):
        call_command("erase_driver", public_id, "--yes")


def test_erasing_has_to_be_meant() -> None:
    driver = make_parked_car().driver

    with pytest.raises(CommandError, match="with 1 cars and 1 places for good"):
        call_command("erase_driver", str(driver.public_id))
    assert Driver.objects.exists()

    assert said_by("erase_driver", str(driver.public_id), "--yes") == "Erased.\n"
    assert not Driver.objects.exists()


def test_where_nobody_can_be_written_down_the_command_says_so(settings: Settings, tmp_path: Path) -> None:
    driver = make_driver()
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("no folder")

    with pytest.raises(CommandError, match=r"Nothing was erased: .*/file/erased cannot be written: "):
        call_command("erase_driver", str(driver.public_id), "--yes")
    assert Driver.objects.exists()


def test_a_start_erases_whom_a_restored_backup_has_brought_back() -> None:
    vehicle, other = make_parked_car(), make_driver()
    bury(public_ids=[vehicle.driver.public_id], at_wall=NOW)

    quickstart.Command(stdout=io.StringIO()).prepare("http://127.0.0.1:8000/")

    assert list(Driver.objects.all()) == [other]


def test_after_a_restore_the_erased_are_erased_again() -> None:
    driver, other = make_driver(), make_driver()
    bury(public_ids=[driver.public_id], at_wall=NOW)

    said = said_by("after_restore")

    assert said == "Erased again: 1 drivers and cars.\nTo be looked at afresh: 0 cars.\n"
    assert list(Driver.objects.all()) == [other]


def test_after_a_restore_without_the_file_of_the_erased_it_says_so(tmp_path: Path) -> None:
    said, warned = io.StringIO(), io.StringIO()
    driver = make_driver()

    call_command("after_restore", stdout=said, stderr=warned)

    assert f"no file `erased` in {tmp_path}" in warned.getvalue()
    bury(public_ids=[driver.public_id], at_wall=NOW)
    warned.truncate(0)
    call_command("after_restore", stdout=said, stderr=warned)
    assert "erased" not in warned.getvalue()
