"""Staff without a second factor, or who did not use it, come into no page of the admin; the way to it is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.management.commands.quickstart import OPERATOR_EMAIL, ensure_operator
from tests.admin.second_factor import code_of_the_app, confirm, enroll, sign_in_with_second_factor
from tests.api.routes import addresses, filled
from tests.factories import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

PASSWORD = "a long password of theirs"
INDEX = "/admin/"
ANYTHING = {
    **dict.fromkeys(("content_type_id", "finding_id", "id", "object_id", "pk"), "1"),
    "app_label": "charging",
    "kind": "car",
    "brand": "tesla",
    "action": "false_alarm",
    "url": "charging/vehicle/",
}
DOORS = ("admin/login/", "admin/logout/")
ROUTES = sorted(route for route in addresses() if route.startswith("admin/") and route not in DOORS)
METHODS = ("GET", "POST")


def without_a_factor(browser: Browser, account: User) -> None:
    browser.force_login(account)


def with_recovery_codes_alone(browser: Browser, account: User) -> None:
    Authenticator.objects.create(user=account, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    browser.force_login(account)
    confirm(browser, account, type="recovery_codes")


def with_a_factor_that_was_not_used(browser: Browser, account: User) -> None:
    enroll(account)
    browser.force_login(account)
    confirm(browser, account, method="password")


def with_the_factor_of_somebody_else(browser: Browser, account: User) -> None:
    enroll(account)
    browser.force_login(account)
    confirm(browser, make_account())


def with_a_factor_that_is_gone(browser: Browser, account: User) -> None:
    sign_in_with_second_factor(browser, account)
    Authenticator.objects.all().delete()


def as_somebody_who_is_no_longer_staff(browser: Browser, account: User) -> None:
    sign_in_with_second_factor(browser, account)
    User.objects.filter(pk=account.pk).update(is_staff=False)


def opened(browser: Browser, routes: list[str]) -> list[tuple[str, str, int]]:
    """The requests that are answered with something else than the way to the sign-in."""
    found = []
    for route in routes:
        for method in METHODS:
            answer = getattr(browser, method.lower())(filled(route, ANYTHING))
            if answer.status_code != 302 or not answer["Location"].startswith("/admin/login/?next=/admin/"):
                found.append((method, route, answer.status_code))
    return found


@pytest.mark.parametrize("signed_in", [without_a_factor, with_a_factor_that_was_not_used])
def test_no_address_of_the_admin_opens(signed_in: Any, operator: User) -> None:
    browser = Browser()
    signed_in(browser, operator)

    assert len(ROUTES) > 150
    assert opened(browser, ROUTES) == []


@pytest.mark.parametrize(
    "signed_in",
    [
        with_recovery_codes_alone,
        with_the_factor_of_somebody_else,
        with_a_factor_that_is_gone,
        as_somebody_who_is_no_longer_staff,
    ],
)
def test_what_looks_like_a_second_factor_opens_nothing(signed_in: Any, operator: User) -> None:
    browser = Browser()
    signed_in(browser, operator)

    assert opened(browser, ["admin/", "admin/charging/vehicle/", "admin/jsi18n/"]) == []


def test_with_the_factor_used_the_admin_opens(operator: User) -> None:
    assert sign_in_with_second_factor(Browser(), operator).get(INDEX).status_code == 200


def where_it_leads(browser: Browser) -> str:
    return str(browser.get(INDEX, follow=True).redirect_chain[-1][0])


def test_nobody_comes_to_the_sign_in_of_everybody_and_back_after_it(client: Browser) -> None:
    account = make_account(is_staff=True, password=PASSWORD)
    enroll(account)
    assert where_it_leads(client) == "/accounts/login/?next=/admin/"

    page = client.post("/accounts/login/", {"login": account.email, "password": PASSWORD, "next": INDEX}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")
    assert client.get(INDEX).status_code == 302
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of_the_app()})

    assert answer["Location"] == INDEX
    assert client.get(INDEX).status_code == 200


def test_a_driver_is_refused_and_not_sent_around(client: Browser) -> None:
    client.force_login(make_account())

    assert client.get(INDEX, follow=True).status_code == 403


def test_staff_without_a_factor_come_to_its_enrollment(client: Browser) -> None:
    client.force_login(make_account(is_staff=True))

    page = client.get(INDEX, follow=True)

    assert page.redirect_chain[-1][0] == reverse("mfa_index")
    assert "The pages of operators need a second step at sign-in. Set one up here first." in page.text
    assert reverse("mfa_activate_totp") in page.text


def test_staff_enroll_and_come_in_with_the_next_code(client: Browser) -> None:
    account = make_account(is_staff=True, password=PASSWORD)
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    activation = reverse("mfa_activate_totp")
    secret = re.findall(r'value="([A-Z2-7]{32})"', client.get(activation).text)[0]

    done = client.post(activation, {"code": code_of_the_app(secret)})
    asked = where_it_leads(client)
    with time_machine.travel(timedelta(minutes=1)):
        answer = client.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": code_of_the_app(secret)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert asked == "/accounts/2fa/reauthenticate/?next=/admin/"
    assert answer["Location"] == INDEX
    assert client.get(INDEX).status_code == 200


DEEP = "/admin/charging/vehicle/?q=7"


@pytest.mark.parametrize(("asked", "then"), [(f"?{urlencode({'next': DEEP})}", DEEP), ("?next=", INDEX), ("", INDEX)])
def test_every_door_leads_back_to_the_page_that_was_asked_for(client: Browser, asked: str, then: str) -> None:
    account = make_account(is_staff=True)
    enroll(account)

    sign_in = client.get(f"/admin/login/{asked}")["Location"]
    client.force_login(account)
    second_step = client.get(f"/admin/login/{asked}")["Location"]

    assert (urlsplit(sign_in).path, urlsplit(second_step).path) == ("/accounts/login/", "/accounts/2fa/reauthenticate/")
    assert [parse_qs(urlsplit(way).query) for way in (sign_in, second_step)] == [{"next": [then]}] * 2


def test_staff_with_a_key_alone_are_asked_for_the_key(client: Browser) -> None:
    account = make_account(is_staff=True)
    Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}})
    client.force_login(account)

    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/2fa/webauthn/reauthenticate/?next=/admin/"


def test_a_used_code_does_not_open_twice(client: Browser) -> None:
    account = make_account(is_staff=True, password=PASSWORD)
    enroll(account)
    code, other = code_of_the_app(), Browser()

    for browser in (client, other):
        browser.post("/accounts/login/", {"login": account.email, "password": PASSWORD, "next": INDEX})
        browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert (client.get(INDEX).status_code, other.get(INDEX).status_code) == (200, 302)


def test_a_new_password_by_mail_does_not_pass_by_the_factor(client: Browser) -> None:
    account = make_account(is_staff=True, password=PASSWORD)
    enroll(account)

    client.post("/accounts/password/reset/", {"email": account.email})
    account.set_password("another long password")
    account.save()
    client.post("/accounts/login/", {"login": account.email, "password": "another long password"})

    assert client.get(INDEX).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_admins_own_change_of_a_password_leads_to_the_page_of_everybody(browser_of_operator: Browser) -> None:
    assert browser_of_operator.get("/admin/password_change/")["Location"] == reverse("account_change_password")


def test_who_is_inside_and_opens_the_door_again_comes_to_the_index(browser_of_operator: Browser) -> None:
    assert browser_of_operator.get("/admin/login/?next=//evil.example/")["Location"] == INDEX


def test_a_foreign_address_after_the_sign_in_is_not_gone_to(client: Browser) -> None:
    account = make_account(is_staff=True, password=PASSWORD)
    enroll(account)

    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD, "next": "//evil.example/"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of_the_app()})

    assert answer["Location"] == "/"


def test_operators_find_the_second_step_and_the_way_back(browser_of_operator: Browser) -> None:
    assert 'href="/accounts/2fa/"' in browser_of_operator.get(INDEX).text
    assert f'<a class="back" href="{INDEX}">' in browser_of_operator.get("/accounts/2fa/").text


@pytest.fixture
def first_operator(settings: Settings) -> User:
    """The account that quickstart makes, in an installation of one process."""
    settings.IS_EMBEDDED = True
    ensure_operator()
    return User.objects.get(username=OPERATOR_EMAIL)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_the_operator_of_this_machine_needs_no_factor_on_it(first_operator: User, address: str) -> None:
    browser = Browser(REMOTE_ADDR=address)
    browser.force_login(first_operator)

    assert browser.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        *({"REMOTE_ADDR": address} for address in ("192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "not an address", "")),
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_from_elsewhere_and_through_a_proxy_that_operator_does(first_operator: User, how: dict[str, str]) -> None:
    browser = Browser(**how)  # type: ignore[arg-type]
    browser.force_login(first_operator)

    assert browser.get(INDEX).status_code == 302


def test_on_a_server_that_operator_does(first_operator: User, settings: Settings) -> None:
    settings.IS_EMBEDDED = False
    browser = Browser()
    browser.force_login(first_operator)

    assert browser.get(INDEX).status_code == 302


def test_another_account_on_this_machine_does(first_operator: User, operator: User) -> None:
    browser = Browser()
    browser.force_login(operator)

    assert browser.get(INDEX).status_code == 302


def test_once_that_operator_has_a_factor_it_is_asked_for(first_operator: User) -> None:
    enroll(first_operator)
    browser = Browser()
    browser.force_login(first_operator)

    assert browser.get(INDEX).status_code == 302
