"""A worker that is given nothing while cars wait is started anew; one that works, or has nothing to do, never is."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from celery.worker import state
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings

from charging.models import Due
from config import worker_watch
from config.celery import app
from config.worker_watch import HELPS_FOR_LOOKS, HELPS_FROM, PATIENCE, Watch, WatchStep, end_this_process, watch_until
from tests.factories import NOW, make_driver, make_due, make_vehicle
from tests.house.sources import ROOT

pytestmark = pytest.mark.django_db


def make_waiting_car(minutes: int = 3) -> None:
    make_due(vehicle=make_vehicle(driver=make_driver()), due_at=NOW - timedelta(minutes=minutes))


def looks(watch: Watch, *tasks_given: int) -> list[bool]:
    """Whether it is cut off after each look."""
    found = []
    for count in tasks_given:
        watch.look(tasks_given=count, at_wall=NOW)
        found.append(watch.is_cut_off)
    return found


def test_an_idle_worker_is_cut_off_once_cars_have_waited_for_some_looks() -> None:
    make_waiting_car()

    assert looks(Watch(), *[0] * PATIENCE) == [False] * (PATIENCE - 1) + [True]


def test_a_worker_that_is_given_something_is_not_cut_off_however_late_cars_are() -> None:
    make_waiting_car(minutes=600)

    assert not any(looks(Watch(), *range(1, 3 * PATIENCE)))


def test_a_worker_without_tasks_sweeps_by_itself_where_cars_wait() -> None:
    make_waiting_car(minutes=1)

    assert [Watch().look(tasks_given=count, at_wall=NOW) for count in (0, 1)] == [True, False]
    Due.objects.update(due_at=NOW - HELPS_FROM)
    assert not Watch().look(tasks_given=0, at_wall=NOW)


def test_a_worker_whose_help_was_needed_and_that_gets_no_task_is_cut_off_after_a_while() -> None:
    make_waiting_car(minutes=1)
    watch = Watch()
    watch.look(tasks_given=0, at_wall=NOW)
    Due.objects.update(due_at=NOW)

    assert looks(watch, *[0] * (HELPS_FOR_LOOKS - 1)) == [False] * (HELPS_FOR_LOOKS - 2) + [True]
    assert looks(watch, 1, 1) == [False, False]


def test_what_fails_while_it_sweeps_by_itself_ends_no_watch(
    monkeypatch: pytest.MonkeyPatch, kept_connection: None
) -> None:
    make_waiting_car()
    monkeypatch.setattr(worker_watch, "wall_now", lambda: NOW)
    monkeypatch.setattr(state, "total_count", Counter())
    programs: list[list[str]] = []

    def run(program: list[str], **_: object) -> None:
        programs.append(program[1:])
        raise subprocess.CalledProcessError(1, program)

    monkeypatch.setattr(subprocess, "run", run)

    watch_until(Event(), every_seconds=0.001, end_worker=lambda: None)

    assert programs == [[str(ROOT / "manage.py"), "sweep"]] * PATIENCE


def test_a_task_in_between_begins_the_count_anew() -> None:
    make_waiting_car()

    assert looks(Watch(), *[0] * (PATIENCE - 1), 1, *[1] * PATIENCE) == [False] * (2 * PATIENCE - 1) + [True]


def test_a_quiet_night_is_no_reason() -> None:
    make_waiting_car(minutes=1)

    assert not any(looks(Watch(), *[0] * 3 * PATIENCE))


def test_a_database_that_is_away_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    make_waiting_car()

    def fail(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)

    assert not any(looks(Watch(), *[0] * 3 * PATIENCE))


@pytest.fixture
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of the test holds its rows."""
    monkeypatch.setattr(connection, "close", lambda: None)


def test_a_worker_that_is_cut_off_is_ended_once(monkeypatch: pytest.MonkeyPatch, kept_connection: None) -> None:
    make_waiting_car()
    monkeypatch.setattr(worker_watch, "wall_now", lambda: NOW)
    monkeypatch.setattr(state, "total_count", Counter())
    monkeypatch.setattr(worker_watch, "sweep_without_bell", lambda: None)
    ended: list[str] = []

    watch_until(Event(), every_seconds=0.001, end_worker=lambda: ended.append("ended"))

    assert ended == ["ended"]


def test_a_worker_that_stops_is_not_looked_at_any_more() -> None:
    stopped = Event()
    stopped.set()

    watch_until(stopped, every_seconds=0.001, end_worker=lambda: pytest.fail("it stops already"))


def test_every_worker_of_a_process_of_its_own_is_watched(settings: Settings) -> None:
    settings.IS_EMBEDDED = False
    step = WatchStep(object())

    assert "config.worker_watch:WatchStep" in app.steps["worker"]
    assert step.include_if(object())
    step.start(object())
    step.stop(object())
    assert step.stopped.is_set()


def test_the_worker_of_one_process_mode_is_not(settings: Settings) -> None:
    settings.IS_EMBEDDED = True

    assert not WatchStep(object()).include_if(object())


def test_it_is_ended_as_its_supervisor_would(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda process, number: sent.append((process, number)))

    end_this_process()

    assert sent == [(os.getpid(), signal.SIGTERM)]
