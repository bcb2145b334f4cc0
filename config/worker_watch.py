"""A worker that is given nothing while cars wait has lost its broker without noticing: it stops and is started anew.

Celery's consumers have been seen to fall silent after a broker's connection was reset again and again. Nobody else can
tell that from a quiet night; the database can. A worker that has anything to do is never stopped by this.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import Any

import structlog
from celery import bootsteps
from celery.worker import state
from django.conf import settings
from django.db import Error, connection

from charging.operations.clocks import wall_now
from charging.operations.figures import load_sweeping
from charging.operations.service_health import MOST_LAG

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 30
PATIENCE = int(MOST_LAG.total_seconds()) // LOOK_EVERY_SECONDS
"""So many looks in a row must find cars waiting and this worker with nothing to do."""


class Watch:
    """What one worker has seen so far: how many tasks it was given, and for how many looks none although cars wait."""

    def __init__(self) -> None:
        self.tasks_given = 0
        self.looks_in_vain = 0

    def is_cut_off(self, *, tasks_given: int, at_wall: datetime) -> bool:
        """Returns whether the worker should be started anew. A database that is away says nothing about that."""
        is_idle, self.tasks_given = tasks_given == self.tasks_given, tasks_given
        is_late = is_idle and _do_cars_wait(at_wall)
        self.looks_in_vain = self.looks_in_vain + 1 if is_late else 0
        return self.looks_in_vain >= PATIENCE


def _do_cars_wait(at_wall: datetime) -> bool:
    try:
        return load_sweeping(at_wall=at_wall).lag > MOST_LAG
    except Error:
        return False


def watch_until(stop: Event, *, every_seconds: float, end_worker: Callable[[], None]) -> None:
    """Looks again and again until `stop` is set, or until it had to call `end_worker`."""
    watch = Watch()
    while not stop.wait(every_seconds):
        is_cut_off = watch.is_cut_off(tasks_given=sum(state.total_count.values()), at_wall=wall_now())
        # A connection that is kept for half a minute between two looks may be gone by the next.
        connection.close()
        if is_cut_off:
            log.error("worker is given nothing while cars wait", looks=watch.looks_in_vain)
            end_worker()
            return


class WatchStep(bootsteps.StartStopStep):
    """Runs the watch beside a worker of its own process; in one-process mode there is no broker to lose."""

    # Its children are there before the thread is.
    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.stopped = Event()

    def include_if(self, parent: Any) -> bool:
        return not settings.IS_EMBEDDED

    def start(self, parent: Any) -> None:
        values = {"every_seconds": LOOK_EVERY_SECONDS, "end_worker": end_this_process}
        Thread(target=watch_until, args=(self.stopped,), kwargs=values, name="watch", daemon=True).start()

    def stop(self, parent: Any) -> None:
        self.stopped.set()


def end_this_process() -> None:
    """Stops the worker as its supervisor would: what runs comes to its end."""
    os.kill(os.getpid(), signal.SIGTERM)
