"""Sending to receivers: one request at a time for each, tried ten times over three days (API_CONTRACT 13.4).

One that has failed three times in a row is down as a whole: one delivery after the other tries whether it is back, the
others wait. Such a try uses up no attempt of the delivery while others could have been tried in its place. A delivery
that fails although the receiver took others meanwhile says nothing of the receiver, and is tried ten times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from charging.adapters.outside_address import AddressRefused
from charging.adapters.webhook_http import DeliveryError
from charging.models import Webhook, WebhookDelivery
from charging.operations.clocks import wall_now
from charging.operations.failpoints import reach
from charging.operations.webhook_mails import tell_operator
from charging.operations.webhook_queue import pending_events
from charging.operations.webhooks import NOT_FAILING, post_to

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
DOWN_AFTER = 3
"""Failures in a row, of whichever deliveries."""

MOST_FAILURES = DOWN_AFTER + len(WAITS) - 1
"""In a row, the last ones as far apart as the attempts of a delivery: about three days."""

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
    """Returns the receivers with something to send, and whether they failed last; those that did come last.

    Those that took something lately come first: others may prove to be dead.
    """
    free = _at_the_latest("busy_until", at_wall) & _at_the_latest("resumes_at", at_wall)
    due = Webhook.objects.filter(free, is_active=True, deliveries__next_attempt_at__lte=at_wall)
    order = (F("failing_since").asc(nulls_first=True), F("last_success_at").desc(nulls_last=True), "pk")
    rows = due.order_by(*order).values_list("pk", "failing_since", "last_success_at").distinct()
    return [(pk, failing_since is not None) for pk, failing_since, _last_success_at in rows]


def _at_the_latest(name: str, at_wall: datetime) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": at_wall})


def drain(*, webhook_id: int, clock: Callable[[], datetime] = wall_now) -> int:
    """Sends what is due to one receiver, one after the other. Returns how many attempts were made.

    0 where somebody else is sending to it. It ends with the first failure of one that did not fail before: what it
    is sent next must keep no thread from those that answer.
    """
    free = _at_the_latest("busy_until", clock())
    if not Webhook.objects.filter(free, pk=webhook_id, is_active=True).update(busy_until=clock() + LEASE):
        return 0
    count = 0
    try:
        reach("webhooks:leased")
        while (delivery := _next_due(webhook_id, clock())) is not None:
            Webhook.objects.filter(pk=webhook_id).update(busy_until=clock() + LEASE)
            was_failing = delivery.webhook.failing_since is not None
            is_taken = attempt(delivery=delivery, at_wall=clock())
            count += 1
            if not is_taken and not was_failing:
                break
    finally:
        Webhook.objects.filter(pk=webhook_id).update(busy_until=None)
    return count


def _next_due(webhook_id: int, at_wall: datetime) -> WebhookDelivery | None:
    """The delivery that waits longest. One that was tried in vain goes to the end: none keeps all others back."""
    resumed = _at_the_latest("webhook__resumes_at", at_wall)
    due = WebhookDelivery.objects.filter(
        resumed, webhook_id=webhook_id, webhook__is_active=True, next_attempt_at__lte=at_wall
    )
    return due.select_related("webhook").order_by("next_attempt_at", "pk").first()


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
    reach("webhooks:sent")
    is_taken = 200 <= status < 300
    is_idle = not is_taken and _took_nothing_since(delivery)
    delivery.attempts += not (is_idle and _is_down(webhook) and _others_wait(delivery))
    delivery.last_answer = told[:200]
    delivery.delivered_at = at_wall if is_taken else None
    wait = None if is_taken else next_wait(delivery_id=str(delivery.public_id), attempts=delivery.attempts)
    delivery.next_attempt_at = None if wait is None else at_wall + wait
    delivery.save(update_fields=["attempts", "last_answer", "delivered_at", "next_attempt_at"])
    _note(delivery, at_wall, is_gone=status == GONE, is_idle=is_idle)
    return is_taken


def _is_down(webhook: Webhook) -> bool:
    return webhook.failures >= DOWN_AFTER


def _took_nothing_since(delivery: WebhookDelivery) -> bool:
    """Whether the receiver has taken nothing at all since the delivery was made."""
    took_some = Webhook.objects.filter(pk=delivery.webhook_id, last_success_at__gte=delivery.created_at)
    return not took_some.exists()


def _others_wait(delivery: WebhookDelivery) -> bool:
    waiting = WebhookDelivery.objects.filter(webhook_id=delivery.webhook_id, next_attempt_at__isnull=False)
    return waiting.exclude(pk=delivery.pk).exists()


def _resumes_at(webhook: Webhook, at_wall: datetime) -> datetime | None:
    """When the next delivery is tried at a receiver that is down; None for one that is not."""
    if not _is_down(webhook):
        return None
    wait = next_wait(delivery_id=str(webhook.public_id), attempts=webhook.failures - DOWN_AFTER + 1)
    return None if wait is None else at_wall + wait


def _note(delivery: WebhookDelivery, at_wall: datetime, *, is_gone: bool, is_idle: bool) -> None:
    """Keeps count of the receiver: one that is gone, or takes nothing for three days, is sent nothing any more."""
    webhook = delivery.webhook
    known = Webhook.objects.filter(pk=webhook.pk)
    if delivery.delivered_at is not None:
        known.update(last_success_at=at_wall, last_sent_at=at_wall, **NOT_FAILING)
        return
    webhook.failing_since = webhook.failing_since or at_wall
    if is_idle:
        webhook.failures += 1
        webhook.resumes_at = _resumes_at(webhook, at_wall)
    names = ("failing_since", "failures", "resumes_at")
    known.update(last_sent_at=at_wall, **{name: getattr(webhook, name) for name in names})
    was_last = delivery.next_attempt_at is None
    if is_gone or (is_idle and (was_last or webhook.failures >= MOST_FAILURES)):
        known.update(is_active=False)
        webhook.is_active = False
        _tell_operator(webhook, delivery)
    elif webhook.warned_at is None and at_wall - webhook.failing_since >= WARNED_AFTER:
        known.update(warned_at=at_wall)
        _tell_operator(webhook, delivery)


def _tell_operator(webhook: Webhook, delivery: WebhookDelivery) -> None:
    tell_operator(webhook=webhook, answer=delivery.last_answer, pending_events=pending_events(webhook=webhook))
