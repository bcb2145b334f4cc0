"""`manage.py guardian`: sweeps without a broker, and lets every held car charge that nobody starts in time.

Two may run. The sweeping is a process of its own, so whatever breaks there does not reach the watching here.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import structlog
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections, connection

from charging.management.commands.sweep import stopped_by_signals
from charging.operations.clocks import wall_now
from charging.operations.guarding import guard
from charging.operations.sweep import beat

log = structlog.get_logger(__name__)

STOPPING_TAKES = 30
"""Seconds that a sweep has to come to its end."""


class Command(BaseCommand):
    help = "Sweep without a broker, and let held cars charge that nobody starts in time, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=15, help="pause between two looks in seconds (15)")

    def handle(self, *_args: Any, every: float, **_options: Any) -> None:
        if connection.vendor == "sqlite":
            raise CommandError("With SQLite the one process guards its cars itself: no guardian is needed.")
        stop = stopped_by_signals()
        sweeper = start_sweeper(every)
        while not stop.wait(every):
            if sweeper.poll() is not None:
                log.error("sweeping ended by itself and is started again", exit_code=sweeper.returncode)
                sweeper = start_sweeper(every)
            look()
        sweeper.terminate()
        sweeper.wait(STOPPING_TAKES)


def start_sweeper(every: float) -> subprocess.Popen[bytes]:
    """A process that sweeps every so many seconds."""
    return subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep", "--every", str(every)]
    )


def look() -> None:
    """Releases whom nobody starts. A database that cannot be reached is tried again at the next look."""
    close_old_connections()
    try:
        guard(at_wall=wall_now())
        beat(name="guardian", at_wall=wall_now())
    except Error:
        log.exception("the guardian cannot reach the database")
        connection.close()
