"""A command ends once, and receivers are told of it once."""

from __future__ import annotations

from typing import Any

import pytest

from charging.adapters.sealed import seal
from charging.core.facts import CommandStatus
from charging.models import Command, OutboxMessage, Webhook
from charging.operations.command_ending import end_command
from charging.operations.outbox import VENDOR_ACTION
from tests.factories import NOW, make_command, make_driver, make_vehicle

pytestmark = pytest.mark.django_db


def make_open_command() -> Command:
    vehicle = make_vehicle(driver=make_driver())
    Webhook.objects.create(
        client=vehicle.driver.client, url="https://app.example/", encrypted_secret=seal("x" * 16), created_at=NOW
    )
    return make_command(vehicle=vehicle)


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (CommandStatus.CONFIRMED, ["state", "completedAt"]),
        (CommandStatus.FAILED, ["state", "completedAt", "failureReason"]),
        (CommandStatus.SUPERSEDED, ["state", "completedAt", "failureReason"]),
    ],
)
def test_an_end_is_written_and_told_once(status: CommandStatus, fields: list[str]) -> None:
    command = make_open_command()
    stored: dict[str, Any] = {"command": command, "vehicle": command.vehicle, "now": NOW}

    ended = [end_command(status=status, **stored), end_command(status=CommandStatus.FAILED, **stored)]

    assert ended == [True, False]
    assert Command.objects.values_list("status", "completed_at", "next_sending_at").get() == (status, NOW, None)
    assert command.status == status
    (message,) = OutboxMessage.objects.filter(event=VENDOR_ACTION)
    assert message.payload == {"command": str(command.public_id), "isPending": False, "updatedFields": fields}


def test_where_nobody_listens_nothing_is_put_down() -> None:
    command = make_command(vehicle=make_vehicle(driver=make_driver()))

    end_command(command=command, vehicle=command.vehicle, status=CommandStatus.CONFIRMED, now=NOW)

    assert not OutboxMessage.objects.exists()
