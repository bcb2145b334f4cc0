"""A held car behind a Home Assistant that tests talk to, for what the guardian does without the database."""

from __future__ import annotations

from datetime import timedelta

from charging.core.states import State
from charging.models import Vehicle
from tests.adapters.home_assistant_server import FakeHomeAssistant
from tests.connections import make_connected_car
from tests.factories import NOW, make_driver, make_due, make_plan

HOLD_ENDS_AT = NOW + timedelta(minutes=10)
LATE = HOLD_ENDS_AT + timedelta(seconds=30)
"""When a START must have gone out."""


def make_held_car(server: FakeHomeAssistant) -> Vehicle:
    """It waits for its plan until HOLD_ENDS_AT."""
    car = make_connected_car(
        driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW), address=server.url, state=State.STOPPED
    )
    make_plan(vehicle=car)
    make_due(vehicle=car)
    Vehicle.objects.filter(pk=car.pk).update(hold_until=HOLD_ENDS_AT, hold_renew_by=HOLD_ENDS_AT)
    car.refresh_from_db()
    return car
