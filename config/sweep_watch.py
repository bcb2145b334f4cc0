"""One-process mode: where the sweeping has fallen silent the process ends, for whoever supervises it to start anew.

There is no broker to lose there, but a thread may hang for ever: on a disk, in a lock, in a library.
"""

from __future__ import annotations

from threading import Event

import structlog
from django.db import connection

from charging.operations.clocks import wall_now
from charging.operations.service_health import look_at_service

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 30.0
PATIENCE = 4
"""So many looks in a row must find it silent: a machine that has just woken needs a moment to sweep again."""


def watch_until_silent(stop: Event, *, every_seconds: float = LOOK_EVERY_SECONDS) -> None:
    """Looks again and again until `stop` is set, or until no sweep has ended for PATIENCE looks.

    Cars that wait although sweeps end are no reason, and a database that does not answer is none either: to start anew
    would help neither.
    """
    silent_looks = 0
    while not stop.wait(every_seconds):
        is_silent = "sweep_heartbeat" in look_at_service(at_wall=wall_now()).faults
        connection.close()
        silent_looks = silent_looks + 1 if is_silent else 0
        if silent_looks >= PATIENCE:
            log.critical("no sweep has ended for minutes")
            return
