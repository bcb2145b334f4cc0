"""An operator exports and erases a driver, with a reason that stays in the log."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.core.states import State
from charging.models import AuditEvent, Driver, Vehicle
from tests import canaries
from tests.admin.second_factor import sign_in_with_second_factor
from tests.connections import make_connection, put_behind
from tests.factories import NOW, make_account, make_driver, make_due, make_parked_car

pytestmark = pytest.mark.django_db
REASON = {"reason": "asked by letter"}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def driver() -> Driver:
    return make_parked_car().driver


def url(page: str, pk: int) -> str:
    return reverse(f"admin:charging_driver_{page}", args=[pk])


def test_the_page_of_a_driver_has_both_buttons(browser_of_operator: Browser, driver: Driver) -> None:
    page = browser_of_operator.get(url("change", driver.pk)).text

    assert url("export", driver.pk) in page
    assert url("erase", driver.pk) in page


def test_the_button_that_erases_looks_like_it(browser_of_operator: Browser, driver: Driver) -> None:
    assert 'class="danger" type="submit"' in browser_of_operator.get(url("erase", driver.pk)).text
    assert 'class="danger"' not in browser_of_operator.get(url("export", driver.pk)).text


def test_an_export_needs_a_reason(browser_of_operator: Browser, driver: Driver) -> None:
    assert browser_of_operator.get(url("export", driver.pk)).status_code == 200
    answer = browser_of_operator.post(url("export", driver.pk), {"reason": " "})

    assert "Say why" in answer.text
    assert not LogEntry.objects.exists()


def test_an_export_is_a_zip_and_stands_in_the_log_without_a_name(browser_of_operator: Browser, driver: Driver) -> None:
    answer = browser_of_operator.post(url("export", driver.pk), REASON)

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert "charging.Vehicle.json" in archive.namelist()
    entry = LogEntry.objects.get()
    assert entry.object_repr == f"driver {driver.pk}"
    assert entry.change_message == "exported: asked by letter"


def test_positions_are_rounded_in_an_export_by_support(browser_of_operator: Browser) -> None:
    driver = canaries.make_canary_driver()
    answer = browser_of_operator.post(url("export", driver.pk), REASON)

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    places = [name for name, text in texts.items() if "61.732" in text]
    assert str(canaries.LATITUDE) not in "".join(texts.values())
    assert {"charging.Location.json", "charging.VehicleView.json", "onboarding.OnboardingDraft.json"} <= set(places)
    assert [json.loads(text) for text in texts.values()]
    event = AuditEvent.objects.get(kind="DRIVER_EXPORTED")
    assert (event.about, event.reason) == (driver.public_id, "asked by letter")


@pytest.mark.parametrize("sent", [REASON, {"is_sure": "on"}, {}], ids=["not sure", "no reason", "nothing"])
def test_nothing_is_erased_without_a_reason_and_a_tick(
    browser_of_operator: Browser, driver: Driver, sent: dict[str, str]
) -> None:
    answer = browser_of_operator.post(url("erase", driver.pk), sent)

    assert answer.status_code == 200
    assert Driver.objects.filter(pk=driver.pk).exists()


def test_the_question_counts_what_is_lost(browser_of_operator: Browser, driver: Driver) -> None:
    assert "1 cars, 1 places" in browser_of_operator.get(url("erase", driver.pk)).text


def test_an_erased_driver_is_gone_and_the_reason_stays(browser_of_operator: Browser) -> None:
    driver = canaries.make_canary_driver()

    answer = browser_of_operator.post(url("erase", driver.pk), REASON | {"is_sure": "on"})

    assert answer.headers["Location"] == reverse("admin:charging_driver_changelist")
    assert canaries.found_in(canaries.dump()) == []
    entry = LogEntry.objects.get(action_flag=DELETION)
    assert (entry.object_repr, entry.change_message) == (f"driver {driver.pk}", "asked by letter")


def test_a_held_car_that_takes_no_start_is_named_before_it_is_erased(browser_of_operator: Browser) -> None:
    soon, driver = NOW + timedelta(hours=1), make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)
    car = make_parked_car(state=State.STOPPED, driver=driver)
    Vehicle.objects.filter(pk=car.pk).update(hold_until=soon, hold_renew_by=soon)
    make_due(vehicle=car)
    put_behind(make_connection(driver=driver), car)

    answer = browser_of_operator.post(url("erase", driver.pk), REASON | {"is_sure": "on"})

    assert answer.context["form"].errors.keys() == {"insists"}
    assert Driver.objects.filter(pk=driver.pk).exists()

    browser_of_operator.post(url("erase", driver.pk), REASON | {"is_sure": "on", "insists": "on"})

    assert not Driver.objects.filter(pk=driver.pk).exists()


@pytest.mark.parametrize("door", ["export", "erase"])
def test_who_may_only_look_may_neither(driver: Driver, door: str) -> None:
    account = make_account(is_staff=True)
    account.user_permissions.add(Permission.objects.get(codename="view_driver"))
    browser = sign_in_with_second_factor(Browser(), account)

    assert browser.post(url(door, driver.pk), REASON | {"is_sure": "on"}).status_code == 403
    assert url(door, driver.pk) not in browser.get(url("change", driver.pk)).text
    assert Driver.objects.filter(pk=driver.pk).exists()


@pytest.mark.parametrize("door", ["export", "erase"])
def test_nobody_is_found_under_another_number(browser_of_operator: Browser, door: str) -> None:
    assert browser_of_operator.get(url(door, 999_999)).status_code == 404
