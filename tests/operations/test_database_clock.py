"""Two clocks that disagree: cars are started by the later one, and whoever runs the server is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from charging import tasks
from charging.management.commands import guardian
from charging.models import Heartbeat, Vehicle
from charging.operations import clocks, database_clock
from charging.operations.clocks import wall_now
from charging.operations.database_clock import database_now, follow_later_clock, measured_offset
from charging.operations.guardian_snapshot import Snapshot
from tests.factories import make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def by_the_host() -> Iterator[None]:
    yield
    clocks.go_ahead_of_host(timedelta(0))


def put_database_ahead(monkeypatch: pytest.MonkeyPatch, offset: timedelta) -> None:
    monkeypatch.setattr(database_clock, "database_now", lambda: datetime.now(UTC) + offset)


def ahead_of_host() -> timedelta:
    return wall_now() - datetime.now(UTC)


def test_one_machine_agrees_with_itself() -> None:
    offset = measured_offset()

    assert offset is not None
    assert abs(offset) < MINUTE
    assert database_now().tzinfo is UTC


@pytest.mark.parametrize(
    ("offset", "followed"),
    [(HOUR, HOUR), (-HOUR, 0 * HOUR), (timedelta(seconds=3), 0 * HOUR), (13 * HOUR, 0 * HOUR)],
    ids=["host behind", "host ahead", "near enough", "beyond belief"],
)
def test_the_later_clock_is_followed(monkeypatch: pytest.MonkeyPatch, offset: timedelta, followed: timedelta) -> None:
    put_database_ahead(monkeypatch, offset)

    told = follow_later_clock()

    assert told is not None
    assert abs(told - offset) < MINUTE
    assert abs(ahead_of_host() - followed) < MINUTE


def test_clocks_that_agree_again_are_followed_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    put_database_ahead(monkeypatch, HOUR)
    follow_later_clock()
    put_database_ahead(monkeypatch, 0 * HOUR)

    follow_later_clock()

    assert abs(ahead_of_host()) < MINUTE


@pytest.mark.parametrize(("offset", "is_told"), [(HOUR, True), (-HOUR, True), (0 * HOUR, False)])
def test_a_disagreement_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, offset: timedelta, is_told: bool
) -> None:
    put_database_ahead(monkeypatch, offset)

    with caplog.at_level(logging.ERROR):
        follow_later_clock()

    assert ("disagree about the time" in caplog.text) == is_told


def test_an_answer_that_took_too_long_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put_database_ahead(monkeypatch, HOUR)
    follow_later_clock()
    put_database_ahead(monkeypatch, 0 * HOUR)
    ticks = iter((0.0, 2.0))
    monkeypatch.setattr(database_clock, "monotonic", lambda: next(ticks))

    assert follow_later_clock() is None
    assert abs(ahead_of_host() - HOUR) < MINUTE


def test_a_made_clock_is_compared_with_nothing(settings: Settings) -> None:
    settings.READYBY_NOW = datetime(2025, 12, 9, tzinfo=UTC)

    assert follow_later_clock() is None


def test_a_host_that_is_an_hour_behind_looks_at_no_car_an_hour_late(monkeypatch: pytest.MonkeyPatch) -> None:
    now = wall_now()
    car = make_vehicle(driver=make_driver(clock_wall_anchor=now, clock_own_anchor=now))
    due_at = now + HOUR / 2
    make_due(vehicle=car, due_at=due_at, own_at=due_at, next_poll_at=now + 5 * HOUR)
    put_database_ahead(monkeypatch, HOUR)

    tasks.sweep()

    assert Vehicle.objects.get().evaluation_count == 1
    told = Heartbeat.objects.get(name="sweep").clock_offset
    assert told is not None
    assert abs(told - HOUR) < MINUTE


def test_nor_does_its_guardian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardian, "close_old_connections", lambda: None)
    monkeypatch.setattr(guardian, "import_what_was_sent", lambda: None)
    monkeypatch.setattr(guardian, "refresh", lambda _snapshot: None)
    put_database_ahead(monkeypatch, HOUR)

    guardian.look(Snapshot())

    beat = Heartbeat.objects.get(name="guardian")
    assert abs(beat.at - datetime.now(UTC) - HOUR) < MINUTE


def test_commands_are_sent_by_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    put_database_ahead(monkeypatch, HOUR)

    tasks.send_commands()

    assert abs(ahead_of_host() - HOUR) < MINUTE
