"""A receiver that is down as a whole is asked seldom, and that uses up no attempts of what waits for it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from charging.models import Webhook, WebhookDelivery
from charging.operations import webhook_queue, webhook_sending, webhooks
from tests.contracts.receiver import Receiver, listening
from tests.factories import NOW, make_client
from tests.operations.test_webhook_queue import Clock, envelope_of, make_webhook, private_receivers, tell

__all__ = ["private_receivers"]
pytestmark = pytest.mark.django_db
LARGE = 200_000
"""Bytes of an event that fills a delivery alone."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def make_waiting(receiver: Receiver, *, deliveries: int) -> Webhook:
    client = make_client()
    webhook = make_webhook(receiver.url, client)
    tell(client, deliveries, size=LARGE)
    return webhook


def numbers_of(receiver: Receiver) -> list[int]:
    """Which event each request carried, in the order of the requests."""
    return [event["n"] for _headers, body in receiver.got for event in json.loads(body)]


def test_one_delivery_after_the_other_tries_whether_it_is_back_and_the_others_wait(receiver: Receiver) -> None:
    webhook, clock = make_waiting(receiver, deliveries=20), Clock()
    receiver.answer = lambda _number: 503

    clock.run(until=NOW + timedelta(hours=6))

    # Three until it counts as down, then after 5 s, 5 min, 30 min and 2 h.
    assert numbers_of(receiver) == list(range(7))
    tried = WebhookDelivery.objects.filter(attempts__gt=0).order_by("pk")
    assert [delivery.attempts for delivery in tried] == [1, 1, 1]
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.failures) == (True, 7)
    assert webhook.resumes_at is not None
    assert webhook.resumes_at > NOW + timedelta(hours=6)


def test_once_it_is_back_everything_comes_in_its_order(receiver: Receiver) -> None:
    webhook, clock = make_waiting(receiver, deliveries=20), Clock()
    receiver.answer = lambda _number: 503 if clock.now < NOW + timedelta(hours=6) else 200

    clock.run(until=NOW + timedelta(days=1))

    taken = [event["n"] for event in receiver.events]
    assert taken[:13] == list(range(7, 20))
    assert sorted(taken) == list(range(20))
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.resumes_at, webhook.failing_since) == (0, None, None)


def test_two_failures_in_a_row_hold_nothing_back(receiver: Receiver) -> None:
    make_waiting(receiver, deliveries=5)
    receiver.answer = lambda number: 503 if number < 3 else 200

    Clock().run(until=NOW + timedelta(seconds=3))

    assert numbers_of(receiver) == [0, 1, 2, 3, 4]


def test_a_delivery_that_is_never_taken_keeps_no_other_back_at_a_receiver_that_was_down(receiver: Receiver) -> None:
    webhook, clock = make_waiting(receiver, deliveries=6), Clock()

    def answer(_number: int) -> int:
        is_down = clock.now < NOW + timedelta(minutes=10)
        return 500 if is_down or numbers_of(receiver)[-1] in {0, 5} else 200

    receiver.answer = answer

    clock.run(until=NOW + timedelta(days=10))

    assert {event["n"] for event in receiver.events} == {1, 2, 3, 4}
    lost = WebhookDelivery.objects.filter(delivered_at__isnull=True, next_attempt_at__isnull=True)
    assert [delivery.attempts for delivery in lost] == [10, 10]
    webhook.refresh_from_db()
    assert webhook.is_active is True


def test_after_three_days_without_a_success_it_is_left_alone_and_what_waits_comes_when_it_is_tested(
    receiver: Receiver,
) -> None:
    webhook, clock = make_waiting(receiver, deliveries=20), Clock()
    at = []

    def refuse(_number: int) -> int:
        at.append(clock.now - NOW)
        return 503

    receiver.answer = refuse
    clock.run(until=NOW + timedelta(days=10))
    webhook.refresh_from_db()
    was_active = webhook.is_active
    receiver.answer = lambda _number: 200
    webhooks.try_webhook(webhook=webhook, at_wall=NOW + timedelta(days=10))
    clock.now = NOW + timedelta(days=10)
    clock.run(until=clock.now)

    assert was_active is False
    assert len(at) == webhook_sending.MOST_FAILURES
    assert timedelta(days=2.8) < at[-1] < timedelta(days=3.6)
    assert {event["n"] for event in receiver.events if "n" in event} == set(range(20))


def test_a_new_address_is_tried_at_once(receiver: Receiver) -> None:
    webhook, clock = make_waiting(receiver, deliveries=5), Clock()
    receiver.answer = lambda _number: 503
    clock.run(until=NOW + timedelta(hours=1))

    with listening() as moved:
        webhooks.update_webhook(webhook=webhook, url=moved.url)
        clock.now = NOW + timedelta(hours=1)
        clock.run(until=NOW + timedelta(hours=2))

    assert sorted(event["n"] for event in moved.events) == list(range(5))


@pytest.mark.parametrize("deliveries", [2, 3, 8])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_however_few_wait_all_come_after_six_hours_and_a_fifth_of_failures(
    receiver: Receiver, deliveries: int, seed: int
) -> None:
    make_waiting(receiver, deliveries=deliveries)
    clock, chance = Clock(), random.Random(seed)
    receiver.answer = lambda _number: 503 if clock.now < NOW + timedelta(hours=6) or chance.random() < 0.2 else 200

    clock.run(until=NOW + timedelta(days=4))

    assert sorted(event["n"] for event in receiver.events) == list(range(deliveries))


def test_a_receiver_that_begins_to_fail_is_left_to_those_who_send_to_failing_ones(receiver: Receiver) -> None:
    webhook, clock = make_waiting(receiver, deliveries=5), Clock()
    receiver.answer = lambda number: 503 if number == 2 else 200
    webhook_queue.spread(envelope_of=envelope_of, at_wall=NOW)
    webhook_queue.bundle(at_wall=NOW)

    made = [webhook_sending.drain(webhook_id=webhook.pk, clock=clock) for _ in range(2)]

    assert made == [2, 3]
    assert numbers_of(receiver) == [0, 1, 2, 3, 4]
