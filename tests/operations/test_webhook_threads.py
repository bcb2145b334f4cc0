"""Threads that send: a good receiver never waits for those that dawdle, and a small database bears a few at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from charging.adapters.webhook_http import Answer, DeliveryError
from charging.models import Webhook
from charging.operations import webhook_queue, webhook_sending, webhook_threads
from tests.contracts.receiver import listening
from tests.factories import NOW, make_client
from tests.operations.test_webhook_queue import envelope_of, make_webhook, private_receivers, tell

__all__ = ["private_receivers"]


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    assert is_so()


@pytest.mark.django_db(transaction=True)
def test_beside_fifty_receivers_that_dawdle_a_good_one_is_told_long_before_they_are_done() -> None:
    client = make_client()
    with ExitStack() as stack:
        good = stack.enter_context(listening())
        dead = [stack.enter_context(listening()) for _ in range(50)]
        for receiver in dead:
            receiver.delay_seconds, receiver.answer = 1.0, lambda _number: 500
            make_webhook(receiver.url, client, failing_since=NOW - timedelta(hours=1))
        make_webhook(good.url, client)
        tell(client, 1)
        webhook_queue.spread(envelope_of=envelope_of, at_wall=NOW)
        webhook_queue.bundle(at_wall=NOW)

        begun = webhook_threads.start_due(at_wall=NOW)
        again = webhook_threads.start_due(at_wall=NOW)
        wait_for(lambda: len(good.taken) == 1)
        still_waiting = sum(not receiver.got for receiver in dead)
        wait_for(webhook_threads.is_idle)

    assert (begun, again) == (51, 0)
    assert still_waiting > 30
    assert all(len(receiver.got) == 1 for receiver in dead)


@pytest.mark.django_db(transaction=True)
def test_a_good_receiver_is_told_while_every_sender_to_dead_ones_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_client()
    for _ in range(50):
        make_webhook("http://127.0.0.1/dead", client, failing_since=NOW - timedelta(hours=1))
    good = make_webhook("http://127.0.0.1/good", client)
    tell(client, 1)
    webhook_queue.spread(envelope_of=envelope_of, at_wall=NOW)
    webhook_queue.bundle(at_wall=NOW)
    hanging, good_is_told, may_end = threading.Semaphore(0), threading.Event(), threading.Event()

    def post_to(*, webhook: Webhook, **_: object) -> Answer:
        if webhook.pk == good.pk:
            good_is_told.set()
            return Answer(200, "", ())
        hanging.release()
        may_end.wait(60)
        raise DeliveryError("ConnectTimeout")

    monkeypatch.setattr(webhook_sending, "post_to", post_to)
    webhook_threads.start_due(at_wall=NOW)
    try:
        all_hang = all(hanging.acquire(timeout=60) for _ in range(webhook_threads.MANY_THREADS[1]))
        is_told = good_is_told.wait(60)
    finally:
        may_end.set()
        wait_for(webhook_threads.is_idle)

    assert (all_hang, is_told) == (True, True)
    assert Webhook.objects.get(pk=good.pk).last_success_at is not None
    assert Webhook.objects.filter(failures=1).count() == 50


@pytest.mark.django_db
def test_receivers_that_took_something_lately_are_sent_to_first() -> None:
    client = make_client()
    values: tuple[dict[str, Any], ...] = (
        {"failing_since": NOW},
        {},
        {"last_success_at": NOW - timedelta(days=1)},
        {"last_success_at": NOW - timedelta(minutes=1)},
    )
    made = [make_webhook("http://127.0.0.1/", client, **one).pk for one in values]
    tell(client, 1)
    webhook_queue.spread(envelope_of=envelope_of, at_wall=NOW)
    webhook_queue.bundle(at_wall=NOW)

    due = webhook_sending.due_webhooks(at_wall=NOW)

    assert due == [(made[3], False), (made[2], False), (made[1], False), (made[0], True)]


def test_sqlite_has_four_senders_in_all() -> None:
    assert sum(webhook_threads.THREADS["sqlite"]) == 4
    assert min(webhook_threads.THREADS["sqlite"]) >= 1
