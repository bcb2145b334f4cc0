"""What supervisors and load balancers are told, and what only staff are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as HttpClient
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.models import Heartbeat
from charging.operations.clocks import wall_now
from tests.api.routes import cookies_of
from tests.factories import make_account, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db


def sweep_now() -> None:
    Heartbeat.objects.create(name="sweep", at=wall_now(), count=1)


def make_late_car() -> None:
    make_due(vehicle=make_vehicle(driver=make_driver()), due_at=wall_now() - timedelta(minutes=3))


def take_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection refused: secret.example")

    monkeypatch.setattr(connection, "cursor", fail)


@pytest.mark.parametrize("has_session", [False, True], ids=["nobody", "with a session"])
def test_alive_asks_no_database(has_session: bool) -> None:
    browser = cookies_of(make_account()) if has_session else HttpClient()

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/livez")

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"
    assert len(queries) == 0


def test_alive_is_said_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    take_database_away(monkeypatch)

    assert HttpClient().get("/livez").status_code == 200


def test_ready_is_one_word() -> None:
    sweep_now()

    answer = HttpClient().get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "Retry-After" not in answer


def test_not_ready_says_when_to_ask_again_and_not_why() -> None:
    sweep_now()
    make_late_car()

    answer = HttpClient().get("/readyz")

    assert (answer.status_code, answer.content, answer["Retry-After"]) == (503, b"not ready", "10")


@pytest.mark.parametrize("is_staff", [False, True], ids=["nobody", "staff"])
def test_without_a_database_nobody_is_told_more(is_staff: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = cookies_of(make_account(is_staff=True)) if is_staff else HttpClient()
    take_database_away(monkeypatch)

    answer = browser.get("/readyz")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert (answer.content == b"not ready") is not is_staff
    assert "secret" not in answer.text
    assert "faults" not in answer.text


def test_a_driver_who_is_signed_in_is_told_no_more_than_anybody() -> None:
    sweep_now()
    make_late_car()

    assert cookies_of(make_account()).get("/readyz").content == b"not ready"


def test_staff_are_told_why() -> None:
    make_late_car()

    answer: Any = cookies_of(make_account(is_staff=True)).get("/readyz")

    told = answer.json()
    assert answer.status_code == 503
    assert (told["status"], told["faults"]) == ("not ready", ["sweep_lag", "sweep_heartbeat"])
    assert (told["due_rows"], told["sweep_heartbeat_age_seconds"]) == (1, None)
    assert told["sweep_lag_seconds"] >= 180


def test_staff_are_told_that_all_is_well() -> None:
    sweep_now()

    answer: Any = cookies_of(make_account(is_staff=True)).get("/readyz")

    assert (answer.status_code, answer.json()["status"], answer.json()["warnings"]) == (200, "ok", [])
    assert answer.json()["sweep_heartbeat_age_seconds"] >= 0


def test_a_broker_that_is_away_changes_nothing(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    sweep_now()

    assert HttpClient().get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_probe_only_reads(path: str) -> None:
    assert HttpClient().post(path).status_code == 405
