"""The decision log explains every change of state of a week: there is no transition without a row."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import pairwise

import pytest

from charging.core.states import State
from charging.models import DecisionLog, StateEvent
from charging.operations import overrides, policies
from charging.operations.simulation import plug_in, unplug
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

STEP = timedelta(minutes=15)


def live_a_week() -> tuple[Night, list[State]]:
    """Seven evenings to mornings, each with something else happening, and days in which the car is away."""
    night = make_night()
    night.add_place()
    night.turn_on(minimum=42)
    seen: list[State] = []
    for day in range(7):
        seen += night.let_pass(timedelta(hours=3), STEP)
        if day == 1:
            overrides.charge_now(vehicle=night.vehicle, now=night.now)
        elif day == 2:
            policies.pause(vehicle=night.vehicle, now=night.now, until_plug_in=True)
        elif day == 3:
            night.turn_on(deadline=time(5, 30), minimum=20)
        elif day == 4:
            policies.set_policy(vehicle=night.vehicle, is_enabled=False, minimum_charge_limit=20, now=night.now)
        elif day == 5:
            night.turn_on(minimum=60)
        seen += night.let_pass(timedelta(hours=11), STEP)
        unplug(vehicle=night.vehicle, now=night.now)
        seen += night.let_pass(timedelta(hours=10), STEP)
        plug_in(vehicle=night.vehicle, now=night.now)
    return night, seen


def test_there_is_no_transition_without_a_row_in_a_week() -> None:
    night, seen = live_a_week()

    rows = list(DecisionLog.objects.order_by("at", "pk").values_list("at", "state_before", "state_after"))
    events: dict[object, list[str]] = {}
    for event in StateEvent.objects.order_by("seq"):
        events.setdefault(event.at, []).extend((event.from_state, event.to_state))
    changes = {(at, path[0], path[-1]) for at, path in events.items() if path[0] != path[-1]}
    assert len(changes) > 20
    assert changes <= set(rows)
    night.vehicle.refresh_from_db()
    assert rows[-1][2] == night.vehicle.state
    jumps = [(one, next_one) for one, next_one in pairwise(rows) if one[2] != next_one[1]]
    assert jumps == []
    assert set(seen) <= {State(after) for _at, _before, after in rows} | {State(rows[0][1])}
