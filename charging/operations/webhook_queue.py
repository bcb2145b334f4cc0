"""From what happened to what each receiver is sent: a queue for each, in the order in which things arose."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from charging.models import OutboxMessage, Webhook, WebhookDelivery, WebhookEvent
from charging.operations.batches import delete_in_batches
from charging.operations.failpoints import reach
from charging.operations.webhooks import API_VERSION

log = structlog.get_logger(__name__)

AT_ONCE = 500
MOST_EVENTS = 100
MOST_BYTES = 256 * 1000
KEEP_FOR = timedelta(days=30)
HEARTBEAT_AFTER = timedelta(hours=1)

WAITS = Q(next_attempt_at__isnull=False)
GIVEN_UP = Q(next_attempt_at__isnull=True, delivered_at__isnull=True)
"""Of deliveries: those that will be attempted, and those that will not be although nobody took them."""

Envelope = Callable[[OutboxMessage], dict[str, Any] | None]
"""The event as receivers get it; None for one that nobody is to be told of."""


def spread(*, envelope_of: Envelope, at_wall: datetime) -> int:
    """Puts new messages into the queues of the receivers that want them. Returns how many messages there were."""
    count = 0
    while (found := _spread_some(envelope_of, at_wall)) > 0:
        count += found
    return count


@transaction.atomic
def _spread_some(envelope_of: Envelope, at_wall: datetime) -> int:
    waiting = OutboxMessage.objects.filter(is_spread=False).select_for_update(of=("self",)).order_by("pk")
    messages = list(waiting.select_related("vehicle__driver")[:AT_ONCE])
    receivers: dict[int, list[Webhook]] = defaultdict(list)
    for webhook in Webhook.objects.filter(client_id__in={message.client_id for message in messages}):
        receivers[webhook.client_id].append(webhook)
    events = []
    for message in messages:
        wanting = [webhook for webhook in receivers[message.client_id] if webhook.wants(message.event)]
        body = _body_of(message, envelope_of) if wanting else None
        if body is not None:
            events += [
                WebhookEvent(webhook=webhook, body=body, created_at=at_wall, is_held=not webhook.is_active)
                for webhook in wanting
            ]
    WebhookEvent.objects.bulk_create(events)
    reach("webhooks:queued")
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(is_spread=True)
    return len(messages)


def _body_of(message: OutboxMessage, envelope_of: Envelope) -> str | None:
    """The event as JSON. A fault in one is logged: it never keeps the others from being told."""
    try:
        with transaction.atomic():
            envelope = envelope_of(message)
    except Exception:
        log.exception("event not told", outbox_message=message.pk)
        return None
    return json.dumps(envelope, separators=(",", ":")) if envelope is not None else None


def bundle(*, at_wall: datetime) -> int:
    """Puts what waits in the queues of active receivers into deliveries. Returns how many deliveries were made."""
    waiting = WebhookEvent.objects.filter(delivery__isnull=True, is_held=False, webhook__is_active=True)
    return sum(_bundle_one(pk, at_wall) for pk in waiting.order_by().values_list("webhook_id", flat=True).distinct())


@transaction.atomic
def _bundle_one(webhook_id: int, at_wall: datetime) -> int:
    Webhook.objects.select_for_update().get(pk=webhook_id)
    waiting = WebhookEvent.objects.filter(webhook_id=webhook_id, delivery__isnull=True, is_held=False).order_by("pk")
    count = 0
    while events := _first_bundle(list(waiting[:MOST_EVENTS])):
        delivery = WebhookDelivery.objects.create(webhook_id=webhook_id, created_at=at_wall, next_attempt_at=at_wall)
        WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(delivery=delivery)
        reach("webhooks:bundled")
        count += 1
    return count


def _first_bundle(events: list[WebhookEvent]) -> list[WebhookEvent]:
    """As many of the events as one request may hold, at least one."""
    size, taken = 2, 0
    for event in events:
        size += len(event.body.encode()) + 1
        if taken and size > MOST_BYTES:
            break
        taken += 1
    return events[:taken]


def beat_hearts(*, at_wall: datetime) -> int:
    """Tells receivers that have heard nothing for an hour that there is nothing. Returns how many."""
    quiet = Webhook.objects.annotate(heard_at=Coalesce("last_sent_at", "created_at"))
    count = 0
    for webhook in quiet.filter(is_active=True, heard_at__lte=at_wall - HEARTBEAT_AFTER):
        created_at = at_wall.isoformat(timespec="seconds").replace("+00:00", "Z")
        heartbeat = {"event": "system:heartbeat", "version": API_VERSION, "createdAt": created_at}
        body = json.dumps({**heartbeat, "pendingEvents": pending_events(webhook=webhook)}, separators=(",", ":"))
        WebhookEvent.objects.create(webhook=webhook, body=body, created_at=at_wall)
        Webhook.objects.filter(pk=webhook.pk).update(last_sent_at=at_wall)
        count += 1
    return count


def pending_events(*, webhook: Webhook) -> int:
    """Returns how many events wait for the receiver."""
    waits = Q(delivery__isnull=True, is_held=False) | Q(delivery__next_attempt_at__isnull=False)
    return WebhookEvent.objects.filter(waits, webhook=webhook).count()


@transaction.atomic
def replay(*, webhook: Webhook, since: datetime | None, until: datetime | None) -> int:
    """Queues once more what was not delivered and waits for nothing: given up, or held. Returns how many events."""
    lost = Q(delivery__isnull=True, is_held=True) | Q(
        delivery__delivered_at__isnull=True, delivery__next_attempt_at__isnull=True, delivery__isnull=False
    )
    events = WebhookEvent.objects.filter(lost, webhook=webhook)
    if since is not None:
        events = events.filter(created_at__gte=since)
    if until is not None:
        events = events.filter(created_at__lt=until)
    return WebhookEvent.objects.filter(pk__in=list(events.values_list("pk", flat=True))).update(
        delivery=None, is_held=False
    )


@transaction.atomic
def replay_deliveries(*, deliveries: Collection[WebhookDelivery]) -> int:
    """Queues once more what was in those of these deliveries that were given up. Returns how many events."""
    lost = WebhookDelivery.objects.filter(GIVEN_UP, pk__in=[delivery.pk for delivery in deliveries])
    return WebhookEvent.objects.filter(delivery__in=lost).update(delivery=None, is_held=False)


def forget_old_events(*, at_wall: datetime) -> int:
    """Deletes what is older than 30 days, delivered or not. Returns how many events went."""
    oldest = at_wall - KEEP_FOR
    count = delete_in_batches(WebhookEvent.objects.filter(created_at__lt=oldest))
    delete_in_batches(WebhookDelivery.objects.filter(created_at__lt=oldest))
    delete_in_batches(OutboxMessage.objects.filter(is_spread=True, created_at__lt=oldest))
    return count
