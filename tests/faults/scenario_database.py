"""F6 and F23: without its database Readyby says so, sends nothing, and goes on by itself."""

from __future__ import annotations

import contextlib
import time

from django.db import connection

from charging.models import Vehicle
from tests.faults import watching
from tests.faults.driving import make_token
from tests.faults.installation import Installation
from tests.faults.watching import START_SECONDS, answers, next_look

AGAIN_SECONDS = 60
PIECE = bytes(65536)
CALL = "/api/vehicles"


def postgres_dies(it: Installation) -> dict[str, float]:
    """F6: stopped at once, killed, and every connection cut, while cars live and people ask."""
    _start(it)
    found = {"first look": next_look(START_SECONDS, "at first")}
    for name, strike in {"stopped": it.postgres.stop, "killed": it.postgres.kill}.items():
        connection.close()
        strike()
        found[f"{name}: 503 after"] = answers(it, CALL, 30, 503)
        assert it.readyby.status("/livez") == 200
        time.sleep(3)
        it.postgres.start()
        found[f"{name}: answers again"] = answers(it, CALL, 60, 200)
        found[f"{name}: looks again"] = next_look(AGAIN_SECONDS, f"after it was {name}")
    for _ in range(5):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = %s",
                ["readyby"],
            )
        time.sleep(0.5)
    found["cut off: looks again"] = next_look(AGAIN_SECONDS, "after every connection was cut")
    watching.assert_no_breach(it)
    return found


def disk_full(it: Installation) -> dict[str, float]:
    """F23: the disk of the database is full for a while; what was answered before is still there after."""
    _start(it)
    found = {"first look": next_look(START_SECONDS, "at first")}
    filler = it.folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(PIECE)
    cars, statuses = Vehicle.objects.count(), set()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        statuses.add(it.readyby.status(CALL))
        time.sleep(0.5)
    assert 500 not in statuses, statuses
    filler.unlink()
    if not watching.database_answers():
        it.postgres.start()
    found["looks again"] = next_look(AGAIN_SECONDS, "when there is room again")
    assert Vehicle.objects.count() == cars
    watching.assert_no_breach(it)
    return found


def _start(it: Installation) -> None:
    credentials = watching.make_busy_fleet()
    it.redis.start()
    it.readyby.web()
    it.readyby.worker()
    it.readyby.beat()
    answers(it, "/livez", START_SECONDS, 200)
    it.readyby.token = make_token(it.readyby, credentials)
