"""Whether this installation can do its work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from charging.models import Heartbeat
from charging.operations.service_health import (
    MOST_LAG,
    MOST_SILENCE,
    OLD_PRICES,
    does_database_answer,
    look_at_service,
)
from tests.factories import NOW, make_driver, make_due, make_location, make_price_area, make_prices, make_vehicle

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def swept() -> Heartbeat:
    return Heartbeat.objects.create(name="sweep", at=NOW - SECOND, count=1)


def make_late_car(lag: timedelta) -> None:
    make_due(vehicle=make_vehicle(driver=make_driver()), due_at=NOW - lag)


def fail_with(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(connection, "cursor", fail)


def test_it_is_ready_while_cars_are_looked_at_in_time(swept: Heartbeat) -> None:
    make_late_car(MOST_LAG)

    health = look_at_service(at_wall=NOW)

    assert (health.is_ready, health.faults, health.warnings) == (True, (), ())
    assert health.sweeping is not None
    assert health.sweeping.due_rows == 1


def test_a_car_that_waits_for_too_long_is_a_fault(swept: Heartbeat) -> None:
    make_late_car(MOST_LAG + SECOND)

    assert look_at_service(at_wall=NOW).faults == ("sweep_lag",)


@pytest.mark.parametrize(("silence", "is_ready"), [(MOST_SILENCE, True), (MOST_SILENCE + SECOND, False)])
def test_a_sweep_that_has_fallen_silent_is_a_fault(silence: timedelta, is_ready: bool) -> None:
    Heartbeat.objects.create(name="sweep", at=NOW - silence, count=1)

    assert look_at_service(at_wall=NOW).is_ready is is_ready


def test_it_is_not_ready_before_the_first_sweep() -> None:
    assert look_at_service(at_wall=NOW).faults == ("sweep_heartbeat",)


def test_a_migration_that_is_missing_is_a_fault(swept: Heartbeat) -> None:
    MigrationRecorder.Migration.objects.filter(app="charging").latest("pk").delete()

    assert look_at_service(at_wall=NOW).faults == ("migrations",)


def test_a_database_that_was_never_migrated_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationRecorder, "has_table", lambda _self: False)

    assert look_at_service(at_wall=NOW).faults == ("migrations",)


@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("closed")], ids=["gone", "closed"])
def test_a_database_that_is_away_is_the_one_fault(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(fault, monkeypatch)

    health = look_at_service(at_wall=NOW)

    assert (health.faults, health.warnings, health.sweeping) == (("database",), (), None)
    assert does_database_answer() is False


def test_a_database_that_is_there_answers() -> None:
    assert does_database_answer() is True


def test_old_prices_are_a_warning_and_no_fault(swept: Heartbeat) -> None:
    area = make_price_area()
    make_location(driver=make_driver())
    make_prices(area=area, day_start=NOW - OLD_PRICES - SECOND, prices=["0.1"])

    health = look_at_service(at_wall=NOW)

    assert (health.is_ready, health.warnings) == (True, ("price_age",))


def test_late_prices_are_a_warning_and_no_fault(swept: Heartbeat, settings: Settings) -> None:
    settings.READYBY_LIVE_PRICES = True
    make_location(driver=make_driver())

    health = look_at_service(at_wall=NOW)

    assert (health.is_ready, health.warnings) == (True, ("prices_of_tomorrow",))


def test_a_fleet_is_judged_with_as_many_queries_as_one_car(swept: Heartbeat) -> None:
    make_late_car(SECOND)
    make_location(driver=make_driver())
    with CaptureQueriesContext(connection) as one:
        look_at_service(at_wall=NOW)

    for _ in range(4):
        make_late_car(SECOND)
        make_location(driver=make_driver())

    with CaptureQueriesContext(connection) as many:
        look_at_service(at_wall=NOW)
    assert len(many) == len(one)
