"""The periodic job of webhooks: it needs the form of the wire, so it lives here."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from charging.api.webhook_events import envelope_of
from charging.operations import webhook_queue, webhook_threads
from charging.operations.clocks import wall_now


@shared_task
def send_webhooks(**_: Any) -> None:
    """Queues what happened for those who want to know, and begins to send what is due."""
    now = wall_now()
    webhook_queue.spread(envelope_of=envelope_of, at_wall=now)
    webhook_queue.beat_hearts(at_wall=now)
    webhook_queue.bundle(at_wall=now)
    webhook_threads.start_due(at_wall=now)
