"""A worker that is given nothing while cars wait looks at them by itself, and in the end stops and is started anew.

Celery's consumers have been seen to fall silent after a broker's connection was reset again and again. Nobody else can
tell that from a quiet night; the database can. Or the broker is away, or nobody rings its bells: until that is over the
cars have every worker all the same. A worker that has anything to do is never stopped by this.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
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
HELPS_FROM = timedelta(seconds=30)
"""Cars that are due for so long are looked at by a worker that was given nothing."""
HELP_TAKES_SECONDS = 120
HELPS_FOR_LOOKS = 5 * PATIENCE
"""Its help keeps cars from waiting, so that after so many looks without a task it is taken to be cut off."""


class Watch:
    """What one worker has seen so far: how many tasks it was given, and for how many looks none although cars wait."""

    def __init__(self) -> None:
        self.tasks_given = 0
        self.looks_in_vain = 0
        self.looks_since_help = 0

    def look(self, *, tasks_given: int, at_wall: datetime) -> bool:
        """Returns whether the worker should look at cars by itself. A database that is away says nothing about that."""
        is_idle, self.tasks_given = tasks_given == self.tasks_given, tasks_given
        wait = _longest_wait(at_wall) if is_idle else timedelta(0)
        is_needed = wait > HELPS_FROM
        self.looks_in_vain = self.looks_in_vain + 1 if wait > MOST_LAG else 0
        self.looks_since_help = self.looks_since_help + 1 if is_idle and (is_needed or self.looks_since_help) else 0
        return is_needed

    @property
    def is_cut_off(self) -> bool:
        """Whether the worker should be started anew."""
        return self.looks_in_vain >= PATIENCE or self.looks_since_help >= HELPS_FOR_LOOKS


def _longest_wait(at_wall: datetime) -> timedelta:
    try:
        return load_sweeping(at_wall=at_wall).lag
    except Error:
        return timedelta(0)


def watch_until(stop: Event, *, every_seconds: float, end_worker: Callable[[], None]) -> None:
    """Looks again and again until `stop` is set, or until it had to call `end_worker`."""
    watch = Watch()
    while not stop.wait(every_seconds):
        if watch.look(tasks_given=sum(state.total_count.values()), at_wall=wall_now()):
            sweep_without_bell()
        # A connection that is kept for half a minute between two looks may be gone by the next.
        connection.close()
        if watch.is_cut_off:
            log.error("worker is given nothing while cars wait", looks=watch.looks_since_help)
            end_worker()
            return


def sweep_without_bell() -> None:
    """Does once what the periodic jobs do; what fails is logged and tried again at the next look.

    In a process of its own: this one forks its children, who would be born with the locks that a thread holds.
    """
    log.warning("cars wait and no task comes: this worker sweeps by itself")
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep"]
    try:
        subprocess.run(program, check=True, timeout=HELP_TAKES_SECONDS)  # noqa: S603 - this program itself
    except (OSError, subprocess.SubprocessError):
        log.exception("sweeping without a task failed")


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
