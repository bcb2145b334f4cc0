"""Where the site is reached by https only, a call with a token or a secret in clear is refused and not led on."""

from __future__ import annotations

import pytest
from django.test import Client as HttpClient
from pytest_django import Settings

from tests.api.callers import assert_is_problem, make_caller
from tests.factories import make_client

pytestmark = pytest.mark.django_db
FORM = {"grant_type": "client_credentials", "client_id": "somebody", "client_secret": "x"}


@pytest.fixture(autouse=True)
def _by_https_only(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize("path", ["/api/vehicles", "/api/nothing-here", "/api/docs"])
def test_a_call_in_clear_is_refused(path: str) -> None:
    answer = make_caller(make_client()).get(path)

    assert answer.status_code == 403
    assert "Location" not in answer.headers
    assert_is_problem(answer)


def test_a_call_by_https_is_answered() -> None:
    assert HttpClient().get("/api/health/vehicles", secure=True).status_code == 200


def test_credentials_in_clear_are_refused() -> None:
    answer = HttpClient().post("/oauth2/token", FORM)

    assert (answer.status_code, answer.json()) == (403, {"error": "invalid_request"})
    assert HttpClient().post("/oauth2/token", FORM, secure=True).status_code == 401


def test_pages_are_led_to_https_and_probes_are_answered() -> None:
    page = HttpClient().get("/accounts/login/")

    assert (page.status_code, page["Location"]) == (301, "https://testserver/accounts/login/")
    assert HttpClient().get("/livez").status_code == 200
