"""F7, F25 and F26: two beats or none, a worker that grows too large, and a release under load."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

from charging.models import Command
from charging.operations.clocks import wall_now
from charging.operations.figures import load_sweeping
from tests.faults import record, watching
from tests.faults.driving import Drivers, make_token
from tests.faults.fleet import make_client, make_fleet, start_clocks
from tests.faults.installation import Installation
from tests.faults.killing import children_of
from tests.faults.processes import Started, wait_for
from tests.faults.watching import START_SECONDS, answers, next_look, next_sweep

MOST_LAG_SECONDS = 90
RELEASES = 20


def two_beats_or_none(it: Installation) -> dict[str, float]:
    """F7: every bell rung twice, then none at all."""
    it.redis.start()
    watching.make_busy_fleet()
    it.readyby.worker()
    beats = [it.readyby.beat("beat"), it.readyby.beat("beat2")]
    found = {"first sweep": next_sweep(START_SECONDS, "at first")}
    time.sleep(30)
    found["commands with two beats"] = Command.objects.count()
    assert record.doubled() == 0
    for beat in beats:
        beat.end()
    it.readyby.guardian(every=5)
    found["first look without a beat"] = next_look(START_SECONDS, "without a beat")
    time.sleep(20)
    lag = load_sweeping(at_wall=wall_now()).lag
    found["lag without a beat"] = lag.total_seconds()
    assert lag < timedelta(seconds=MOST_LAG_SECONDS)
    watching.assert_no_breach(it)
    return found


def too_large(it: Installation) -> dict[str, float]:
    """F25: a worker whose children are always too large ends each after its task, and goes on."""
    it.redis.start()
    watching.make_busy_fleet()
    worker = it.readyby.worker("worker", "--max-memory-per-child", "1000")
    it.readyby.beat()
    found = {"first sweep": next_sweep(START_SECONDS, "at first")}
    before = set(children_of(worker))
    wait_for(lambda: not before & set(children_of(worker)), seconds=60, what="the child was replaced")
    found["next sweep"] = next_sweep(60, "by another child")
    assert worker.is_running()
    watching.assert_no_breach(it)
    return found


def releases(it: Installation) -> dict[str, float]:
    """F26: the web is reloaded and the worker replaced, again and again, while drivers call."""
    it.redis.start()
    credentials = make_client()
    cars = make_fleet(credentials.client, cars=8, seed=1)
    record.begin()
    web, worker = it.readyby.web(), it.readyby.worker()
    it.readyby.beat()
    answers(it, "/livez", START_SECONDS, 200)
    start_clocks(cars)
    drivers = Drivers(it.readyby, make_token(it.readyby, credentials), cars, seed=1)
    drivers.start()
    for number in range(RELEASES):
        worker = _release(it, web, worker, f"worker{number}", drivers)
    drivers.stop()
    assert not [status for status in drivers.answers if status >= 500], drivers.answers
    assert drivers.accepted >= RELEASES
    assert (drivers.lost(), drivers.unanswered, record.doubled()) == (0, 0, 0)
    return {"releases": RELEASES, "calls carried out": drivers.accepted, "connections refused": drivers.answers[0]}


def _release(it: Installation, web: Started, worker: Started, name: str, drivers: Drivers) -> Started:
    """One release: whoever goes ends what it does, and goes only when the next one is there. Returns the new worker."""
    before, carried_out = set(children_of(web)), drivers.accepted
    web.process.send_signal(signal.SIGHUP)
    successor = it.readyby.worker(name)
    wait_for(lambda: not before & set(children_of(web)), seconds=START_SECONDS, what="the web is replaced")
    wait_for(lambda: bool(children_of(successor)), seconds=START_SECONDS, what="the next worker is there")
    worker.end(120)
    wait_for(lambda: drivers.accepted > carried_out, seconds=START_SECONDS, what="calls are carried out")
    return successor
