"""How long a session lasts, and that nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from tests.admin.second_factor import sign_in_with_second_factor
from tests.api.callers import make_caller
from tests.api.routes import addresses, parameters_of
from tests.factories import NOW, make_account, make_driver, make_parked_car

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
OF_EVERYBODY = ("manifest.webmanifest", "service-worker.js")
"""What holds nothing of anybody, and says itself how long it may be kept."""


@pytest.fixture
def staff(client: Browser) -> Browser:
    operator = User.objects.create_superuser("operator", "operator@example.com", "a long password of theirs")
    with time_machine.travel(NOW, tick=False):
        sign_in_with_second_factor(client, operator)
        assert client.get(INDEX).status_code == 200
    return client


def status(browser: Browser, minutes: float, address: str = INDEX, **headers: str) -> int:
    """The answer to a request so many minutes after the first."""
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        return int(browser.get(address, headers=headers).status_code)


def test_staff_who_leave_for_half_an_hour_sign_in_again(staff: Browser) -> None:
    assert [status(staff, minute) for minute in (29, 58, 87.9, 118)] == [200, 200, 200, 302]
    assert "_auth_user_id" not in staff.session


def test_after_eight_hours_staff_sign_in_again_however_busy_they_were(staff: Browser) -> None:
    assert {status(staff, minute) for minute in range(20, 480, 20)} == {200}
    assert status(staff, 479.9) == 200
    assert status(staff, 480) == 302
    assert "_auth_user_id" not in staff.session


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in(staff: Browser) -> None:
    polled = [status(staff, minute, "/dashboard/", **{"hx-request": "true"}) for minute in (10, 20, 29)]

    assert 200 not in polled
    assert status(staff, 30) == 302


def test_a_page_that_is_opened_again_at_once_writes_no_session(staff: Browser) -> None:
    before = dict(staff.session)

    status(staff, 0.5)

    assert dict(staff.session) == before


def test_a_driver_stays_signed_in(client: Browser) -> None:
    with time_machine.travel(NOW, tick=False):
        car = make_parked_car()
        assert car.driver.account is not None
        client.force_login(car.driver.account)

    assert status(client, 60 * 24 * 10, "/settings/") == 200


def test_signing_in_again_begins_a_new_time(staff: Browser) -> None:
    assert status(staff, 600) == 302
    with time_machine.travel(NOW + timedelta(minutes=600), tick=False):
        sign_in_with_second_factor(staff, User.objects.get(username="operator"))

    assert status(staff, 629) == 200


def pages() -> list[str]:
    return sorted(
        f"/{route}" for route in addresses() if not parameters_of(route) and "(?P" not in route and "^" not in route
    )


def cacheable(browser: Browser) -> list[tuple[str, Any]]:
    answers = [(page, browser.get(page)) for page in pages() if page.lstrip("/") not in OF_EVERYBODY]
    kept = [(page, answer.headers.get("Cache-Control", "")) for page, answer in answers]
    return [(page, said) for page, said in kept if "no-store" not in said]


def test_no_page_of_somebody_signed_in_is_kept(client: Browser) -> None:
    car = make_parked_car()
    assert car.driver.account is not None
    client.force_login(car.driver.account)

    assert len(pages()) > 100
    assert cacheable(client) == []


def test_no_page_of_an_operator_is_kept(client: Browser) -> None:
    operator = User.objects.create_superuser("operator", "operator@example.com", "a long password of theirs")
    sign_in_with_second_factor(client, operator)

    assert cacheable(client) == []


def test_no_answer_of_the_api_is_kept() -> None:
    driver = make_driver()
    caller = make_caller(driver.client)
    answers = [caller.get("/api/vehicles"), caller.get("/api/nothing-here"), Browser().get("/api/vehicles")]

    assert [answer["Cache-Control"] for answer in answers] == ["no-store"] * 3


def test_the_answer_that_signs_somebody_in_is_not_kept(client: Browser) -> None:
    account = make_account(password="a long password of theirs")

    answer = client.post(reverse("account_login"), {"login": account.email, "password": "a long password of theirs"})

    assert "no-store" in answer["Cache-Control"]


def test_a_page_for_everybody_may_be_kept(client: Browser) -> None:
    assert "no-store" not in client.get("/manifest.webmanifest").headers.get("Cache-Control", "")
