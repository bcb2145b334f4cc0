"""Receivers and deliveries: operators see how they fare and can replay, and never see a secret or what was told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse

from charging.models import LinkSession, Webhook, WebhookDelivery, WebhookEvent
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DELIVERIES = "admin:charging_webhookdelivery_changelist"


@pytest.mark.parametrize("name", ["webhook", "webhookdelivery", "linksession"])
def test_no_secret_and_nothing_that_was_told_is_shown(
    name: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    row = one_row_of_everything[name]
    webhook, link = Webhook.objects.get(), LinkSession.objects.get()

    for page in ("changelist", "change"):
        shown = browser_of_operator.get(
            reverse(f"admin:charging_{name}_{page}", args=[row.pk] if page == "change" else [])
        ).text
        for hidden in ("hush", "58.1467", "sesame", webhook.encrypted_secret, webhook.encrypted_header_value):
            assert hidden not in shown
        assert link.token_checksum not in shown


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "answers"),
        ({"failing_since": NOW}, "failing"),
        ({"failing_since": NOW, "is_active": False}, "disabled"),
    ],
)
def test_the_list_says_how_a_receiver_fares(
    values: dict[str, object], said: str, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    Webhook.objects.update(**values)
    webhook = Webhook.objects.get()
    for number in range(2):
        WebhookDelivery.objects.create(webhook=webhook, created_at=NOW, next_attempt_at=NOW + timedelta(hours=number))

    page = browser_of_operator.get(reverse("admin:charging_webhook_changelist")).text

    assert f'class="field-state">{said}<' in page
    assert 'class="field-waiting_count">2<' in page
    assert 'class="field-given_up_count">1<' in page


def replay(browser: Browser, *deliveries: WebhookDelivery) -> str:
    chosen = {"action": "replay_selected", "_selected_action": [delivery.pk for delivery in deliveries]}
    return browser.post(reverse(DELIVERIES), chosen, follow=True).text


def test_only_what_was_given_up_is_replayed_and_it_is_on_record(
    browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    lost = WebhookDelivery.objects.get()
    taken = WebhookDelivery.objects.create(webhook=lost.webhook, created_at=NOW, delivered_at=NOW, attempts=1)
    waiting = WebhookDelivery.objects.create(webhook=lost.webhook, created_at=NOW, next_attempt_at=NOW)
    for delivery in (taken, waiting):
        WebhookEvent.objects.create(webhook=lost.webhook, delivery=delivery, body="{}", created_at=NOW)

    said = replay(browser_of_operator, lost, taken, waiting)
    again = replay(browser_of_operator, lost)

    assert "1 event is sent again." in said
    assert "0 events are sent again." in again
    assert [event.body for event in WebhookEvent.objects.filter(delivery__isnull=True)] == ['{"latitude": 58.1467}']
    assert LogEntry.objects.filter(object_id=str(lost.pk)).exists()
    assert not LogEntry.objects.filter(object_id=str(taken.pk)).exists()


def test_who_may_only_look_replays_nothing(
    browser_of_operator: Browser, operator: User, one_row_of_everything: dict[str, Model]
) -> None:
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename="view_webhookdelivery"))

    page = browser_of_operator.get(reverse(DELIVERIES)).text
    replay(browser_of_operator, WebhookDelivery.objects.get())

    assert "replay_selected" not in page
    assert not WebhookEvent.objects.filter(delivery__isnull=True).exists()


@pytest.mark.parametrize(("chosen", "answers"), [("waiting", 1), ("taken", 2), ("given-up", 3), ("x", 6)])
def test_deliveries_are_found_by_how_they_went(
    chosen: str, answers: int, browser_of_operator: Browser, one_row_of_everything: dict[str, Model]
) -> None:
    webhook = Webhook.objects.get()
    WebhookDelivery.objects.all().delete()
    for number in range(6):
        WebhookDelivery.objects.create(
            webhook=webhook,
            created_at=NOW,
            next_attempt_at=NOW if number == 0 else None,
            delivered_at=NOW if number in {1, 2} else None,
        )

    page = browser_of_operator.get(reverse(DELIVERIES), {"state": chosen}).text

    assert page.count('class="field-attempts"') == answers
