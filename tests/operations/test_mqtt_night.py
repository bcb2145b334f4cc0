"""A night through a broker: the plan's stops and starts are what was said to the car."""

from __future__ import annotations

import pytest

from charging.core.states import State
from charging.models import Plan
from tests.adapters.mqtt_layouts import EVCC
from tests.adapters.mqtt_server import serve_broker
from tests.operations.connected_night import make_mqtt_night

pytestmark = pytest.mark.django_db


def test_a_car_waits_for_the_cheap_hours_and_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_broker() as server:
        night = make_mqtt_night(monkeypatch, server.gateway(), address=server.url, topics=EVCC.topics)

        seen = night.let_finish()

    plan = Plan.objects.latest("created_at")
    assert server.said == [(EVCC.topics.stop, "off"), (EVCC.topics.start, "now")]
    assert night.commands() == ["STOP", "START"]
    assert seen[-1] == State.FINISHED
    assert plan.smart_cost is not None
    assert plan.smart_cost < plan.non_smart_cost
