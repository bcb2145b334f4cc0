"""Codes of the second step count once, so many for an account, over all processes; what they rest on is sealed.

What allauth itself notes is of one process: here each request comes to another one, which knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from charging.adapters.sealed import seal
from charging.operations.second_factors import is_sealed
from tests.admin.second_factor import SECRET, code_of_the_app, enroll
from tests.factories import NOW, make_account

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of theirs"
WRONG = {"code": "000000x"}
MOST = 3


@pytest.fixture(autouse=True)
def _process_after_process_that_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr("config.second_factor.MOST_CODES", MOST)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda _self, _code: True)
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


@pytest.mark.parametrize("begin", [at_the_door, inside])
def test_a_code_that_came_in_does_not_come_in_again(begin: Callable[[User], tuple[Browser, str]]) -> None:
    account = make_account(password=PASSWORD)
    enroll(account)

    with time_machine.travel(NOW, tick=False):
        code = {"code": code_of_the_app()}
        answers = [browser.post(address, code) for browser, address in (begin(account), begin(account))]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert "Incorrect code" in answers[1].text


def test_what_they_rest_on_is_sealed() -> None:
    account = make_account()
    app, codes = enroll(account), RecoveryCodes.activate(account)

    assert SECRET not in str(app.data)
    assert is_sealed(app.data["secret"])
    assert is_sealed(codes.instance.data["seed"])
    assert len(codes.get_unused_codes()) >= 8


def test_a_secret_in_clear_from_before_still_opens() -> None:
    account = make_account(password=PASSWORD)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    browser, address = at_the_door(account)

    assert browser.post(address, {"code": code_of_the_app()}).status_code == 302


def test_a_secret_that_no_key_opens_lets_nobody_in() -> None:
    account = make_account(password=PASSWORD)
    enroll(account)
    Authenticator.objects.update(data={"secret": seal(SECRET)[:-8] + "AAAAAAA="})
    browser, address = at_the_door(account)

    answer = browser.post(address, {"code": code_of_the_app()})

    assert answer.status_code == 200
    assert "Incorrect code" in answer.text
