"""Drivers may have a second step at sign-in too; its pages look like all the others."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from tests.admin.second_factor import SECRET, code_of_the_app, confirm, enroll
from tests.factories import make_parked_car

pytestmark = pytest.mark.django_db

PASSWORD = "a long password of theirs"
INLINE_CODE = re.compile(r'<style(?![^>]*nonce=)|<script(?![^>]*(?:src=|nonce=|application/json))|\sstyle="|\son\w+="')


@pytest.fixture
def driver(client: Browser) -> Browser:
    """A driver with a car who has just typed the password."""
    cache.clear()
    account = make_parked_car().driver.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    client.force_login(account)
    confirm(client, account, method="password", reauthenticated=True)
    return client


def assert_looks_like_the_others(text: str) -> None:
    assert 'href="/static/css/app.css"' in text
    assert text.count("<h1") == 1
    assert " - Readyby</title>" in text
    assert not INLINE_CODE.search(text)


def test_settings_lead_to_the_second_step_and_to_a_new_password(driver: Browser) -> None:
    page = driver.get("/settings/").text

    for name in ("mfa_index", "account_change_password"):
        assert f'href="{reverse(name)}"' in page
        assert_looks_like_the_others(driver.get(reverse(name)).text)


def test_every_page_of_it_has_a_way_back(driver: Browser) -> None:
    assert '<a class="back" href="/settings/">' in driver.get(reverse("mfa_index")).text
    assert f'<a class="back" href="{reverse("mfa_index")}">' in driver.get(reverse("mfa_activate_totp")).text


def test_the_pages_of_enrollment_and_of_the_codes_look_like_the_others(driver: Browser) -> None:
    activation = driver.get(reverse("mfa_activate_totp")).text
    secret = re.findall(r'value="([A-Z2-7]{32})"', activation)[0]
    done = driver.post(reverse("mfa_activate_totp"), {"code": code_of_the_app(secret)}, follow=True)

    assert_looks_like_the_others(activation)
    assert "data:image/svg+xml" in activation
    assert_looks_like_the_others(done.text)
    assert len(re.findall(r"\b[0-9a-f]{8}\b", done.text)) >= 10
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes"):
        assert_looks_like_the_others(driver.get(reverse(name)).text)


@pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_list_webauthn"])
def test_the_pages_of_keys_look_like_the_others(driver: Browser, name: str) -> None:
    assert_looks_like_the_others(driver.get(reverse(name), follow=True).text)


def test_a_driver_with_a_second_step_is_asked_for_the_code_at_sign_in(client: Browser) -> None:
    cache.clear()
    car = make_parked_car()
    account = car.driver.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    enroll(account)

    asked = client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD}, follow=True)
    assert client.get("/settings/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of_the_app(SECRET)})

    assert_looks_like_the_others(asked.text)
    assert_looks_like_the_others(wrong.text)
    assert "There is a problem" in wrong.text
    assert client.get("/settings/").status_code == 200
