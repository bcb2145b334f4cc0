"""Sending to one receiver: by one at a time, and never so that a fault ends more than itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections

from charging.models import Webhook
from charging.operations import webhook_sending, webhook_threads, webhooks
from charging.operations.issues import Refused
from tests.factories import NOW, make_client
from tests.operations.test_webhook_queue import make_webhook

pytestmark = pytest.mark.django_db


def test_who_finds_somebody_else_sending_leaves_it_to_them() -> None:
    webhook = make_webhook("http://127.0.0.1:1/", make_client(), busy_until=NOW + timedelta(seconds=5))

    assert webhook_sending.drain(webhook_id=webhook.pk, clock=lambda: NOW) == 0
    webhook.refresh_from_db()
    assert webhook.busy_until == NOW + timedelta(seconds=5)


def test_a_fault_while_sending_is_told_and_frees_the_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    class Log:
        def exception(self, event: str, **values: object) -> None:
            told.append((event, values))

    def fails(**_asked: object) -> int:
        raise RuntimeError("planted")

    monkeypatch.setattr(webhook_threads, "log", Log())
    monkeypatch.setattr(webhook_threads, "close_old_connections", lambda: None)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(webhook_sending, "drain", fails)

    webhook_threads._drain(4711)

    assert told == [("webhook not sent", {"webhook": 4711})]
    assert webhook_threads.is_idle()


def test_a_client_has_no_more_webhooks_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST_WEBHOOKS", 1)
    client, values = make_client(), {"url": "https://app.example/hook", "secret": "s" * 64, "events": ["*"]}
    webhooks.create_webhook(client=client, at_wall=NOW, **values)

    with pytest.raises(Refused) as refused:
        webhooks.create_webhook(client=client, at_wall=NOW, **values)

    assert [issue.code for issue in refused.value.issues] == ["TOO_MANY_WEBHOOKS"]
    assert Webhook.objects.count() == 1
