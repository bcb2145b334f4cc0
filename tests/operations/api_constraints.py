"""What the database refuses of the rows that only the API writes, for `test_constraints.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model

from charging.models import ChargeAction, IdempotentCall, LinkSession, OutboxMessage, Vehicle, Webhook
from tests.factories import NOW

API_CHECKS: dict[str, tuple[type[Model], tuple[dict[str, Any], ...]]] = {
    "action_is_pending_or_complete": (ChargeAction, ({"state": "CONFIRMED"}, {"completed_at": NOW})),
    "link_session_ends_after_it_begins": (LinkSession, ({"expires_at": NOW}, {"expires_at": NOW - timedelta(days=1)})),
    "webhook_has_a_url": (Webhook, ({"url": ""},)),
}


def make_action(vehicle: Vehicle) -> ChargeAction:
    values = {"client": vehicle.driver.client, "user_id": "anna", "target_id": vehicle.public_id, "kind": "STOP"}
    return ChargeAction.objects.create(vehicle=vehicle, created_at=NOW, updated_at=NOW, **values)


def make_call(vehicle: Vehicle) -> IdempotentCall:
    values = {"method": "POST", "path_checksum": "p", "key": "k", "body_checksum": "b", "created_at": NOW}
    return IdempotentCall.objects.create(client=vehicle.driver.client, **values)


API_UNIQUE: dict[str, Callable[[], object]] = {
    "one_pending_action_per_vehicle": lambda: make_action(Vehicle.objects.get()),
    "one_call_per_key": lambda: make_call(Vehicle.objects.get()),
}


def make_api_rows(vehicle: Vehicle) -> None:
    """One row of each, all of them right."""
    client = vehicle.driver.client
    OutboxMessage.objects.create(client=client, vehicle=vehicle, event="state", seq=1, payload={}, created_at=NOW)
    make_action(vehicle)
    make_call(vehicle)
    Webhook.objects.create(client=client, url="https://a.example/", encrypted_secret="x", created_at=NOW)
    LinkSession.objects.create(
        driver=vehicle.driver,
        token_checksum="t",
        redirect_uri="https://a.example/",
        language="en-US",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
