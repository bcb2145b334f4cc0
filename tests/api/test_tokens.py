"""Tokens: who gets one, what is answered to everybody else, and what a token opens."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client as HttpClient
from oauth2_provider.models import AccessToken, Application

from charging.api import tokens
from charging.models import Client
from charging.operations.attempts import seconds_to_wait
from charging.operations.clients import Credentials, add_credentials
from tests.api.callers import assert_is_problem, make_token
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db
URL = "/oauth2/token"
GRANT = {"grant_type": "client_credentials"}


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def post(data: Any, headers: dict[str, str] | None = None) -> HttpResponse:
    answer: HttpResponse = HttpClient().post(URL, data, headers=headers)  # type: ignore[assignment]
    return answer


@pytest.fixture
def credentials() -> Credentials:
    return add_credentials(client=make_client())


@pytest.mark.parametrize("is_basic", [True, False], ids=["Basic", "form"])
def test_right_credentials_get_a_token_for_an_hour(credentials: Credentials, *, is_basic: bool) -> None:
    if is_basic:
        answer: Any = post(GRANT, basic(credentials.client_id, credentials.client_secret))
    else:
        form = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        answer = post(GRANT | form)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 3600)
    opened = HttpClient(headers={"Authorization": f"Bearer {body['access_token']}"}).get("/api/vehicles")
    assert opened.status_code == 200


def test_a_token_is_stored_as_a_checksum_only(credentials: Credentials) -> None:
    body: Any = post(GRANT, basic(credentials.client_id, credentials.client_secret))

    assert body.json()["access_token"] not in str(AccessToken.objects.values().get())


def test_two_pairs_of_credentials_open_the_same_client(credentials: Credentials) -> None:
    second = add_credentials(client=credentials.client)

    for pair in (credentials, second):
        assert post(GRANT, basic(pair.client_id, pair.client_secret)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("nobody", "secret"),
        basic("", ""),
        basic("a\x00b", "secret"),
        basic("known", "wrong"),
        basic("known", "sec\x00ret"),
        {"Authorization": "Basic !"},
        {"Authorization": "Basic /////w=="},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer x"},
    ],
    ids=str,
)
def test_wrong_credentials_are_401(credentials: Credentials, headers: dict[str, str]) -> None:
    Application.objects.update(client_id="known")

    answer: Any = post(GRANT, headers)

    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client"}
    assert answer["WWW-Authenticate"] == "Basic"
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"grant_type": "\x00"}, "unsupported_grant_type"),
        (GRANT | {"scope": "everything"}, "invalid_scope"),
    ],
    ids=str,
)
def test_what_is_no_client_credentials_grant_is_400(credentials: Credentials, data: Any, error: str) -> None:
    answer: Any = post(data, basic(credentials.client_id, credentials.client_secret))

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_json_is_not_a_form(credentials: Credentials) -> None:
    answer = HttpClient().post(
        URL, GRANT, "application/json", headers=basic(credentials.client_id, credentials.client_secret)
    )

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_a_token_is_only_given_to_a_post() -> None:
    answer = HttpClient().get(URL)

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_too_many_requests_have_to_wait_and_others_do_not(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REQUESTS_A_MINUTE", 3)
    other = add_credentials(client=make_client())
    right = basic(credentials.client_id, credentials.client_secret)

    answers = [post(GRANT, right) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert post(GRANT, basic(other.client_id, other.client_secret)).status_code == 200


def test_a_made_up_id_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    post(GRANT | {"client_id": "x" * 50_000, "client_secret": "x"})

    assert "token refused" in caplog.text
    assert "x" * 100 in caplog.text
    assert "x" * 101 not in caplog.text


def test_whoever_makes_ids_up_has_to_wait_however_many(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REQUESTS_A_MINUTE", 3)

    made_up = [post(GRANT, basic(f"nobody{number}", "x")).status_code for number in range(4)]

    assert made_up == [401, 401, 401, 429]
    assert post(GRANT, basic(credentials.client_id, credentials.client_secret)).status_code == 200


def expired() -> str:
    return f"Bearer {make_token(client=make_client(), lives_for=timedelta(seconds=-1))}"


def without_client() -> str:
    token = make_token(client=make_client())
    Client.objects.all().delete()
    return f"Bearer {token}"


def of_another_scope() -> str:
    token = make_token(client=make_client())
    AccessToken.objects.update(scope="other")
    return f"Bearer {token}"


def as_basic() -> str:
    return f"Basic {make_token(client=make_client())}"


@pytest.mark.parametrize(
    "make_header",
    [
        expired,
        without_client,
        of_another_scope,
        as_basic,
        *[lambda header=header: header for header in ("", "Bearer", "Bearer ", "Bearer x", "Bearer \xe9", "x")],
    ],
)
@pytest.mark.parametrize("method", ["get", "put"])
def test_without_a_living_token_nothing_opens(make_header: Any, method: str) -> None:
    header = make_header()

    answer = getattr(HttpClient(), method)("/api/charging-locations/x", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert_is_problem(answer)
    assert answer.json() == {
        "type": "urn:readyby:problem:unauthorized",
        "title": "Unauthorized",
        "detail": "Unauthorized for resource",
    }


def test_the_word_bearer_may_be_written_in_any_case() -> None:
    token = make_token(client=make_client())

    assert HttpClient(headers={"Authorization": f"bEARER {token}"}).get("/api/vehicles").status_code == 200
    assert AccessToken.objects.get().expires == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"grant_type=" + b"x" * 3_000_000, "application/x-www-form-urlencoded", id="too large"),
        pytest.param(b"x", "multipart/form-data", id="multipart without a boundary"),
    ],
)
def test_a_form_that_cannot_be_read_is_400(body: bytes, content_type: str) -> None:
    answer = HttpClient().generic("POST", URL, body, content_type)

    assert (answer.status_code, json.loads(answer.content)) == (400, {"error": "invalid_request"})


def test_a_count_that_the_cache_forgot_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "add", lambda *_args, **_options: False)

    assert seconds_to_wait(name="anybody", limit=0) is None
