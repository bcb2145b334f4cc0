"""Without a database: 503 and when to try again, never a trace; and probes that need nothing but themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client as HttpClient
from pytest_django import Settings

from charging.models import Driver
from charging.views import installed_app
from tests.api.callers import make_caller
from tests.api.routes import cookies_of
from tests.factories import NOW, make_driver

pytestmark = pytest.mark.django_db

SECRET = "host=db.internal user=readyby"


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(params=[OperationalError, InterfaceError])
def take_away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the database away from everything that asks for it from then on."""

    def fail(*_: object, **__: object) -> None:
        raise request.param(SECRET)

    return lambda: monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)


@pytest.mark.parametrize("path", ["/", "/dashboard/", "/prices/", "/admin/", "/accounts/login/"])
def test_a_page_says_so_in_plain_words(path: str, take_away: Callable[[], None]) -> None:
    browser = cookies_of(make_driver().account)
    take_away()

    answer = browser.get(path)

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert "<h1>Readyby is being looked after</h1>" in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


def test_a_call_of_the_api_is_answered_with_a_problem(take_away: Callable[[], None]) -> None:
    caller = make_caller(make_driver().client)
    take_away()

    answer = caller.get("/api/vehicles")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "type": "urn:readyby:problem:unavailable",
        "title": "Unavailable",
        "detail": "The database does not answer.",
    }


def test_a_call_with_a_key_of_its_own_is_not_carried_out(take_away: Callable[[], None]) -> None:
    caller = make_caller(make_driver().client)
    take_away()

    answer = caller.post("/api/charging-locations", {"name": "x"}, headers={"Idempotency-Key": "one"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_no_token_is_given_in_the_words_of_the_standard(take_away: Callable[[], None]) -> None:
    take_away()

    answer = HttpClient(raise_request_exception=False).post("/oauth2/token", {"grant_type": "client_credentials"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer.json() == {"error": "temporarily_unavailable"}


def test_what_is_raised_around_the_api_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr(SessionMiddleware, "process_request", fail)

    answer = HttpClient(raise_request_exception=False).get("/api/vehicles")

    assert answer.status_code == 503
    assert answer.json()["title"] == "Unavailable"


def test_a_data_folder_that_cannot_be_written_to_keeps_everybody_and_is_said_calmly(
    settings: Settings, tmp_path: Path
) -> None:
    driver = make_driver(external_id="alice")
    (tmp_path / "file").write_text("no folder")
    settings.DATA_DIR = tmp_path / "file"

    with time_machine.travel(NOW):
        answer = make_caller(driver.client).delete(f"/api/users/{driver.external_id}")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer.json()["detail"] == "Nothing was deleted: this server cannot write down that it was."
    assert Driver.objects.filter(pk=driver.pk).exists()


def test_another_fault_stays_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(installed_app, "render_to_string", fail)

    answer = HttpClient(raise_request_exception=False).get("/offline/")

    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert "Something went wrong on our side" in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_probe_knows_no_host_name_and_no_https(path: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["cars.example"]
    settings.SECURE_SSL_REDIRECT = True

    inside = HttpClient(headers={"Host": "10.0.0.7:8000"}).get(path)
    page = HttpClient(headers={"Host": "10.0.0.7:8000"}, raise_request_exception=False).get("/help/")

    assert inside.status_code in {200, 404, 503}
    assert page.status_code in {301, 400}
