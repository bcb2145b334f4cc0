"""The wall's clock is set an hour back or forward in the middle of a night (F16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import Command, StateEvent, Vehicle
from charging.operations import sweep
from tests.operations.night import make_night

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("jump", [-60, 60], ids=["back", "forward"])
def test_an_hour_back_or_forward_repeats_no_command(jump: int) -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(5 * MINUTE)
    assert night.commands() == ["STOP"]
    events = StateEvent.objects.count()
    seen_at = Vehicle.objects.get().evaluated_at
    assert seen_at is not None

    night.now += jump * MINUTE
    for _ in range(10):
        sweep.sweep(at_wall=night.now)
        night.now += MINUTE

    vehicle = Vehicle.objects.get()
    assert vehicle.evaluated_at is not None
    assert vehicle.evaluated_at >= seen_at
    stops = Command.objects.filter(kind="STOP").count()
    assert stops == 1 + (jump > 0)
    assert jump > 0 or StateEvent.objects.count() == events
