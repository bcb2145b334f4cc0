"""The operator hears of a receiver that fails before it is disabled, and when it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings
from structlog.testing import capture_logs

from charging.models import Webhook
from charging.operations import webhook_mails, webhooks
from tests.contracts.receiver import Receiver, listening
from tests.factories import NOW, make_client
from tests.operations.test_webhook_queue import SECRET, Clock, make_webhook, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_receivers(settings: Settings) -> None:
    settings.READYBY_WEBHOOK_PRIVATE = True
    settings.READYBY_OPERATOR_CONTACT = "operator@example.com"


@pytest.fixture
def failing() -> Iterator[Receiver]:
    """A receiver that takes nothing."""
    with listening() as receiver:
        receiver.answer = lambda _number: 500
        yield receiver


def fail(receiver: Receiver, *, until: timedelta) -> tuple[Webhook, list[Any]]:
    client = make_client(name="Fleet")
    webhook = make_webhook(f"{receiver.url}?key=hush", client)
    tell(client, 3)
    with capture_logs() as logged:
        Clock().run(until=NOW + until)
    webhook.refresh_from_db()
    return webhook, [line for line in logged if line["log_level"] == "warning"]


def test_a_day_of_failing_is_told_once(failing: Receiver) -> None:
    webhook, warnings = fail(failing, until=timedelta(hours=60))

    (told,) = mail.outbox
    assert webhook.is_active is True
    assert told.to == ["operator@example.com"]
    assert told.subject == "A webhook fails and will be disabled: 127.0.0.1"
    for part in ("Fleet", str(webhook.public_id), "HTTP 500", "Events that wait: 3", "2025-12-09 21:04 UTC"):
        assert part in told.body
    assert [line["event"] for line in warnings] == ["webhook failing"]


def test_before_a_day_nobody_is_told(failing: Receiver) -> None:
    fail(failing, until=timedelta(hours=20))

    assert mail.outbox == []


def test_that_it_was_disabled_is_told_too(failing: Receiver) -> None:
    webhook, warnings = fail(failing, until=timedelta(days=10))

    assert webhook.is_active is False
    assert [told.subject for told in mail.outbox] == [
        "A webhook fails and will be disabled: 127.0.0.1",
        "A webhook was disabled: 127.0.0.1",
    ]
    assert [line["event"] for line in warnings] == ["webhook failing", "webhook disabled"]


def test_a_receiver_that_is_gone_is_told_as_disabled(failing: Receiver) -> None:
    failing.answer = lambda _number: 410

    fail(failing, until=timedelta(hours=1))

    assert [told.subject for told in mail.outbox] == ["A webhook was disabled: 127.0.0.1"]


def test_neither_secret_nor_key_nor_event_is_in_mail_or_log(failing: Receiver) -> None:
    webhook, warnings = fail(failing, until=timedelta(days=10))

    for said in (*(f"{told.subject} {told.body}" for told in mail.outbox), str(warnings)):
        assert not any(hidden in said for hidden in (SECRET, webhook.encrypted_secret, "hush", "user:vehicle"))


def test_after_a_success_it_is_told_again(failing: Receiver) -> None:
    webhook, _warnings = fail(failing, until=timedelta(hours=60))
    failing.answer = lambda number: 200 if number == len(failing.got) else 500

    webhooks.try_webhook(webhook=webhook, at_wall=NOW + timedelta(hours=60))

    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.warned_at) == (None, None)


@pytest.mark.parametrize("contact", ["", "+47 22 00 00 00", "ask at the desk"])
def test_without_an_address_it_is_logged_alone(failing: Receiver, settings: Settings, contact: str) -> None:
    settings.READYBY_OPERATOR_CONTACT = contact

    _webhook, warnings = fail(failing, until=timedelta(hours=60))

    assert mail.outbox == []
    assert [line["event"] for line in warnings] == ["webhook failing"]


def test_a_mail_server_that_is_down_keeps_nothing_back(failing: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise SMTPException("421")

    monkeypatch.setattr(webhook_mails, "send_mail", refuse)

    webhook, _warnings = fail(failing, until=timedelta(days=10))

    assert webhook.is_active is False
    assert len(failing.got) == 10
