"""After a restored backup nothing old is sent: the cars are read first, and decided about anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.core.states import State
from charging.models import Command, Due, Vehicle
from charging.operations import evaluation, sending
from charging.operations.gateways import load_simulated_car
from charging.operations.recovery import recover
from tests.operations.night import Night
from tests.operations.test_claims import make_held_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    """A START was intended and never sent when the backup was made, an hour ago."""
    night = make_held_night()
    held = Vehicle.objects.get(pk=night.vehicle.pk)
    assert held.hold_until is not None
    night.now = held.hold_until
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="timer")
    night.now += timedelta(hours=1)
    return night


def test_no_command_of_the_backup_is_sent(night: Night) -> None:
    seen = load_simulated_car(night.vehicle).seen_command_ids

    assert recover(at_wall=night.now) == 1
    assert sending.send_due_commands(at_wall=night.now) == 0

    old = Command.objects.get(kind="START")
    assert (old.status, old.next_sending_at) == ("SUPERSEDED", None)
    assert load_simulated_car(night.vehicle).seen_command_ids == seen
    assert Due.objects.get().due_at <= night.now


def test_then_the_car_gets_what_it_needs_as_ever(night: Night) -> None:
    recover(at_wall=night.now)

    seen = [*night.let_pass(timedelta(minutes=10)), *night.let_finish()]

    assert State.FINISHED in seen
    assert not Command.objects.filter(status="FAILED").exists()
