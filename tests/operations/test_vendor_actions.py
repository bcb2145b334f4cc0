"""Wishes that have come to an end at the vendor: wished anew under another id, and told beside the command."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.adapters.vehicles.enode_actions import action_of
from charging.models import Command, Vehicle
from charging.operations import sending, vendor_actions
from tests.adapters.enode_server import FakeEnode, as_json, make_action
from tests.factories import NOW, make_command
from tests.feeds.server import Reply

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("said", "is_another"),
    [
        (as_json(make_action("CANCELLED", "FAILED_PRECONDITION")), True),
        (as_json(make_action("FAILED", "NO_RESPONSE")), True),
        (as_json({"title": "Conflict"}, 409), True),
        (as_json({}, 500), False),
        (Reply(manner="hang up"), False),
        (as_json(make_action("PENDING")), False),
    ],
    ids=["refused", "asleep", "a conflict", "an error", "silence", "under way"],
)
def test_a_wish_that_has_come_to_an_end_is_wished_anew(
    enode_car: Vehicle, enode_server: FakeEnode, said: Reply, is_another: bool
) -> None:
    command = make_command(vehicle=enode_car, status="INTENDED", attempts=0, next_sending_at=NOW)
    enode_server.replies["POST /vehicles"] = said
    assert sending.send_open_command(vehicle=enode_car, now=NOW)
    command.refresh_from_db()
    before = command.sending_key

    # Whoever dies at the second sending leaves the key to whoever takes over.
    Command.objects.update(status="SENDING", next_sending_at=NOW, lease_until=None, lease_token=None)
    enode_server.replies.clear()
    assert sending.send_open_command(vehicle=enode_car, now=NOW + 5 * MINUTE)

    assert enode_server.keys == [str(before)]
    assert (before != command.public_id) is is_another


def test_an_action_that_has_ended_is_wished_anew_and_stays_as_it_ended(
    enode_car: Vehicle, enode_server: FakeEnode
) -> None:
    command = make_command(vehicle=enode_car, vendor_action_id="act-1")

    for state, reason in (("PENDING", ""), ("FAILED", "NO_RESPONSE"), ("FAILED", "NO_RESPONSE"), ("PENDING", "")):
        vendor_actions.note_action(enode_car.pk, action_of(make_action(state, reason)))

    command.refresh_from_db()
    assert (command.vendor_action_state, command.failure_detail) == ("FAILED", "FAILED, NO_RESPONSE")
    assert command.refusals == 1


def test_what_is_heard_of_a_command_that_has_ended_changes_no_word_of_it(enode_car: Vehicle) -> None:
    command = make_command(vehicle=enode_car, vendor_action_id="act-1", status="CONFIRMED", failure_detail="as it was")

    assert vendor_actions.note_action(enode_car.pk, action_of(make_action("FAILED", "NO_RESPONSE")))

    command.refresh_from_db()
    assert (command.failure_detail, command.refusals, command.vendor_action_state) == ("as it was", 0, "FAILED")
