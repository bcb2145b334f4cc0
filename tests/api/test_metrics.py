"""The figures as Prometheus reads them, for who has the token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as HttpClient
from django.test.utils import CaptureQueriesContext
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from charging.models import Heartbeat, MissedDeadline, VendorHealth
from charging.operations.clocks import wall_now
from tests.connections import make_connected_car
from tests.factories import (
    make_account,
    make_command,
    make_driver,
    make_due,
    make_location,
    make_parked_car,
    make_price_area,
    make_prices,
    make_vehicle,
)

pytestmark = pytest.mark.django_db

TOKEN = "a token that only Prometheus has"


@pytest.fixture(autouse=True)
def with_token(settings: Settings) -> None:
    settings.READYBY_METRICS_TOKEN = TOKEN


def scrape() -> dict[str, Metric]:
    answer = HttpClient(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(families: dict[str, Metric], sample_name: str, /, **labels: str) -> float:
    found = [
        sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == sample_name and sample.labels == labels
    ]
    assert len(found) == 1, (sample_name, labels, found)
    return float(found[0])


def test_everything_that_is_promised_is_told_under_one_prefix() -> None:
    families = scrape()

    assert set(families) == {
        f"readyby_{name}"
        for name in (
            *("sweep_lag_seconds", "due_rows", "vehicles", "vehicles_held", "held_without_valid_plan"),
            *("open_commands", "heartbeat_age_seconds", "price_age_seconds", "prices_of_tomorrow_late"),
            *("telemetry_age_seconds", "outbox_oldest_seconds", "webhook_oldest_seconds", "webhooks_failing"),
            *("webhook_fail", "auth_fail", "deadline_missed", "breaker_state", "services_not_answering"),
            "clock_offset_seconds",
        )
    }
    assert families["readyby_deadline_missed"].type == "counter"
    assert families["readyby_telemetry_age_seconds"].type == "histogram"


def test_the_values_are_those_of_the_rows() -> None:
    now = wall_now()
    car = make_vehicle(driver=make_driver(), view={"observed_at": now - timedelta(minutes=20)})
    make_due(vehicle=car, due_at=now - timedelta(minutes=5))
    make_command(vehicle=car, status="ACCEPTED")
    MissedDeadline.objects.create(reason="FINISHED_LATE", at=now)
    make_location(driver=car.driver)
    make_prices(area=make_price_area(), day_start=now - timedelta(hours=2), prices=["0.1"])
    Heartbeat.objects.create(name="sweep", at=now - timedelta(seconds=30), clock_offset=timedelta(hours=-1))
    Heartbeat.objects.create(name="listener", at=now)

    told = scrape()

    assert value(told, "readyby_sweep_lag_seconds") == pytest.approx(300, abs=30)
    assert value(told, "readyby_due_rows") == 1
    assert value(told, "readyby_open_commands", status="ACCEPTED") == 1
    assert value(told, "readyby_open_commands", status="SENDING") == 0
    assert value(told, "readyby_deadline_missed_total", reason="FINISHED_LATE") == 1
    assert value(told, "readyby_price_age_seconds", area="NO2") == pytest.approx(7200, abs=30)
    assert value(told, "readyby_prices_of_tomorrow_late", area="NO2") == 0
    assert value(told, "readyby_heartbeat_age_seconds", name="sweep") == pytest.approx(30, abs=30)
    assert value(told, "readyby_clock_offset_seconds", name="sweep") == -3600
    assert value(told, "readyby_telemetry_age_seconds_bucket", le="900.0") == 0
    assert value(told, "readyby_telemetry_age_seconds_bucket", le="1800.0") == 1
    assert value(told, "readyby_telemetry_age_seconds_bucket", le="+Inf") == 1
    assert value(told, "readyby_telemetry_age_seconds_sum") == pytest.approx(1200, abs=30)


def test_nobody_is_named() -> None:
    car = make_parked_car()

    text = HttpClient(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics").text

    for private in (str(car.public_id), car.driver.external_id, "Home", "58.1467"):
        assert private not in text


def queries_of_a_scrape() -> int:
    with CaptureQueriesContext(connection) as queries:
        scrape()
    return len(queries)


def test_a_fleet_is_scraped_with_as_many_queries_as_one_car() -> None:
    make_due(vehicle=make_parked_car())
    before = queries_of_a_scrape()

    for _ in range(4):
        car = make_parked_car()
        make_due(vehicle=car)
        make_command(vehicle=car)

    assert queries_of_a_scrape() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer another"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer \u00e9"},
    ],
    ids=["none", "another", "empty", "basic", "bare", "not ASCII"],
)
def test_without_the_token_nothing_is_told(headers: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = HttpClient(headers=headers).get("/metrics")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "readyby_" not in answer.text
    assert len(queries) == 0


def test_staff_have_no_other_way_to_it() -> None:
    browser = HttpClient()
    browser.force_login(make_account(is_staff=True, is_superuser=True))

    assert browser.get("/metrics").status_code == 401


def test_without_a_token_in_the_settings_there_is_no_such_page(settings: Settings) -> None:
    settings.READYBY_METRICS_TOKEN = ""

    for headers in ({}, {"Authorization": "Bearer "}):
        assert HttpClient(headers=headers).get("/metrics").status_code == 404


@pytest.mark.parametrize(("silent", "state"), [(1, 0.0), (2, 1.0)])
def test_a_kind_of_service_is_down_when_most_of_them_do_not_answer(silent: int, state: float) -> None:
    cars = [make_connected_car(driver=make_driver()) for _ in range(3)]
    make_vehicle(driver=cars[0].driver)
    for car in cars[:silent]:
        for operation in ("read", "start"):
            VendorHealth.objects.create(
                vendor="home_assistant", operation=operation, failures=3, rests_until=wall_now(),
                driver=car.driver, connection=car.connected.connection,
            )  # fmt: skip

    families = scrape()

    assert value(families, "readyby_breaker_state", vendor="home_assistant") == state
    assert value(families, "readyby_services_not_answering", vendor="home_assistant") == silent
    assert value(families, "readyby_breaker_state", vendor="simulator") == 0
