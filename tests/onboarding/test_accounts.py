"""Guests, sign-up, sessions that end, tokens that change."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from charging.models import Driver, Vehicle
from onboarding.rate_limit import MOST_GUESTS
from tests.factories import make_account
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, h1, hidden_fields, page, send

PASSWORD = "Winter-night-07-00"
OF_OURS = {"origin": "http://testserver"}
SET_PASSWORD = "/accounts/password/set/?next=/dashboard/"


def make_guest_with_car() -> Client:
    client = Client()
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")
    return client


def test_a_guest_is_made_by_post_only(client: Client) -> None:
    assert client.get("/setup/try/").status_code == 405
    assert not Driver.objects.exists()

    response = client.post("/setup/try/")

    assert response.headers["Location"] == "/setup/how/"
    driver = Driver.objects.get()
    assert driver.is_guest
    assert driver.account is not None
    assert not driver.account.has_usable_password()


def test_a_guest_who_presses_again_stays_the_same(client: Client) -> None:
    begin(client)
    begin(client)

    assert Driver.objects.count() == 1


def test_one_address_makes_only_so_many_guests() -> None:
    answers = [Client().post("/setup/try/") for _ in range(MOST_GUESTS + 1)]

    assert [answer.status_code for answer in answers] == [303] * MOST_GUESTS + [429]
    assert Driver.objects.count() == MOST_GUESTS
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert re.search(r"Try again in \d+ minutes?\.", answers[-1].content.decode())


def test_behind_a_proxy_each_visitor_is_counted_by_the_address_that_the_proxy_saw(settings: Settings) -> None:
    settings.READYBY_TRUSTED_PROXIES = 1
    by_visitor = [f"10.0.0.9, 192.0.2.{number}" for number in range(MOST_GUESTS + 1)]

    codes = [Client().post("/setup/try/", headers={"x-forwarded-for": seen}).status_code for seen in by_visitor]

    assert set(codes) == {303}


@pytest.mark.parametrize("url", [*URLS.values(), "/setup/ready/", "/setup/first-plan/"])
def test_no_page_of_the_wizard_makes_rows_for_visitors(client: Client, url: str) -> None:
    response = client.get(url)

    assert response.status_code in {302, 303}
    assert not Driver.objects.exists()


def test_signing_up_by_mail_leads_into_the_wizard(client: Client) -> None:
    assert h1(page(client, "/accounts/signup/?next=/setup/")) == "Make an account"

    response = client.post(
        "/accounts/signup/", {"email": "alice@example.com", "password1": PASSWORD, "next": "/setup/"}
    )

    assert response.headers["Location"] == "/setup/"
    assert client.get("/setup/").headers["Location"] == "/setup/how/"
    assert "Connect my car through Home Assistant" in page(client, URLS["car"])


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_account_pages_look_like_the_others_and_tell_errors_above_the_title(client: Client, url: str) -> None:
    response = client.post(url, {"email": "no", "login": "no", "password": "", "password1": ""})

    text = response.content.decode()
    assert "There is a problem" in text
    assert "<title>Error: " in text
    assert 'href="/static/css/app.css"' in text
    assert " novalidate>" in text


@pytest.mark.parametrize(
    ("url", "values", "message"),
    [
        pytest.param("/accounts/login/", {"password": "x"}, "Enter your email address", id="sign in without address"),
        pytest.param("/accounts/login/", {"login": "a@b.example"}, "Enter your password", id="sign in, no password"),
        pytest.param("/accounts/signup/", {"password1": PASSWORD}, "Enter your email address", id="no address"),
        pytest.param(
            "/accounts/signup/",
            {"email": "alice", "password1": PASSWORD},
            "Enter an email address, like name@example.com",
            id="no real address",
        ),
        pytest.param("/accounts/signup/", {"email": "a@b.example"}, "Enter a password", id="no password"),
    ],
)
def test_account_forms_say_what_to_do(client: Client, url: str, values: dict[str, str], message: str) -> None:
    text = client.post(url, values).content.decode()

    assert text.count(message) == 2
    assert "required" not in text
    assert not User.objects.exists()


def test_ux_17_a_session_that_ends_in_the_middle_keeps_what_was_typed() -> None:
    account = make_account(username="alice@example.com", email="alice@example.com", password=PASSWORD)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    answer_until(client, "ready_by")
    form = hidden_fields(page(client, URLS["ready_by"])) | {"ready_by": "05:45"}
    client.logout()

    response = client.post(URLS["ready_by"], form)
    sign_in = response.headers["Location"]
    assert "What you typed is kept." in page(client, sign_in)
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD, "next": URLS["ready_by"]})

    assert 'value="05:45"' in page(client, URLS["ready_by"])


def test_ux_17_a_changed_token_gives_the_typed_values_back() -> None:
    client = Client(enforce_csrf_checks=True)

    form = {"ready_by": "05:45", "password": "secret word"}
    response = client.post("/setup/ready-by/?return=check", form, headers=OF_OURS)

    text = html.unescape(response.content.decode())
    assert response.status_code == 403
    assert h1(text) == "Send this again"
    assert 'name="ready_by" value="05:45"' in text
    assert 'action="/setup/ready-by/?return=check"' in text
    assert "secret word" not in text
    assert "csrfmiddlewaretoken" in text


def test_sending_again_from_that_page_saves() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_account(), backend="django.contrib.auth.backends.ModelBackend")
    form = hidden_fields(page(client, URLS["car"])) | ANSWERS["car"]
    text = client.post(URLS["car"], form, headers=OF_OURS).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[0]

    response = client.post(URLS["car"], hidden_fields(text) | {"csrfmiddlewaretoken": token})

    assert response.status_code == 303
    assert Vehicle.objects.count() == 1


def test_a_guest_keeps_the_account_by_adding_an_address() -> None:
    client = make_guest_with_car()
    vehicle = Vehicle.objects.get()

    response = send(client, "/setup/first-plan/", email="")
    assert response.status_code == 405
    response = client.post("/setup/keep/", {"email": "alice@example.com"})

    assert response.headers["Location"] == SET_PASSWORD
    driver = Driver.objects.get()
    assert (driver.is_guest, driver.vehicles.get()) == (False, vehicle)
    assert "Your account is kept." in page(client, SET_PASSWORD)


@pytest.mark.parametrize("door", ["/setup/keep/", "/account/keep/"])
def test_a_kept_account_gets_a_password_and_is_found_again_with_it(door: str) -> None:
    client = make_guest_with_car()
    vehicle = Vehicle.objects.get()
    set_password = client.post(door, {"email": "alice@example.com"}).headers["Location"]
    next_url = re.findall(r'name="next" value="([^"]+)"', page(client, set_password))[0]
    form = {"password1": PASSWORD, "password2": PASSWORD, "next": next_url}

    saved = client.post("/accounts/password/set/", form)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})

    assert saved.headers["Location"] == "/dashboard/"
    assert client.get("/dashboard/").headers["Location"] == f"/car/{vehicle.public_id}/"


@pytest.mark.parametrize(
    ("email", "message"),
    [
        pytest.param("alice", "Enter an email address, like name@example.com", id="no address"),
        pytest.param("bob@example.com", "There is an account with this email address", id="taken"),
        pytest.param("a\x00@example.com", "email", id="null byte"),
    ],
)
def test_a_wrong_address_is_told(email: str, message: str) -> None:
    make_account(username="bob@example.com", email="bob@example.com")
    client = make_guest_with_car()

    response: Any = client.post("/setup/keep/", {"email": email})

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Driver.objects.filter(is_guest=True).exists()
    assert not User.objects.filter(email__startswith="a").exists()


def test_the_home_page_of_a_driver_with_a_car_is_the_dashboard() -> None:
    client = make_guest_with_car()

    assert client.get("/").headers["Location"] == "/dashboard/"
    assert "Open my dashboard" in page(client, "/setup/start/")
