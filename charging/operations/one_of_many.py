"""Work on one of many cars: what fails there keeps no other car from its turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)

T = TypeVar("T")


def unless_it_fails(work: Callable[[], T], *, otherwise: T, **about: object) -> T:
    """Returns what `work` returns; where it fails, logs that with what it was `about` and returns `otherwise`.

    A database that is away and a time that is up are nobody's own fault: OperationalError, InterfaceError and
    SoftTimeLimitExceeded are raised as they are.
    """
    try:
        return work()
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise
    except Exception:
        log.exception("work on one of many failed", **about)
        return otherwise
