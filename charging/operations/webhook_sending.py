"""Sending to receivers: one request at a time for each, tried ten times over three days (API_CONTRACT 13.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from charging.adapters.webhook_http import AddressRefused, DeliveryError
from charging.models import Webhook, WebhookDelivery
from charging.operations.clocks import wall_now
from charging.operations.webhook_mails import tell_operator
from charging.operations.webhook_queue import pending_events
from charging.operations.webhooks import post_to

WAITS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Before each attempt, counted from the one before."""

JITTER = 0.1
LEASE = timedelta(seconds=60)
GONE = 410
WARNED_AFTER = timedelta(hours=24)
"""Of failing: then the operator is told, days before the receiver is disabled."""


def next_wait(*, delivery_id: str, attempts: int) -> timedelta | None:
    """Returns how long to wait after so many attempts, None after the last; a tenth more or less, by the delivery's id.

    Receivers that fail together are thus not asked again together.
    """
    if attempts >= len(WAITS):
        return None
    digest = hashlib.sha256(f"{delivery_id} {attempts}".encode()).digest()
    share = int.from_bytes(digest[:8]) / 2**64
    return WAITS[attempts] * (1 + JITTER * (2 * share - 1))


def due_webhooks(*, at_wall: datetime) -> list[tuple[int, bool]]:
    """Returns the receivers with something to send, and whether they failed last; those that did come last."""
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=at_wall)
    due = Webhook.objects.filter(free, is_active=True, deliveries__next_attempt_at__lte=at_wall)
    rows = due.order_by(F("failing_since").asc(nulls_first=True), "pk").values_list("pk", "failing_since").distinct()
    return [(pk, failing_since is not None) for pk, failing_since in rows]


def drain(*, webhook_id: int, clock: Callable[[], datetime] = wall_now) -> int:
    """Sends what is due to one receiver, one after the other. Returns how many attempts were made.

    0 where somebody else is sending to it.
    """
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=clock())
    if not Webhook.objects.filter(free, pk=webhook_id, is_active=True).update(busy_until=clock() + LEASE):
        return 0
    count = 0
    try:
        while (delivery := _next_due(webhook_id, clock())) is not None:
            Webhook.objects.filter(pk=webhook_id).update(busy_until=clock() + LEASE)
            attempt(delivery=delivery, at_wall=clock())
            count += 1
    finally:
        Webhook.objects.filter(pk=webhook_id).update(busy_until=None)
    return count


def _next_due(webhook_id: int, at_wall: datetime) -> WebhookDelivery | None:
    due = WebhookDelivery.objects.filter(
        webhook_id=webhook_id, webhook__is_active=True, next_attempt_at__lte=at_wall
    ).select_related("webhook")
    return due.order_by("next_attempt_at", "pk").first()


def attempt(*, delivery: WebhookDelivery, at_wall: datetime) -> bool:
    """Sends a delivery once and writes down what came of it. Returns whether it was taken."""
    webhook = delivery.webhook
    events = delivery.events.order_by("pk").values_list("body", flat=True)
    body = f"[{','.join(events)}]".encode()
    try:
        answer = post_to(webhook=webhook, delivery_id=delivery.public_id, body=body, at_wall=at_wall)
        status, told = answer.status, f"HTTP {answer.status}"
    except (AddressRefused, DeliveryError) as fault:
        status, told = 0, str(fault)
    is_taken = 200 <= status < 300
    delivery.attempts += 1
    delivery.last_answer = told[:200]
    delivery.delivered_at = at_wall if is_taken else None
    wait = None if is_taken else next_wait(delivery_id=str(delivery.public_id), attempts=delivery.attempts)
    delivery.next_attempt_at = None if wait is None else at_wall + wait
    delivery.save(update_fields=["attempts", "last_answer", "delivered_at", "next_attempt_at"])
    _note(webhook, delivery, at_wall, status)
    return is_taken


def _note(webhook: Webhook, delivery: WebhookDelivery, at_wall: datetime, status: int) -> None:
    """Keeps count of the receiver: one that is gone, or takes nothing in ten attempts, is sent nothing any more."""
    known = Webhook.objects.filter(pk=webhook.pk)
    if delivery.delivered_at is not None:
        known.update(last_success_at=at_wall, last_sent_at=at_wall, failing_since=None, warned_at=None)
        return
    webhook.failing_since = webhook.failing_since or at_wall
    known.update(last_sent_at=at_wall, failing_since=webhook.failing_since)
    was_last = delivery.next_attempt_at is None
    idle = Q(last_success_at__isnull=True) | Q(last_success_at__lt=delivery.created_at)
    if status == GONE or (was_last and known.filter(idle).exists()):
        known.update(is_active=False)
        webhook.is_active = False
        _tell_operator(webhook, delivery)
    elif webhook.warned_at is None and at_wall - webhook.failing_since >= WARNED_AFTER:
        known.update(warned_at=at_wall)
        _tell_operator(webhook, delivery)


def _tell_operator(webhook: Webhook, delivery: WebhookDelivery) -> None:
    tell_operator(webhook=webhook, answer=delivery.last_answer, pending_events=pending_events(webhook=webhook))
