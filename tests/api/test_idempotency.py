"""Repeated calls under one key, and too many calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client as HttpClient
from django.urls import resolve
from pytest_django import Settings

from charging.api import idempotent
from charging.models import Client, IdempotentCall, LinkSession, Location, Vehicle
from charging.operations import idempotency, linking
from tests.api.callers import assert_is_problem, make_caller
from tests.factories import NOW, make_client, make_driver

pytestmark = pytest.mark.django_db
CAR = {"type": "push", "vendor": "TESLA", "batteryCapacityKwh": 60, "maxChargingPowerKw": 11}
PATH = "/api/users/anna/vehicles"


def post(client: Client, key: str, body: Any = CAR, path: str = PATH) -> Any:
    headers = {"Idempotency-Key": key}
    return make_caller(client).post(path, body, content_type="application/json", headers=headers)


def test_the_same_call_does_its_work_once() -> None:
    client = make_client()

    first, again = post(client, "k"), post(client, "k")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again["Content-Type"] == "application/json"
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Vehicle.objects.count() == 1


def test_a_refusal_is_repeated_too() -> None:
    client = make_client()

    first, again = post(client, "k", {"type": "x"}), post(client, "k", {"type": "x"})

    assert (first.status_code, again.status_code, again.content) == (400, 400, first.content)
    assert again["Idempotency-Replayed"] == "true"


def test_another_body_under_the_same_key_is_refused() -> None:
    client = make_client()
    post(client, "k")

    answer = post(client, "k", CAR | {"vendor": "KIA"})

    assert answer.status_code == 422
    assert_is_problem(answer)
    assert answer.json()["type"] == "urn:readyby:problem:idempotency-key-reused"


def test_keys_are_those_of_a_client_and_a_call() -> None:
    ours, theirs = make_client(), make_client()

    answers = [post(ours, "k"), post(theirs, "k"), post(ours, "k", path="/api/users/bob/vehicles"), post(ours, "l")]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert Vehicle.objects.count() == 4


def test_a_key_counts_for_a_day() -> None:
    client = make_client()
    post(client, "k")

    with time_machine.travel(NOW + timedelta(hours=25)):
        IdempotentCall.objects.update(created_at=NOW)
        idempotency.begin_call(
            idempotency.Asked(client, "POST", PATH, "k", b"other"), at_wall=NOW + timedelta(hours=25)
        )
    assert IdempotentCall.objects.get().created_at == NOW + timedelta(hours=25)
    assert idempotency.forget_old_calls(at_wall=NOW + timedelta(hours=50)) == 1


def test_while_the_first_call_runs_the_second_waits_and_then_is_asked_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(idempotent, "WAIT_SECONDS", 0.2)
    client = make_client()
    post(client, "k")
    IdempotentCall.objects.update(status=None)

    answer = post(client, "k")

    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert_is_problem(answer)
    assert Vehicle.objects.count() == 1


def test_a_call_that_has_died_is_begun_anew() -> None:
    client = make_client()
    post(client, "k")
    IdempotentCall.objects.update(status=None, created_at=NOW - timedelta(minutes=5))

    assert post(client, "k").status_code == 200
    assert Vehicle.objects.count() == 2


def test_a_fault_of_ours_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_client()

    def fail(**_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("charging.operations.linking.link_car", fail)
        assert post(client, "k").status_code == 500
    assert post(client, "k").status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7f", "é"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    answer = post(make_client(), key)

    assert answer.status_code == 400
    assert_is_problem(answer)


def test_an_answer_that_is_remembered_lies_encrypted() -> None:
    client = make_client()
    body = {"scopes": ["vehicle:read:data"], "language": "en-US", "redirectUri": "https://a.example/"}

    first, again = (post(client, "k", body, "/api/users/anna/link") for _ in range(2))

    assert again.json() == first.json()
    assert LinkSession.objects.count() == 1
    assert first.json()["linkToken"] not in IdempotentCall.objects.get().sealed_answer


def test_without_a_token_a_key_changes_nothing() -> None:
    answer = HttpClient().post(PATH, CAR, content_type="application/json", headers={"Idempotency-Key": "k"})

    assert answer.status_code == 401
    assert not IdempotentCall.objects.exists()


def test_an_answer_without_a_body_is_repeated_without_one() -> None:
    client = make_driver().client
    caller = make_caller(client)
    headers = {"Idempotency-Key": "k"}

    answers = [
        caller.put("/api/tariffs/t", [{"name": "a", "cost": "1"}], content_type="application/json", headers=headers)
        for _ in range(2)
    ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert "Content-Type" not in answers[1]


def test_too_many_calls_in_a_minute_have_to_wait(settings: Settings) -> None:
    settings.READYBY_API_CALLS_PER_MINUTE = 3
    caller, other = make_caller(make_client()), make_caller(make_client())

    answers = [caller.get("/api/vehicles") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert_is_problem(answers[3])
    assert answers[3].json()["type"] == "urn:readyby:problem:rate-limited"
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert other.get("/api/vehicles").status_code == 200
    limited = caller.post(PATH, CAR, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert limited.status_code == 429
    assert not Location.objects.exists()
    assert not IdempotentCall.objects.exists()


def test_a_call_that_found_no_database_may_be_made_again_under_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_client()

    def fail(**_: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as away:
        away.setattr(linking, "link_car", fail)
        found_none = post(client, "k")
    again = post(client, "k")

    assert (found_none.status_code, found_none["Retry-After"]) == (503, "10")
    assert again.status_code in {200, 201}
    assert Vehicle.objects.count() == 1


NEW_KEY = "a new key that is long enough to be one"


def test_an_answer_is_repeated_after_the_former_key_is_gone(settings: Settings) -> None:
    client, old = make_client(), settings.SECRET_KEY
    first = post(client, "k")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [old]

    call_command("rotate_secrets")

    settings.SECRET_KEY_FALLBACKS = []
    assert post(client, "k").content == first.content
    assert Vehicle.objects.count() == 1


def test_an_answer_that_no_key_opens_is_said_to_be_lost_and_the_call_is_not_made_again(settings: Settings) -> None:
    client = make_client()
    post(client, "k")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, []

    call_command("rotate_secrets")
    answer = post(client, "k")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:readyby:problem:answer-lost"
    assert_is_problem(answer)
    assert Vehicle.objects.count() == 1


def test_a_call_that_was_begun_anew_meanwhile_undoes_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_client()
    link = linking.link_car

    def link_slowly(**values: Any) -> Vehicle:
        IdempotentCall.objects.all().delete()
        return link(**values)

    with monkeypatch.context() as slow:
        slow.setattr("charging.operations.linking.link_car", link_slowly)
        answer = post(client, "k")

    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert not Vehicle.objects.exists()
    assert post(client, "k").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "vehicles/{id}/charging",
        "vehicles/{id}/smart-override",
        "webhooks/{id}/test",
        "vehicles/{id}/readings",
        "readings",
    ],
)
def test_calls_that_no_transaction_waits_for_are_known_by_their_name(path: str) -> None:
    names = {resolve(f"/api/{path.format(id=UUID(int=1))}").url_name}

    assert names <= idempotent.OUTSIDE
