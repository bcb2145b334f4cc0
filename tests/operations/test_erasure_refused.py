"""Where it cannot be written down who is erased, nobody is, and no car is asked for anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from charging.adapters.erased_file import ErasedFileError
from charging.models import Driver, Vehicle
from charging.operations import linking, sending, users
from charging.operations.erasure import erase_driver
from tests import canaries
from tests.factories import NOW, make_parked_car

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("no folder")


def test_nothing_is_erased() -> None:
    driver = canaries.make_canary_driver()

    with pytest.raises(OSError, match="file"):
        erase_driver(driver=driver, at_wall=NOW)

    assert Driver.objects.filter(pk=driver.pk).exists()


def test_no_car_is_asked_for_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    vehicle = make_parked_car()
    until = NOW + timedelta(hours=3)
    Vehicle.objects.filter(pk=vehicle.pk).update(hold_until=until, hold_renew_by=until - timedelta(hours=2))
    asked: list[Vehicle] = []
    monkeypatch.setattr(sending, "gateway_of", asked.append)

    with pytest.raises(ErasedFileError):
        erase_driver(driver=vehicle.driver, at_wall=NOW)
    with pytest.raises(ErasedFileError):
        users.remove_user(driver=vehicle.driver, last_known=[], at_wall=NOW)
    with pytest.raises(ErasedFileError):
        linking.remove_car(vehicle=vehicle, last_known={}, at_wall=NOW)

    assert Vehicle.objects.get().hold_until == until
    assert asked == []
