"""The log of decisions explains every step of a car in seven days, whatever happens to it (UX 4)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from charging.models import DecisionLog, StateEvent
from charging.operations import due, overrides
from charging.operations.decision_log import replay
from charging.operations.simulated_faults import clear_faults
from tests.operations.lived_nights import MINUTE, Nights
from tests.operations.test_clean_nights import STORIES

pytestmark = pytest.mark.django_db
DAYS = 7


def live_a_week(seed: int) -> Nights:
    """Seven nights, each with another story; on the second the driver charges now and changes their mind."""
    nights, rng = Nights(), Random(seed)
    for number in range(DAYS):
        story = STORIES[number % len(STORIES)]
        nights.live(story if number != 1 else charge_now_and_back, level=rng.uniform(32.0, 44.0))
        clear_faults(vehicle=nights.night.vehicle, now=nights.night.now)
    return nights


def charge_now_and_back(nights: Nights) -> None:
    nights.night.let_pass(30 * MINUTE)
    overrides.charge_now(vehicle=nights.night.vehicle, now=nights.night.now)
    nights.night.let_pass(20 * MINUTE)
    overrides.end_override(vehicle=nights.night.vehicle, now=nights.night.now)


def test_no_step_of_seven_days_is_without_a_row_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "POLL_SIMULATED_WHILE_CHANGING", due.POLL_WHILE_CHANGING)
    nights = live_a_week(seed=1)
    events = list(StateEvent.objects.filter(vehicle=nights.night.vehicle).order_by("seq"))
    rows = list(DecisionLog.objects.filter(vehicle=nights.night.vehicle).select_related("prices").order_by("pk"))

    steps: dict[object, list[str]] = {}
    for event in events:
        steps.setdefault(event.at, []).extend((event.from_state, event.to_state))
    logged = {(row.at, row.state_before, row.state_after) for row in rows}

    assert events[-1].at - events[0].at > timedelta(days=DAYS - 1)
    assert len(steps) > 6 * DAYS
    assert {(at, path[0], path[-1]) for at, path in steps.items() if path[0] != path[-1]} <= logged
    # And the rows hang together: none begins in another state than the one before has left behind.
    assert all(before.state_after == after.state_before for before, after in pairwise(rows))
    assert all(row.rule for row in rows)
    assert all(replay(row).is_same for row in rows[:: len(rows) // 20])
