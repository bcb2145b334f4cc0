"""Codes of the second step are counted for the account, over all processes: allauth's own count is one of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from tests.admin.second_factor import code_of_the_app, enroll
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of theirs"
WRONG = {"code": "000000x"}
MOST = 3


@pytest.fixture(autouse=True)
def _process_after_process_that_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr("config.second_factor.MOST_CODES", MOST)
    monkeypatch.setattr("allauth.mfa.base.forms.check_rate_limit", lambda _user: lambda: None)
    yield
    cache.clear()


def at_the_door(account: User) -> tuple[Browser, str]:
    browser = Browser()
    browser.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    return browser, reverse("mfa_authenticate")


def inside(account: User) -> tuple[Browser, str]:
    browser = Browser()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return browser, reverse("mfa_reauthenticate")


@pytest.mark.parametrize("begin", [at_the_door, inside])
def test_after_some_wrong_codes_the_right_one_does_not_help(begin: Callable[[User], tuple[Browser, str]]) -> None:
    account = make_account(password=PASSWORD)
    enroll(account)
    browser, address = begin(account)

    answers = [browser.post(address, WRONG) for _ in range(MOST)]
    last = browser.post(address, {"code": code_of_the_app()})

    assert {answer.status_code for answer in answers} == {200}
    assert last.status_code == 200
    assert "Too many failed login attempts" in last.text


@pytest.mark.parametrize("begin", [at_the_door, inside])
def test_the_right_code_after_a_wrong_one_does(begin: Callable[[User], tuple[Browser, str]]) -> None:
    account = make_account(password=PASSWORD)
    enroll(account)
    browser, address = begin(account)

    browser.post(address, WRONG)

    assert browser.post(address, {"code": code_of_the_app()}).status_code == 302
