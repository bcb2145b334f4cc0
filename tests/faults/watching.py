"""What a scenario waits for: that cars are looked at, that a job has run, that the web answers."""

from __future__ import annotations

import contextlib
from collections import Counter

from django.db import Error, connection
from django.db.models import Sum

from charging.models import Heartbeat, Vehicle
from charging.operations.clients import Credentials
from tests.faults import fleet, invariants, record
from tests.faults.installation import Installation
from tests.faults.processes import wait_for

START_SECONDS = 120
FIRST_LOOK_SECONDS = 30
"""RELIABILITY G6: cars are looked at so soon after a broker has died, and after it has come back."""


def make_busy_fleet(cars: int = 6, seed: int = 1) -> Credentials:
    """Cars at sixty times the pace: some of them are always due. Returns what their client signs in with."""
    credentials = fleet.make_client()
    vehicles = fleet.make_fleet(credentials.client, cars=cars, seed=seed, fast_share=1)
    record.begin()
    fleet.start_clocks(vehicles)
    return credentials


def looks() -> int:
    """How often cars were looked at so far."""
    return Vehicle.objects.aggregate(sum=Sum("evaluation_count"))["sum"] or 0


def sweeps() -> int:
    """How often the job was done to its end."""
    return Heartbeat.objects.filter(name="sweep").values_list("count", flat=True).first() or 0


def next_look(seconds: float, what: str) -> float:
    """The seconds until cars were looked at once more."""
    before = looks()
    return wait_for(lambda: looks() > before, seconds=seconds, what=f"cars are looked at {what}")


def next_sweep(seconds: float, what: str) -> float:
    before = sweeps()
    return wait_for(lambda: sweeps() > before, seconds=seconds, what=f"a sweep ends {what}")


def answers(it: Installation, path: str, seconds: float, status: int) -> float:
    """The seconds until the web answers with `status`, and never with 500 meanwhile."""
    seen: Counter[int] = Counter()

    def is_so() -> bool:
        got = it.readyby.status(path)
        seen[got] += 1
        assert got != 500, f"{path} answered {got}"
        return got == status

    return wait_for(is_so, seconds=seconds, what=f"{path} answers {status}, not {dict(seen)}", every=0.3)


def database_answers() -> bool:
    with contextlib.suppress(Error):
        connection.close()
        connection.ensure_connection()
        return True
    return False


def assert_no_breach(it: Installation) -> None:
    """Ends everything but the database, so that nothing moves, and asks every invariant."""
    for started in it.processes.started:
        if started is not it.postgres.server:
            started.end()
    breaches = invariants.breaches()
    assert not breaches, breaches


def forget_connection() -> None:
    """Before the database goes: the next question opens another connection."""
    connection.close()
