"""Threads that send: a good receiver never waits for those that dawdle, and a small database bears a few at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest

from charging.operations import webhook_queue, webhook_threads
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


def test_sqlite_has_four_senders_in_all() -> None:
    assert sum(webhook_threads.THREADS["sqlite"]) == 4
    assert min(webhook_threads.THREADS["sqlite"]) >= 1
