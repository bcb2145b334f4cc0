"""What supervisors and load balancers are told, and what only staff are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client as HttpClient
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.models import Connection, Heartbeat, VendorBudget, VendorHealth
from charging.operations.clocks import wall_now
from tests.admin.second_factor import sign_in_with_second_factor
from tests.api.routes import cookies_of
from tests.connections import make_connected_car, make_connection
from tests.factories import make_account, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db


def make_operator() -> HttpClient:
    """The browser of somebody who may see the admin."""
    browser = HttpClient(raise_request_exception=False)
    return sign_in_with_second_factor(browser, make_account(is_staff=True))


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
    browser = make_operator() if is_staff else HttpClient()
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


def test_staff_without_a_second_factor_are_told_no_more_than_anybody() -> None:
    sweep_now()
    make_late_car()

    assert cookies_of(make_account(is_staff=True)).get("/readyz").content == b"not ready"


def test_staff_are_told_why() -> None:
    make_late_car()

    answer: Any = make_operator().get("/readyz")

    told = answer.json()
    assert answer.status_code == 503
    assert (told["status"], told["faults"]) == ("not ready", ["sweep_lag", "sweep_heartbeat"])
    assert (told["due_rows"], told["sweep_heartbeat_age_seconds"]) == (1, None)
    assert told["sweep_lag_seconds"] >= 180


def test_staff_are_told_that_all_is_well() -> None:
    sweep_now()

    answer: Any = make_operator().get("/readyz")

    assert (answer.status_code, answer.json()["status"], answer.json()["warnings"]) == (200, "ok", [])
    assert answer.json()["sweep_heartbeat_age_seconds"] >= 0


@pytest.mark.parametrize(("seconds", "warnings"), [(-3600, ["clock_offset"]), (6, ["clock_offset"]), (-4, [])])
def test_staff_are_told_of_a_host_and_a_database_that_disagree_about_the_time(
    seconds: int, warnings: list[str]
) -> None:
    sweep_now()
    Heartbeat.objects.update(clock_offset=timedelta(seconds=seconds))

    answer: Any = make_operator().get("/readyz")

    assert (answer.status_code, answer.json()["warnings"]) == (200, warnings)
    assert answer.json()["clock_offset_seconds"] == seconds


def test_a_broker_that_is_away_changes_nothing(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    sweep_now()

    assert HttpClient().get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_probe_only_reads(path: str) -> None:
    assert HttpClient().post(path).status_code == 405


def make_silent_services() -> None:
    """Two drivers' own servers of which one does not answer, Enode for all, and budgets that are used up or were."""
    now = wall_now()
    driver, other = make_driver(), make_driver()
    make_connected_car(driver=driver, address="http://private.example:8123")
    make_connected_car(driver=other)
    silent, busy = Connection.objects.order_by("pk")
    rest = {"failures": 3, "opened_at": now, "rests_until": now + timedelta(seconds=200)}
    for operation in ("read", "start"):
        VendorHealth.objects.create(
            vendor="home_assistant", operation=operation, connection=silent, driver=driver, **rest
        )
    VendorHealth.objects.create(vendor="home_assistant", operation="stop", connection=busy, driver=other, failures=2)
    far = {**rest, "rests_until": now + timedelta(days=9)}
    VendorHealth.objects.create(
        vendor="simulator", operation="read", vehicle=make_vehicle(driver=driver), driver=driver, **far
    )
    VendorBudget.objects.create(vendor="home_assistant", connection=busy, left=12.5, at=now - timedelta(seconds=1))
    VendorBudget.objects.create(vendor="home_assistant", connection=silent, left=0, at=now - timedelta(minutes=14))
    VendorBudget.objects.create(vendor="enode", connection=None, left=1, at=now)


def test_staff_are_told_of_breakers_and_budgets_which_fail_no_readiness(settings: Settings) -> None:
    settings.READYBY_VENDOR_CALLS_PER_HOUR = {"enode": 100}
    sweep_now()
    make_silent_services()

    answer: Any = make_operator().get("/readyz")

    told = answer.json()
    assert (answer.status_code, told["status"], told["faults"]) == (200, "ok", [])
    assert told["warnings"] == ["services_down", "budgets_used_up"]
    counts = {each["kind"]: (each["count"], each["not_answering"], each["is_down"]) for each in told["services"]}
    assert counts == {"home_assistant": (2, 1, False), "simulator": (1, 1, True)}
    rests = {(each["kind"], each["operation"]): each["longest_rest_seconds"] for each in told["breakers"]}
    assert rests.keys() == {("home_assistant", "read"), ("home_assistant", "start"), ("simulator", "read")}
    assert 190 <= rests["home_assistant", "read"] <= 200
    assert rests["simulator", "read"] == 0
    assert [each["open"] for each in told["breakers"]] == [1, 1, 1]
    budgets = {(each["kind"], each["of"]): (each["calls_per_hour"], each["used_up"]) for each in told["budgets"]}
    assert budgets["home_assistant", "account"] == (240, 1)
    assert budgets["enode", "account"] == (120, 0)
    assert budgets["enode", "all"] == (100, 1)
    assert "private.example" not in answer.text


@pytest.mark.parametrize("is_driver", [False, True], ids=["nobody", "a driver"])
def test_nobody_else_is_told_of_services(is_driver: bool) -> None:
    sweep_now()
    make_silent_services()
    browser = cookies_of(make_account()) if is_driver else HttpClient()

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert not [query for query in queries if "vendorbudget" in query["sql"] or "vendorhealth" in query["sql"]]


def test_as_many_questions_for_many_services_as_for_one() -> None:
    sweep_now()
    staff = make_operator()
    make_silent_services()
    staff.get("/readyz")
    with CaptureQueriesContext(connection) as few:
        staff.get("/readyz")
    driver = make_driver()
    for number in range(5):
        connected = make_connection(driver=driver, address=f"http://127.0.0.1:{number + 2}")
        VendorBudget.objects.create(vendor="home_assistant", connection=connected, left=0, at=wall_now())

    with CaptureQueriesContext(connection) as many:
        staff.get("/readyz")

    assert len(many) == len(few)
