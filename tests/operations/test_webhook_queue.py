"""From the outbox to receivers that fail: nothing is lost, nobody starves, and those who are gone are left alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Min
from django.db.models.functions import Coalesce, Greatest
from pytest_django import Settings

from charging.adapters.sealed import seal
from charging.models import Client, OutboxMessage, Webhook, WebhookDelivery, WebhookEvent
from charging.operations import webhook_queue, webhook_sending
from tests.contracts.receiver import Receiver, listening
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db
SECRET = "a secret of at least sixteen bytes"


@pytest.fixture(autouse=True)
def private_receivers(settings: Settings) -> None:
    settings.READYBY_WEBHOOK_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def make_webhook(url: str, client: Client, **values: Any) -> Webhook:
    defaults = {"client": client, "url": url, "encrypted_secret": seal(SECRET), "events": ["*"], "created_at": NOW}
    return Webhook.objects.create(**defaults | values)


def tell(client: Client, count: int, *, at: datetime = NOW, event: str = "user:vehicle:updated", size: int = 0) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(client=client, event=event, seq=n, payload={"n": n, "x": "x" * size}, created_at=at)
        for n in range(count)
    )


def envelope_of(message: OutboxMessage) -> dict[str, Any] | None:
    return {"event": message.event, **message.payload}


class Clock:
    """A wall clock that goes from one due attempt to the next."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def run(self, *, until: datetime) -> None:
        """Queues and sends everything that becomes due until then."""
        webhook_queue.spread(envelope_of=envelope_of, at_wall=self.now)
        while self.now <= until:
            webhook_queue.bundle(at_wall=self.now)
            for webhook_id, _is_failing in webhook_sending.due_webhooks(at_wall=self.now):
                webhook_sending.drain(webhook_id=webhook_id, clock=self)
            waiting = WebhookDelivery.objects.filter(webhook__is_active=True, next_attempt_at__isnull=False)
            due = Greatest("next_attempt_at", Coalesce("webhook__resumes_at", "next_attempt_at"))
            following = waiting.aggregate(following=Min(due))["following"]
            self.now += timedelta(seconds=1)
            self.now = until + timedelta(seconds=1) if following is None else max(self.now, following)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_ten_thousand_events_all_arrive_at_a_receiver_that_was_down_and_fails_now_and_then(
    receiver: Receiver, clock: Clock
) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, 10_000)
    chance = random.Random(7)
    receiver.answer = lambda _number: 503 if clock.now < NOW + timedelta(hours=6) or chance.random() < 0.2 else 200

    clock.run(until=NOW + timedelta(days=4))

    assert not WebhookDelivery.objects.filter(delivered_at__isnull=True).exists()
    assert {event["n"] for event in receiver.events} == set(range(10_000))
    assert len(receiver.events) == 10_000
    assert all(
        body == json.dumps(json.loads(body), separators=(",", ":")).encode() for _headers, body in receiver.taken
    )
    ids = [headers["webhook-id"] for headers, _body in receiver.taken]
    assert len(ids) == len(set(ids)) == 100
    failed = [headers["webhook-id"] for headers, _body in receiver.got]
    assert set(failed) == set(ids)
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.failures, webhook.resumes_at) == (True, 0, None)


def test_events_keep_their_order(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    make_webhook(receiver.url, client)
    tell(client, 250)

    clock.run(until=NOW)

    assert [event["n"] for event in receiver.events] == list(range(250))


def test_a_delivery_holds_at_most_256_kilobytes(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    make_webhook(receiver.url, client)
    tell(client, 10, size=100_000)

    clock.run(until=NOW)

    assert [len(json.loads(body)) for _headers, body in receiver.taken] == [2] * 5
    assert all(len(body) <= 256_000 for _headers, body in receiver.taken)


def attempts_at(receiver: Receiver, clock: Clock) -> list[timedelta]:
    """Runs until nothing is due, and returns when each attempt was made."""
    found: list[timedelta] = []

    def note(_number: int) -> int:
        found.append(clock.now - NOW)
        return 500

    receiver.answer = note
    clock.run(until=NOW + timedelta(days=10))
    return found


def test_ten_attempts_over_three_days_and_then_the_receiver_is_left_alone(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, 1)

    made = attempts_at(receiver, clock)

    waits = [after - before for before, after in pairwise(made)]
    assert len(made) == 10
    for wait, wanted in zip(waits, webhook_sending.WAITS[1:], strict=True):
        assert 0.9 * wanted <= wait <= 1.1 * wanted
    assert timedelta(days=2.8) < made[-1] < timedelta(days=3.6)
    webhook.refresh_from_db()
    assert webhook.is_active is False
    tell(client, 1, event="user:vehicle:deleted")
    clock.run(until=clock.now + timedelta(days=1))
    assert len(receiver.got) == 10


def test_waits_differ_between_deliveries() -> None:
    waits = {webhook_sending.next_wait(delivery_id=f"{n}", attempts=3) for n in range(50)}

    assert len(waits) == 50
    assert webhook_sending.next_wait(delivery_id="x", attempts=10) is None


def test_a_delivery_that_is_given_up_disables_nobody_who_took_another(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, 1, size=1)
    receiver.answer = lambda _number: 200 if b'"good"' in receiver.got[-1][1] else 500
    clock.run(until=NOW + timedelta(minutes=1))
    tell(client, 1, event="good")

    clock.run(until=NOW + timedelta(days=10))

    webhook.refresh_from_db()
    assert webhook.is_active is True
    assert WebhookDelivery.objects.filter(delivered_at__isnull=True, next_attempt_at__isnull=True).count() == 1


def test_a_receiver_that_is_gone_is_sent_nothing_more(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, 250)
    receiver.answer = lambda _number: 410

    clock.run(until=NOW + timedelta(days=10))

    webhook.refresh_from_db()
    assert webhook.is_active is False
    assert len(receiver.got) == 1


def test_what_was_given_up_is_replayed_under_a_new_id(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, 3)
    attempts_at(receiver, clock)
    Webhook.objects.update(is_active=True)
    receiver.answer = lambda _number: 200

    nothing = webhook_queue.replay(webhook=webhook, since=NOW + timedelta(days=1), until=None)
    queued = webhook_queue.replay(webhook=webhook, since=None, until=NOW + timedelta(days=1))
    clock.run(until=clock.now)

    assert (nothing, queued) == (0, 3)
    assert [event["n"] for event in receiver.events] == [0, 1, 2]
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 2
    assert webhook_queue.replay(webhook=webhook, since=None, until=None) == 0


def test_a_quiet_hour_ends_with_a_heartbeat(receiver: Receiver, clock: Clock) -> None:
    webhook = make_webhook(receiver.url, make_client(), events=["user:vehicle:deleted"])
    make_webhook(receiver.url, make_client(), is_active=False)

    counts = [webhook_queue.beat_hearts(at_wall=NOW + timedelta(minutes=minutes)) for minutes in (59, 60, 61)]
    clock.run(until=NOW + timedelta(minutes=1))

    assert counts == [0, 1, 0]
    assert [(event["event"], event["pendingEvents"]) for event in receiver.events] == [("system:heartbeat", 0)]
    assert webhook_queue.pending_events(webhook=webhook) == 0


def test_one_event_that_cannot_be_told_keeps_no_other_back(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    make_webhook(receiver.url, client)
    tell(client, 3)

    def tell_all_but_one(message: OutboxMessage) -> dict[str, Any] | None:
        return envelope_of(message) if message.payload["n"] != 1 else {"n": 1 / 0}

    assert webhook_queue.spread(envelope_of=tell_all_but_one, at_wall=NOW) == 3
    clock.run(until=NOW)

    assert [event["n"] for event in receiver.events] == [0, 2]


def test_old_events_are_forgotten(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    make_webhook(receiver.url, client)
    tell(client, 3)
    clock.run(until=NOW)

    webhook_queue.forget_old_events(at_wall=NOW + timedelta(days=29))
    kept = WebhookEvent.objects.count()
    webhook_queue.forget_old_events(at_wall=NOW + timedelta(days=31))

    assert kept == 3
    assert (WebhookEvent.objects.count(), WebhookDelivery.objects.count(), OutboxMessage.objects.count()) == (0, 0, 0)


def test_two_senders_never_send_to_the_same_receiver_at_once(receiver: Receiver, clock: Clock) -> None:
    client = make_client()
    webhook = make_webhook(receiver.url, client, busy_until=NOW + timedelta(seconds=30))
    tell(client, 1)

    clock.run(until=NOW)
    while_busy = len(receiver.got)
    clock.now = NOW + timedelta(seconds=31)
    webhook_sending.drain(webhook_id=webhook.pk, clock=clock)

    assert (while_busy, len(receiver.got)) == (0, 1)
