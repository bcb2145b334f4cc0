"""Who signed in a while ago confirms that it is them before a dangerous act, and comes back to it with nothing lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import resolve, reverse
from pytest_django import Settings

from charging.management.commands.quickstart import OPERATOR_EMAIL, ensure_operator
from charging.models import AuditEvent, Driver, Vehicle
from config import confirming
from tests.admin.conftest import fill_history
from tests.admin.second_factor import code_of_the_app, confirm, sign_in_with_second_factor
from tests.admin.test_second_factor import DOORS
from tests.admin.test_tenants import BODY, ids_of
from tests.api.callers import every_table, everything_stored
from tests.api.routes import addresses, filled
from tests.factories import make_account, make_driver, make_parked_car

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

PASSWORD = "a long password of theirs"
ASKED = "/accounts/2fa/reauthenticate/"
ROUTES = sorted(route for route in addresses() if route.startswith("admin/") and route not in DOORS)
SENDING = ("POST", "DELETE")
REASON = "They called & said: yes, please"


def sign_in_long_ago(browser: Browser, account: User) -> Browser:
    """The session is that of a sign-in with a second factor, of eleven minutes ago."""
    sign_in_with_second_factor(browser, account)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 11 * 60
    session.save()
    return browser


@pytest.fixture
def stale(operator: User) -> Browser:
    return sign_in_long_ago(Browser(raise_request_exception=False), operator)


@pytest.fixture
def driver() -> Driver:
    return make_driver()


def page_of(driver: Driver, name: str) -> str:
    return reverse(f"admin:charging_driver_{name}", args=[driver.pk])


def confirm_with_the_app(browser: Browser, where: str) -> Any:
    return browser.post(where, {"code": code_of_the_app()})


def name_of(route: str, ids: dict[str, str]) -> str:
    return resolve(filled(route, ids)).url_name or ""


def test_nothing_is_done_at_any_address_by_whoever_signed_in_long_ago(stale: Browser) -> None:
    car = make_parked_car()
    fill_history(car, rows=1)
    ids = ids_of(car)
    routes = [route for route in ROUTES if name_of(route, ids) not in confirming.NEED_NONE]
    before = everything_stored(), every_table()

    led = {
        f"{method} {route}": getattr(stale, method.lower())(filled(route, ids), BODY).headers.get("Location", "")
        for route in routes
        for method in SENDING
    }

    assert len(led) > 300
    assert [asked for asked, where in led.items() if not where.startswith(ASKED)] == []
    assert (everything_stored(), every_table()) == before


def test_what_needs_no_confirmation_is_there(operator: User) -> None:
    ids = ids_of(make_parked_car())
    names = {name_of(route, ids) for route in ROUTES} | {"logout"}

    assert names >= confirming.NEED_NONE | confirming.ASK_AT_ONCE
    assert not confirming.NEED_NONE & confirming.ASK_AT_ONCE


def test_pages_are_shown_without_it(stale: Browser) -> None:
    car = make_parked_car()
    shown = ["/admin/", reverse("admin:charging_vehicle_change", args=[car.pk]), reverse("admin:auth_user_changelist")]

    assert [stale.get(address).status_code for address in shown] == [200] * 3


@pytest.mark.parametrize("name", ["erase", "export", "view_as"])
def test_a_page_for_such_an_act_alone_asks_before_it_is_filled_in(stale: Browser, driver: Driver, name: str) -> None:
    asked = stale.get(page_of(driver, name))
    assert asked["Location"] == f"{ASKED}?next={page_of(driver, name)}"
    assert "You signed in a while ago" in stale.get(asked["Location"]).text

    back = confirm_with_the_app(stale, asked["Location"])

    assert back["Location"] == page_of(driver, name)
    assert stale.get(back["Location"]).status_code == 200


def test_what_was_sent_is_done_after_the_confirmation_and_once(stale: Browser, driver: Driver) -> None:
    page = page_of(driver, "erase")
    asked = stale.post(page, {"reason": REASON, "is_sure": "on"})
    assert Driver.objects.filter(pk=driver.pk).exists()

    back = confirm_with_the_app(stale, asked["Location"])
    assert Driver.objects.filter(pk=driver.pk).exists()
    done = stale.get(back["Location"])

    assert done["Location"] == reverse("admin:charging_driver_changelist")
    assert not Driver.objects.filter(pk=driver.pk).exists()
    assert AuditEvent.objects.filter(reason=REASON).count() == 1
    assert confirming.WAITING_KEY not in stale.session


def test_a_form_that_was_not_finished_comes_back_filled_in_at_its_own_address(stale: Browser) -> None:
    car = make_parked_car()
    act = reverse("admin:charging_vehicle_act", args=[car.pk])

    asked = stale.post(act, {"act": "pause", "reason": REASON})
    page = stale.get(confirm_with_the_app(stale, asked["Location"])["Location"])

    assert (page.request["PATH_INFO"], page.status_code) == (act, 200)
    assert "They called &amp; said: yes, please" in page.text
    assert stale.post(act, {"act": "turn_off", "reason": REASON, "confirmed": "1"})["Location"].endswith("/change/")


def test_roles_are_given_after_it(stale: Browser) -> None:
    somebody = make_account()
    page = reverse("admin:auth_user_change", args=[somebody.pk]) + "?_changelist_filters=is_staff%3D0"
    values = {
        "username": somebody.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }

    asked = stale.post(page, values)
    assert not User.objects.get(pk=somebody.pk).is_staff
    stale.get(confirm_with_the_app(stale, asked["Location"])["Location"])

    assert User.objects.get(pk=somebody.pk).is_staff


def test_the_password_confirms_as_well(stale: Browser, driver: Driver) -> None:
    asked = stale.get(page_of(driver, "erase"))
    other_way = asked["Location"].replace("/2fa", "")
    assert 'href="/accounts/reauthenticate/?next=' in stale.get(asked["Location"]).text

    stale.post(other_way, {"password": PASSWORD})

    assert stale.get(page_of(driver, "erase")).status_code == 200


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"code": ""}])
def test_a_wrong_code_does_nothing(stale: Browser, driver: Driver, wrong: dict[str, str]) -> None:
    asked = stale.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})

    assert stale.post(asked["Location"], wrong).status_code == 200
    assert stale.get(page_of(driver, "erase"))["Location"].startswith(ASKED)
    assert Driver.objects.filter(pk=driver.pk).exists()


def test_what_waits_is_done_at_no_other_address(stale: Browser, driver: Driver) -> None:
    other = make_driver(client=driver.client)
    asked = stale.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})
    confirm_with_the_app(stale, asked["Location"])

    assert stale.get(page_of(other, "erase")).status_code == 200
    assert stale.get(page_of(driver, "erase") + "?x=1").status_code == 200
    assert Driver.objects.filter(pk__in=[driver.pk, other.pk]).count() == 2


def test_what_waits_too_long_is_forgotten(stale: Browser, driver: Driver) -> None:
    asked = stale.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})
    session = stale.session
    session[confirming.WAITING_KEY] |= {"at": time.time() - 601}
    session.save()
    confirm_with_the_app(stale, asked["Location"])

    assert stale.get(page_of(driver, "erase")).status_code == 200
    assert Driver.objects.filter(pk=driver.pk).exists()
    assert confirming.WAITING_KEY not in stale.session


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("auth_user_password_change", {"password1": "another long password", "password2": "another long password"}),
        ("charging_driver_erase", {"reason": "x" * confirming.LONGEST_BODY}),
    ],
)
def test_passwords_and_what_is_too_long_are_not_kept(
    stale: Browser, driver: Driver, name: str, values: dict[str, str]
) -> None:
    page = reverse(f"admin:{name}", args=[driver.pk])

    assert stale.post(page, values)["Location"].startswith(ASKED)
    assert confirming.WAITING_KEY not in stale.session


def test_who_has_just_signed_in_is_not_asked(browser_of_operator: Browser, driver: Driver) -> None:
    browser_of_operator.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})

    assert not Driver.objects.filter(pk=driver.pk).exists()


def test_a_confirmation_of_the_future_or_of_somebody_else_is_none(operator: User, driver: Driver) -> None:
    tomorrow, others = Browser(), Browser()
    for browser in (tomorrow, others):
        sign_in_long_ago(browser, operator)
    session = tomorrow.session
    session["account_authentication_methods"][0]["at"] = time.time() + 3600
    session.save()
    confirm(others, make_account())

    assert tomorrow.get(page_of(driver, "erase"))["Location"].startswith(ASKED)
    assert others.get(page_of(driver, "erase"))["Location"].startswith("/admin/login/")


def test_the_operator_of_this_machine_confirms_with_the_password(settings: Settings, driver: Driver) -> None:
    settings.IS_EMBEDDED = True
    ensure_operator()
    first = User.objects.get(username=OPERATOR_EMAIL)
    first.set_password(PASSWORD)
    first.save()
    browser = Browser()
    browser.force_login(first)

    asked = browser.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    browser.get(browser.post(asked["Location"], {"password": PASSWORD})["Location"])

    assert not Driver.objects.filter(pk=driver.pk).exists()


def test_without_a_way_to_confirm_nothing_is_done(settings: Settings, driver: Driver) -> None:
    settings.IS_EMBEDDED = True
    ensure_operator()
    first = User.objects.get(username=OPERATOR_EMAIL)
    first.set_unusable_password()
    first.save()
    browser = Browser()
    browser.force_login(first)

    assert browser.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"}).status_code == 403
    assert Driver.objects.filter(pk=driver.pk).exists()


def test_a_car_is_evaluated_again_without_it(stale: Browser) -> None:
    car = make_parked_car()
    before = Vehicle.objects.get(pk=car.pk).evaluation_count

    stale.post(reverse("admin:charging_vehicle_re_evaluate", args=[car.pk]), {"reason": REASON})

    assert Vehicle.objects.get(pk=car.pk).evaluation_count == before + 1


def test_what_was_given_up_is_not_done_when_its_page_is_opened_later(stale: Browser, driver: Driver) -> None:
    asked = stale.post(page_of(driver, "erase"), {"reason": REASON, "is_sure": "on"})
    confirm_with_the_app(stale, asked["Location"])
    stale.get(reverse("admin:index"))

    assert stale.get(page_of(driver, "erase")).status_code == 200
    assert Driver.objects.filter(pk=driver.pk).exists()
