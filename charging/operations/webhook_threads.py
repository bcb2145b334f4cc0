"""Threads that send to receivers: those that answer never wait for those that do not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

import structlog
from django.db import close_old_connections, connection, connections

from charging.operations import webhook_sending

log = structlog.get_logger(__name__)

THREADS = {"sqlite": (3, 1)}
"""For receivers that answer and for those that failed last, where the database bears few writers at once."""
MANY_THREADS = (32, 8)

_busy: set[int] = set()
_lock = threading.Lock()


def start_due(*, at_wall: datetime) -> int:
    """Begins to send to every receiver with something to send, and waits for none. Returns how many were begun.

    Those that failed last have threads of their own, so that however many there are the others are sent to at once.
    """
    count = 0
    for webhook_id, is_failing in webhook_sending.due_webhooks(at_wall=at_wall):
        with _lock:
            if webhook_id in _busy:
                continue
            _busy.add(webhook_id)
        _pools()[is_failing].submit(_drain, webhook_id)
        count += 1
    return count


@cache
def _pools() -> tuple[ThreadPoolExecutor, ThreadPoolExecutor]:
    """The threads for receivers that answer, and those for the others; made when first needed."""
    healthy, failing = THREADS.get(connection.vendor, MANY_THREADS)
    return ThreadPoolExecutor(healthy, "webhooks"), ThreadPoolExecutor(failing, "failing-webhooks")


def is_idle() -> bool:
    """Whether nothing is being sent."""
    with _lock:
        return not _busy


def _drain(webhook_id: int) -> None:
    try:
        close_old_connections()
        webhook_sending.drain(webhook_id=webhook_id)
    except Exception:
        log.exception("webhook not sent", webhook=webhook_id)
    finally:
        connections.close_all()
        with _lock:
            _busy.discard(webhook_id)
