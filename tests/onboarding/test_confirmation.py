"""The mail that confirms turning on: who gets it, when, and what it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import Client
from kombu.exceptions import OperationalError

from charging.models import Policy, Vehicle
from onboarding import confirmation, tasks
from tests.onboarding.walk import URLS, answer_until, begin, page, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is left to a worker."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.send_confirmation, "delay", lambda **values: calls.append(values))
    return calls


def walk(client: Client, *, email: str = "driver@example.com") -> None:
    begin(client)
    User.objects.update(email=email)
    answer_until(client, "check")


def test_turning_on_confirms_once_with_the_answers_and_links(
    client: Client, sent: list[dict[str, Any]], mailoutbox: list[EmailMessage]
) -> None:
    walk(client)
    for _ in range(2):
        assert send(client, URLS["check"], turn_on="1").headers["Location"] == "/setup/ready/"
    assert len(sent) == 1

    tasks.send_confirmation(**sent[0])

    vehicle = Vehicle.objects.get()
    assert mailoutbox[0].to == ["driver@example.com"]
    assert mailoutbox[0].subject == f"Smart charging is on: {vehicle}"
    text = str(mailoutbox[0].body)
    for words in (
        "Ready by: 07:00",
        "Minimum charge: 20",
        "Places: Home",
        f"http://testserver/car/{vehicle.public_id}/",
    ):
        assert words in text
    assert "http://testserver/settings/" in text
    assert "58.1" not in text


def test_a_guest_and_a_car_that_is_left_off_get_none(client: Client, sent: list[dict[str, Any]]) -> None:
    walk(client, email="")
    send(client, URLS["check"], turn_on="1")
    assert sent == []

    Policy.objects.update(is_enabled=False)
    User.objects.update(email="driver@example.com")
    client.post(URLS["check"], {"off": "1"})
    assert sent == []


def test_a_broker_that_is_down_costs_the_mail_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise OperationalError("down")

    monkeypatch.setattr(tasks.send_confirmation, "delay", refuse)
    walk(client)

    assert send(client, URLS["check"], turn_on="1").headers["Location"] == "/setup/ready/"
    assert Policy.objects.get().is_enabled
    assert page(client, "/setup/ready/")


def test_what_was_turned_off_meanwhile_is_not_confirmed(client: Client, mailoutbox: list[EmailMessage]) -> None:
    walk(client)
    send(client, URLS["check"], turn_on="1")
    vehicle = Vehicle.objects.get()
    Policy.objects.update(is_enabled=False)

    assert not confirmation.send_now(vehicle_id=vehicle.pk, server_url="http://testserver/", language="en")
    assert not confirmation.send_now(vehicle_id=0, server_url="http://testserver/", language="en")
    assert mailoutbox == []
