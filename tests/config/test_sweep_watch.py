"""One-process mode ends where the sweeping is silent, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from charging.models import Heartbeat
from config import embedded, sweep_watch
from config.sweep_watch import PATIENCE, watch_until_silent
from tests.factories import NOW, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db


class Turns(Event):
    """Is set after so many looks; at each of them something may happen."""

    def __init__(self, most: int, each: Callable[[int], None] = lambda _look: None) -> None:
        super().__init__()
        self.looks, self.most, self.each = 0, most, each

    def wait(self, _timeout: float | None = None) -> bool:
        self.looks += 1
        self.each(self.looks)
        return self.looks > self.most


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of the test holds its rows."""
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(sweep_watch, "wall_now", lambda: NOW)


def beat(minutes_ago: int) -> None:
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": NOW - timedelta(minutes=minutes_ago)})


def test_it_ends_when_no_sweep_has_ended_for_some_looks() -> None:
    beat(minutes_ago=3)
    turns = Turns(most=100)

    watch_until_silent(turns)

    assert turns.looks == PATIENCE


def test_one_sweep_in_between_begins_the_count_anew() -> None:
    turns = Turns(most=2 * PATIENCE, each=lambda look: beat(0 if look == PATIENCE else 3))

    watch_until_silent(turns)

    assert turns.looks == 2 * PATIENCE


def test_cars_that_wait_while_sweeps_end_are_no_reason() -> None:
    beat(minutes_ago=0)
    make_due(vehicle=make_vehicle(driver=make_driver()), due_at=NOW - timedelta(hours=1))
    turns = Turns(most=3 * PATIENCE)

    watch_until_silent(turns)

    assert turns.looks == 3 * PATIENCE + 1


def test_a_database_that_is_away_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("gone")

    turns = Turns(most=3 * PATIENCE)
    with monkeypatch.context() as away:
        away.setattr(BaseDatabaseWrapper, "cursor", fail)
        watch_until_silent(turns)

    assert turns.looks == 3 * PATIENCE + 1


def test_when_the_watch_ends_the_process_does() -> None:
    beat(minutes_ago=3)
    stop, failed = Event(), Event()

    embedded.start_part("watch", lambda: watch_until_silent(Turns(most=100)), stop=stop, failed=failed).join(60)

    assert (stop.is_set(), failed.is_set()) == (True, True)
