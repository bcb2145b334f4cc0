"""What operators do for others is on record with their number and their reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from charging.models import AuditEvent, Location, Policy, Vehicle, WebhookDelivery
from tests.admin.test_forms import place_values
from tests.factories import make_client
from tests.operations.night import make_night

pytestmark = pytest.mark.django_db


def acts() -> list[tuple[Any, ...]]:
    """What operators did; signing in is on record too."""
    rows = AuditEvent.objects.filter(kind__in=("OPERATOR_ACTED", "POLICY_CHANGED")).order_by("pk")
    return list(rows.values_list("kind", "account_id", "about", "client_id", "reason"))


@pytest.fixture
def night() -> Any:
    night = make_night()
    night.add_place()
    night.turn_on(minimum=20)
    return night


def address_of(row: Location | Policy) -> str:
    return reverse(f"admin:charging_{row._meta.model_name}_change", args=[row.pk])


def test_a_changed_policy(browser_of_operator: Browser, operator: User, night: Any) -> None:
    browser_of_operator.post(
        address_of(Policy.objects.get()),
        {"deadline": "06:30", "minimum_charge_limit": "10", "reason": "They rang us up"},
    )

    assert acts() == [("POLICY_CHANGED", operator.pk, night.vehicle.public_id, None, "They rang us up")]


def test_a_changed_place(browser_of_operator: Browser, operator: User, night: Any) -> None:
    place = Location.objects.get()

    browser_of_operator.post(address_of(place), place_values(place, name="Cabin") | {"reason": "Ticket 77"})

    assert acts() == [("OPERATOR_ACTED", operator.pk, place.public_id, None, "Ticket 77")]


def test_a_changed_limit(browser_of_operator: Browser, operator: User) -> None:
    client = make_client()

    browser_of_operator.post(
        reverse("admin:charging_client_limit", args=[client.pk]), {"connection_limit": "3", "reason": "Contract"}
    )

    assert acts() == [("OPERATOR_ACTED", operator.pk, None, client.pk, "Contract")]


def test_a_re_evaluation(browser_of_operator: Browser, operator: User, night: Any) -> None:
    address = reverse("admin:charging_vehicle_re_evaluate", args=[night.vehicle.pk])

    browser_of_operator.post(address, {"reason": "Ticket 77"})

    assert acts() == [("OPERATOR_ACTED", operator.pk, night.vehicle.public_id, None, "Ticket 77")]


def test_a_replay(browser_of_operator: Browser, operator: User, car: Vehicle) -> None:
    delivery = WebhookDelivery.objects.get()
    data = {"action": "replay_selected", "_selected_action": [delivery.pk]}

    browser_of_operator.post(reverse("admin:charging_webhookdelivery_changelist"), data)

    assert acts() == [("OPERATOR_ACTED", operator.pk, delivery.public_id, None, "replayed 1 deliveries")]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x00b"])
def test_without_a_reason_nothing_is_done(browser_of_operator: Browser, night: Any, reason: str) -> None:
    before = Policy.objects.values().get()

    answer = browser_of_operator.post(
        address_of(Policy.objects.get()), {"deadline": "06:30", "minimum_charge_limit": "10", "reason": reason}
    )

    assert set(answer.context["form"].errors) == {"reason"}
    assert Policy.objects.values().get() == before
    assert acts() == []


def test_what_the_operation_refuses_is_no_act(browser_of_operator: Browser, night: Any) -> None:
    values = {"is_enabled": "on", "deadline": "", "minimum_charge_limit": "20", "reason": "Ticket 77"}

    browser_of_operator.post(address_of(Policy.objects.get()), values)

    assert acts() == []
