"""Places at which this process can be made to fail on purpose, so that tests find what would be lost there.

Nothing is armed unless a test or READYBY_FAILPOINT arms it, and the variable is refused on a server that is in use.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured

POINTS = {
    "claims:taken": "cars are taken, none is looked at yet",
    "telemetry:read": "a car has answered, nothing of that is stored",
    "evaluation:decided": "it is decided, nothing is written",
    "evaluation:written": "everything is written, nothing is committed",
    "evaluation:committed": "a command is intended, and not sent",
    "outbox:told": "a message lies in the outbox, in an open transaction",
    "sending:leased": "the lease on a command is taken, the car was not asked",
    "sending:sent": "the car has the command, nobody knows",
    "sending:noted": "the answer is written, not committed",
    "renewal:taken": "the car has a longer hold, nobody knows",
    "releasing:intended": "the release is in the ledger, the car was not asked",
    "releasing:sent": "the car has the release, nobody knows",
    "webhooks:queued": "events lie in a receiver's queue, not committed",
    "webhooks:bundled": "a delivery is made, not committed",
    "webhooks:leased": "the receiver is taken, nothing was sent",
    "webhooks:sent": "the receiver has the delivery, nobody knows",
    "calls:begun": "a call under a key is noted, nothing of it is done",
    "calls:worked": "the work of a call under a key is done, its answer is not kept",
    "calls:kept": "the answer to a call under a key is kept, the caller has none",
}
"""By name: what the moment is."""


class Way(StrEnum):
    RAISE = "raise"
    KILL = "kill"


class PlantedError(Exception):
    """What is raised at a point that was armed with Way.RAISE."""


_armed: dict[str, Way] = {}


def reach(point: str) -> None:
    """Fails here if the point is armed, the first time only. Else this costs a look at an empty dictionary."""
    if _armed and (way := _armed.pop(point, None)) is not None:
        if way is Way.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        raise PlantedError(point)


def arm(point: str, way: Way) -> None:
    """Lets this process fail at `point` once. Raises KeyError for a point that there is not."""
    POINTS[point]
    _armed[point] = way


def disarm() -> list[str]:
    """Lets nothing fail any more. Returns the points that were armed and not reached."""
    left = sorted(_armed)
    _armed.clear()
    return left


def arm_as_told(told: str, *, is_debug: bool) -> None:
    """Arms what the variable names, as in `sending:sent:kill`. Raises ImproperlyConfigured unless debugging."""
    if not is_debug:
        raise ImproperlyConfigured("READYBY_FAILPOINT is for tests: it needs READYBY_DEBUG.")
    point, _, way = told.rpartition(":")
    if point not in POINTS or way not in set(Way):
        raise ImproperlyConfigured(f"READYBY_FAILPOINT must be one of {', '.join(POINTS)}, then :raise or :kill.")
    arm(point, Way(way))
