"""How the installation is doing, on one page for operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from charging.models import Connection, Heartbeat, MissedDeadline, OutboxMessage, Vehicle, VendorHealth, Webhook
from charging.operations.clocks import wall_now
from tests.admin.second_factor import sign_in_with_second_factor
from tests.admin.test_screens import INLINE_CODE
from tests.api.routes import cookies_of
from tests.connections import make_connected_car
from tests.factories import (
    NOW,
    make_account,
    make_client,
    make_command,
    make_driver,
    make_due,
    make_location,
    make_parked_car,
    make_price_area,
    make_prices,
    make_vehicle,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/charging/heartbeat/service/"
ROW = re.compile(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>\s*<td>\s*(?:<span[^>]*>(.*?)</span>)?', re.DOTALL)


def rows_of(browser: Browser) -> dict[str, tuple[str, str]]:
    """Value and mark of each row, by its name."""
    answer = browser.get(ADDRESS)
    assert answer.status_code == 200
    assert not INLINE_CODE.search(answer.text)
    return {name: (value, mark) for name, value, mark in ROW.findall(answer.text)}


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def swept() -> None:
    Heartbeat.objects.create(name="sweep", at=wall_now(), count=1)


def test_all_is_well_on_a_quiet_server(browser_of_operator: Browser, swept: None) -> None:
    rows = rows_of(browser_of_operator)

    assert {mark for _value, mark in rows.values()} == {"ok", ""}
    assert rows["Database of this version"] == ("yes", "ok")
    assert rows["Longest wait of a car that is due"] == ("0 s", "ok")
    assert rows["Last backup"] == ("not known here: Readyby makes none by itself", "")
    assert "Nothing needs a look." in browser_of_operator.get(ADDRESS).text


def test_what_is_wrong_is_marked(browser_of_operator: Browser) -> None:
    now = wall_now()
    car = make_parked_car()
    make_due(vehicle=car, due_at=now - timedelta(minutes=130))
    held = make_vehicle(driver=make_driver())
    Vehicle.objects.filter(pk=held.pk).update(hold_until=now, hold_renew_by=now)
    Webhook.objects.create(client=make_client(), url="https://app.example/", failures=3, created_at=NOW)
    OutboxMessage.objects.create(
        client=car.driver.client, event="state", seq=1, payload={}, created_at=now - timedelta(minutes=6)
    )
    Heartbeat.objects.create(name="another", at=now - timedelta(minutes=7))
    MigrationRecorder.Migration.objects.filter(app="charging").latest("pk").delete()

    rows = rows_of(browser_of_operator)

    assert {name for name, (_value, mark) in rows.items() if mark == "look at this"} == {
        "Database of this version",
        "Longest wait of a car that is due",
        "Last sweep",
        "Last sign of life of another",
        "Held without a plan",
        "Oldest message that is in no queue",
        "Receivers that fail",
    }
    assert rows["Longest wait of a car that is due"][0].startswith("2\u00a0h")
    assert rows["Last sweep"][0] == "never"
    assert "Something needs a look." in browser_of_operator.get(ADDRESS).text


def test_figures_are_told_in_words(browser_of_operator: Browser, swept: None) -> None:
    car = make_vehicle(driver=make_driver(), view={"observed_at": wall_now() - timedelta(hours=3)})
    make_command(vehicle=car, status="ACCEPTED")
    MissedDeadline.objects.create(reason="FINISHED_LATE", at=NOW)

    rows = rows_of(browser_of_operator)

    assert rows["Commands on their way"][0] == "ACCEPTED 1, INTENDED 0, SENDING 0, UNKNOWN 0"
    assert rows["Cars, and of them held"][0] == "1, 0"
    assert rows["Plans that missed their deadline, ever"] == ("FINISHED_LATE 1", "")
    assert rows["Cars not heard of for two hours"][0] == "1"


@pytest.mark.parametrize(
    ("is_live", "hours", "mark"),
    [(False, 100, ""), (True, 1, "ok"), (True, 100, "look at this"), (True, None, "look at this")],
    ids=["loaded by hand", "fresh", "late", "never"],
)
def test_prices_are_judged_where_they_are_fetched(
    browser_of_operator: Browser, swept: None, settings: Settings, is_live: bool, hours: int | None, mark: str
) -> None:
    settings.READYBY_LIVE_PRICES = is_live
    make_location(driver=make_driver())
    if hours is not None:
        now = wall_now()
        days = 2 if mark == "ok" else -4
        make_prices(
            area=make_price_area(), day_start=now, prices=["0.1"], fetched_at=now - timedelta(hours=hours),
            delivery_date=(now + timedelta(days=days)).date(),
        )  # fmt: skip

    assert rows_of(browser_of_operator)["Prices of NO2"][1] == mark


def test_without_fetched_prices_the_sample_is_named(browser_of_operator: Browser, swept: None) -> None:
    make_location(driver=make_driver())

    value, mark = rows_of(browser_of_operator)["Prices of NO2"]

    assert (value, mark) == ("none came; the recorded sample prices are used", "")


def test_an_area_that_is_asked_for_in_vain_is_marked_in_the_morning_too(
    browser_of_operator: Browser, swept: None, settings: Settings
) -> None:
    settings.READYBY_LIVE_PRICES = True
    make_location(driver=make_driver())

    with time_machine.travel(NOW - timedelta(hours=12)):
        assert rows_of(browser_of_operator)["Prices of NO2"] == ("none came yet", "look at this")


def test_the_index_leads_to_it(browser_of_operator: Browser) -> None:
    index = browser_of_operator.get(reverse("admin:index")).text

    assert f'<a href="{ADDRESS}">How Readyby is doing</a>' in index


def test_staff_see_it_with_the_permission_to_see_signs_of_life_only() -> None:
    account = make_account(is_staff=True)
    browser = sign_in_with_second_factor(Browser(), account)
    before = browser.get(ADDRESS).status_code, ADDRESS in browser.get("/admin/").text

    account.user_permissions.add(Permission.objects.get(codename="view_heartbeat"))

    assert before == (403, False)
    assert (browser.get(ADDRESS).status_code, ADDRESS in browser.get("/admin/").text) == (200, True)


def test_it_only_reads_and_drivers_have_no_way_to_it(browser_of_operator: Browser) -> None:
    assert browser_of_operator.post(ADDRESS).status_code == 405
    assert cookies_of(make_account()).get(ADDRESS).status_code == 302


def test_a_fleet_takes_as_many_queries_as_one_car(browser_of_operator: Browser, swept: None) -> None:
    make_due(vehicle=make_parked_car())
    rows_of(browser_of_operator)
    with CaptureQueriesContext(connection) as one:
        rows_of(browser_of_operator)

    for _ in range(3):
        make_due(vehicle=make_parked_car())

    with CaptureQueriesContext(connection) as many:
        rows_of(browser_of_operator)
    assert len(many) == len(one)


def test_services_of_cars_that_do_not_answer_are_counted(browser_of_operator: Browser, swept: None) -> None:
    car = make_connected_car(driver=make_driver())
    make_connected_car(driver=make_driver())
    name = "Services of cars that do not answer (Home Assistant)"
    assert rows_of(browser_of_operator)[name] == ("0 of 2", "ok")

    Connection.objects.exclude(pk=car.connected.connection.pk).delete()
    VendorHealth.objects.create(
        vendor="home_assistant", operation="read", failures=3, rests_until=NOW,
        driver=car.driver, connection=car.connected.connection,
    )  # fmt: skip

    assert rows_of(browser_of_operator)[name] == ("1 of 1", "look at this")
