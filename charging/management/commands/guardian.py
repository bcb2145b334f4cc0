"""`manage.py guardian`: sweeps without a broker, and lets every held car charge that nobody starts in time.

Two may run. The sweeping is a process of its own, so whatever breaks there does not reach the watching here. While the
database is away it starts the cars of its snapshot whose hour has come.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections, connection

from charging.management.commands.sweep import stopped_by_signals
from charging.operations.clocks import wall_now
from charging.operations.database_clock import follow_later_clock
from charging.operations.guardian_journal import import_journal
from charging.operations.guardian_looks import Looks
from charging.operations.guardian_snapshot import Snapshot
from charging.operations.guarding import guard
from charging.operations.guarding_alone import start_without_database
from charging.operations.sweep import beat

log = structlog.get_logger(__name__)

STOPPING_TAKES = 20
"""Seconds that a sweep has to come to its end."""
LAST_LOOK_TAKES = 5
"""Seconds that a look has: what it sent is written down."""


class Command(BaseCommand):
    help = "Sweep without a broker, and let held cars charge that nobody starts in time, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=15, help="pause between two looks in seconds (15)")
        parser.add_argument("--data-dir", help="its own folder (read by manage.py, before READYBY_DATA_DIR)")

    def handle(self, *_args: Any, every: float, **_options: Any) -> None:
        if connection.vendor == "sqlite":
            raise CommandError("With SQLite the one process guards its cars itself: no guardian is needed.")
        stop, looks = stopped_by_signals(), looks_of(Snapshot())
        sweeper = start_sweeper(every)
        try:
            while not stop.wait(every):
                if sweeper.poll() is not None:
                    log.error("sweeping ended by itself and is started again", exit_code=sweeper.returncode)
                    sweeper = start_sweeper(every)
                looks.turn(at=monotonic())
        finally:
            end(sweeper)
            looks.finish(LAST_LOOK_TAKES)


def start_sweeper(every: float) -> subprocess.Popen[bytes]:
    """A process that sweeps every so many seconds, until it is told to stop or this one has gone."""
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep", "--every", str(every)]
    return subprocess.Popen([*program, "--child-of", str(os.getpid())])  # noqa: S603 - this program itself


def end(sweeper: subprocess.Popen[bytes]) -> None:
    """Lets the sweeping come to its end; one that takes too long is ended where it stands, as a lost power would."""
    sweeper.terminate()
    try:
        sweeper.wait(STOPPING_TAKES)
    except subprocess.TimeoutExpired:
        log.warning("sweeping did not come to its end and is killed")
        sweeper.kill()
        sweeper.wait()


def looks_of(snapshot: Snapshot) -> Looks:
    """The looks of this guardian, each by a thread that may be kept waiting for ever."""
    return Looks(partial(look, snapshot), start_alone)


def look(snapshot: Snapshot) -> None:
    """Releases whom nobody starts, with the database or without. One that is away is tried again at the next look."""
    close_old_connections()
    try:
        import_what_was_sent()
        offset = follow_later_clock()
        guard(at_wall=wall_now())
        beat(name="guardian", at_wall=wall_now(), clock_offset=offset)
        refresh(snapshot)
    except Error:
        log.exception("the guardian cannot reach the database")
        connection.close()
        start_alone()


def import_what_was_sent() -> None:
    """Takes the journal into the ledger; a folder that cannot be read keeps nobody from guarding."""
    try:
        import_journal(at_wall=wall_now())
    except OSError:
        log.exception("the guardian cannot read its journal")


def refresh(snapshot: Snapshot) -> None:
    """Writes down who is held now."""
    try:
        snapshot.refresh()
    except OSError:
        log.exception("the guardian cannot write its snapshot: without the database it would start nobody")


def start_alone() -> None:
    """Starts whose hour has come, as far as the snapshot knows."""
    try:
        start_without_database(at_wall=wall_now())
    except OSError:
        log.exception("the guardian cannot write its journal, so it sends nothing")
