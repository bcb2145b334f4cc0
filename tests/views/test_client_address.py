"""Whose attempts are counted: nobody chooses the address under which that is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import Settings

from charging.api.tokens import REQUESTS_A_MINUTE
from charging.views.client_address import client_address
from onboarding.rate_limit import MOST_GUESTS
from tests.factories import NOW, make_account

PASSWORD = "a long password of theirs"


@pytest.fixture(autouse=True)
def one_minute_in_which_nobody_has_tried_yet() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        pytest.param(0, "198.51.100.1", "192.0.2.1", id="no proxy is trusted"),
        pytest.param(0, "198.51.100.1, 198.51.100.2", "192.0.2.1", id="none, two in the header"),
        pytest.param(1, "198.51.100.1", "198.51.100.1", id="one proxy"),
        pytest.param(1, "10.9.9.9, 198.51.100.1", "198.51.100.1", id="one proxy, something invented before it"),
        pytest.param(2, "10.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1", id="two proxies"),
        pytest.param(2, "198.51.100.1", "192.0.2.1", id="two proxies, one of them passed by"),
        pytest.param(1, "", "192.0.2.1", id="a proxy that adds nothing"),
        pytest.param(1, "unknown", "192.0.2.1", id="no address"),
        pytest.param(1, "198.51.100.1:4711", "192.0.2.1", id="an address with a port"),
        pytest.param(1, " 2001:db8:0:7::1 ", "2001:db8:0:7::", id="an address of the newer kind: its network"),
        pytest.param(1, "2001:db8:0:7:ffff::9", "2001:db8:0:7::", id="another one of the same network"),
        pytest.param(1, "2001:db8:0:8::1", "2001:db8:0:8::", id="one of another network"),
        pytest.param(1, "::ffff:198.51.100.1", "198.51.100.1", id="the older kind within the newer"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_has_seen(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.READYBY_TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.1").get("/", headers={"x-forwarded-for": forwarded})

    assert client_address(request) == address


def wrong_password(number: int, forwarded: str) -> Any:
    form = {"login": f"somebody{number}@example.com", "password": "wrong"}
    return Browser().post(reverse("account_login"), form, headers={"x-forwarded-for": forwarded})


@pytest.mark.django_db
def test_changing_the_address_within_ones_own_network_does_not_evade_the_lock() -> None:
    account = make_account(password=PASSWORD)
    form = {"login": account.email, "password": "wrong"}

    answers = [
        Browser(REMOTE_ADDR=f"2001:db8:0:7::{number}").post(reverse("account_login"), form) for number in range(5)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


INVENTED = {
    0: lambda number: f"198.51.100.{number}",
    1: lambda number: f"198.51.100.{number}, 203.0.113.5",
    2: lambda number: f"198.51.100.{number}, 203.0.113.5, 10.0.0.1",
}
"""By the number of trusted proxies: what a visitor sends who names another address each time."""


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", INVENTED)
def test_naming_another_address_each_time_does_not_evade_the_lock(settings: Settings, proxies: int) -> None:
    settings.READYBY_TRUSTED_PROXIES = proxies
    account = make_account(password=PASSWORD)
    form = {"login": account.email, "password": "wrong"}
    browser = Browser()

    answers = [
        browser.post(reverse("account_login"), form, headers={"x-forwarded-for": INVENTED[proxies](number)})
        for number in range(5)
    ]
    right = form | {"password": PASSWORD}
    browser.post(reverse("account_login"), right, headers={"x-forwarded-for": INVENTED[proxies](6)})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", INVENTED)
def test_nor_the_limit_of_guests(settings: Settings, proxies: int) -> None:
    settings.READYBY_TRUSTED_PROXIES = proxies

    codes = [
        Browser().post("/setup/try/", headers={"x-forwarded-for": INVENTED[proxies](number)}).status_code
        for number in range(MOST_GUESTS + 1)
    ]

    assert codes == [303] * MOST_GUESTS + [429]


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", INVENTED)
def test_nor_that_of_tokens(settings: Settings, proxies: int) -> None:
    settings.READYBY_TRUSTED_PROXIES = proxies
    form = {"grant_type": "client_credentials", "client_id": "somebody", "client_secret": "x"}

    codes = [
        Browser().post("/oauth2/token", form, headers={"x-forwarded-for": INVENTED[proxies](number)}).status_code
        for number in range(REQUESTS_A_MINUTE + 1)
    ]

    assert codes[-1] == 429
    assert set(codes[:10]) == {401}


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", INVENTED)
def test_nor_that_of_sign_ins_under_many_names(settings: Settings, proxies: int) -> None:
    settings.READYBY_TRUSTED_PROXIES = proxies

    answers = [wrong_password(number, INVENTED[proxies](number)) for number in range(31)]

    assert answers[-1].status_code == 429
    assert answers[0].status_code == 200
