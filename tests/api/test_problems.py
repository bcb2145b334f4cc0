"""Every error under /api/ has the problem body, as plain JSON."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as HttpClient

from charging.api import documentation, json_body
from charging.operations import policies
from tests.api.callers import assert_is_problem, codes_of, everything_stored, make_caller, send
from tests.factories import make_client, make_driver, make_parked_car

pytestmark = pytest.mark.django_db
POLICY = "/api/vehicles/x/smart-charging-policy"


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/vehicles/", "/api/vehicles/x/y/z", "/api/%00", "/api/docs/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_404(method: str, path: str) -> None:
    answer = HttpClient().generic(method, path)

    assert answer.status_code == 404
    assert_is_problem(answer)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/vehicles", {"GET"}),
        ("PATCH", "/api/charging-locations", {"GET", "POST"}),
        ("DELETE", POLICY, {"GET", "PUT"}),
        ("POST", "/api/charging-locations/x", {"GET", "PUT", "DELETE"}),
        ("POST", "/api/openapi.json", {"GET"}),
        ("DELETE", "/api/docs", {"GET"}),
    ],
)
def test_a_wrong_method_is_405_and_names_the_right_ones(method: str, path: str, allowed: set[str]) -> None:
    answer = make_caller(make_client()).generic(method, path)

    assert answer.status_code == 405
    assert_is_problem(answer)
    assert answer.json()["title"] == "Method Not Allowed"
    assert set(answer["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "multipart/form-data"]
)
def test_a_body_that_is_not_said_to_be_json_is_415(content_type: str) -> None:
    answer = make_caller(make_client()).generic("PUT", POLICY, "{}", content_type=content_type)

    assert answer.status_code == 415
    assert_is_problem(answer)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/merge-patch+json"])
def test_a_body_that_is_some_json_is_read(content_type: str) -> None:
    car = make_parked_car()

    answer = make_caller(car.driver.client).generic(
        "PUT", f"/api/vehicles/{car.public_id}/smart-charging-policy", "{}", content_type=content_type
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("size", [json_body.MAX_BODY_BYTES, 3_000_000], ids=["above ours", "above Django's"])
def test_a_body_that_is_too_large_is_413(size: int) -> None:
    answer = send(make_caller(make_client()), "PUT", POLICY, '{"a": "' + "x" * size + '"}')

    assert answer.status_code == 413
    assert_is_problem(answer)


BROKEN = [
    b"{", b"{]", b"{'a': 1}", b'{"a": 1,}', b"nul", b"\xff\xfe", b'\xef\xbb\xbf{"isEnabled": false}', b'{"a": "\xff"}',
    b'{"minimumChargeLimit": NaN}', b'{"minimumChargeLimit": Infinity}', b'{"minimumChargeLimit": -Infinity}',
    b'{"minimumChargeLimit": 1e999}', b'{"minimumChargeLimit": ' + b"9" * 5000 + b"}",
    b'{"isEnabled": false, "isEnabled": true}', b"[" * 30_000, b'{"a":' * 10_000, b"\x00", b'{"deadline": "\n"}',
    '{"isEnabled": false}'.encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=[repr(body[:24]) for body in BROKEN])
def test_what_is_not_one_json_document_is_400_and_stores_nothing(body: bytes) -> None:
    car = make_parked_car()
    before = everything_stored()

    answer = send(make_caller(car.driver.client), "PUT", f"/api/vehicles/{car.public_id}/smart-charging-policy", body)

    assert answer.status_code == 400
    assert codes_of(answer) == {("JSON_INVALID", "")}
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("body", "path"),
    [('{"a": ["x", {"b": "\\u0000"}]}', "a.1.b"), ('{"a": {"\\ud800": 1}}', "a"), ('["\\udfff"]', "0")],
)
def test_text_that_cannot_be_stored_is_named_by_its_path(body: str, path: str) -> None:
    assert codes_of(send(make_caller(make_client()), "PUT", POLICY, body)) == {("TEXT_INVALID", path)}


def test_a_fault_of_ours_is_500_with_an_incident_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_values: Any) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(policies, "set_policy", fail)
    car = make_parked_car()

    answer: Any = send(
        make_caller(car.driver.client), "PUT", f"/api/vehicles/{car.public_id}/smart-charging-policy", {}
    )

    assert answer.status_code == 500
    assert_is_problem(answer)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    incident = answer.json()["detail"].split()[-1].rstrip(".")
    assert len(incident) == 32


def test_no_answer_is_kept_by_anybody_in_between() -> None:
    assert make_caller(make_driver().client).get("/api/vehicles")["Cache-Control"] == "no-store"


def test_readiness_needs_no_token_and_has_no_body() -> None:
    answer = HttpClient().get("/api/health/ready")

    assert (answer.status_code, answer.content) == (204, b"")


def test_without_a_database_nothing_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", fail)

    answer = HttpClient().get("/api/health/ready")

    assert answer.status_code == 503
    assert_is_problem(answer)


def test_a_fault_outside_the_calls_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(documentation, "openapi_document", fail)

    answer: Any = HttpClient(raise_request_exception=False).get("/api/openapi.json")

    assert answer.status_code == 500
    assert_is_problem(answer)
    assert "secret" not in answer.text
