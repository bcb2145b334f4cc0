"""A night through Home Assistant: the plan's stops and starts are what its switch was asked to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.core.states import State
from charging.models import Connection, Plan
from tests.adapters.home_assistant_server import serve_home_assistant
from tests.feeds.server import Reply
from tests.operations.connected_night import CHEAP_FROM, make_connected_night

pytestmark = pytest.mark.django_db


def test_a_car_waits_for_the_cheap_hours_and_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_home_assistant() as server:
        night = make_connected_night(monkeypatch, server.gateway(), address=server.url)

        seen = night.let_finish()

    plan = Plan.objects.latest("created_at")
    assert [service for service, _ in server.called] == ["turn_off", "turn_on"]
    assert night.commands() == ["STOP", "START"]
    assert seen[-1] == State.FINISHED
    assert {State.STOPPED, State.STARTED} <= set(seen)
    assert [window.start.hour in (CHEAP_FROM - 1, CHEAP_FROM) for window in plan.windows.all()] == [True]
    assert plan.smart_cost is not None
    assert plan.smart_cost < plan.non_smart_cost
    assert Connection.objects.get().driver == night.driver


def test_a_car_behind_an_instance_that_falls_silent_is_asked_to_charge_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody there ends a hold: the first thing that it hears after the silence is to let the car charge."""
    with serve_home_assistant() as server:
        night = make_connected_night(monkeypatch, server.gateway(), address=server.url)
        night.let_pass(timedelta(hours=2))
        assert night.vehicle.state == State.STOPPED
        server.replies["/api/"] = Reply(b"", 502)

        seen = night.let_pass(timedelta(hours=3))
        del server.replies["/api/"]
        night.let_pass(timedelta(minutes=20))

    assert State.STARTING in seen
    # Then it is seen to charge, and the cheap hours are still ahead.
    assert [service for service, _ in server.called] == ["turn_off", "turn_on", "turn_off"]
