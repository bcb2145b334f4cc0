"""What a real Home Assistant 2024.3.3 answered, with a car that it had discovered by MQTT: read as it is read there.

Recorded by the harness of tests/adapters/real_home_assistant.py; only the car's own entities were kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_discovery import look_around
from charging.adapters.vehicles.home_assistant_entities import Entities
from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import FIRST
from tests.adapters.home_assistant_server import FakeHomeAssistant, serve_home_assistant
from tests.feeds.server import Reply

CAPTURED: dict[str, Any] = json.loads((Path(__file__).parent / "captured_home_assistant.json").read_text())
THEN = datetime(2026, 11, 29, 13, 50, tzinfo=UTC)
ENTITIES = Entities(
    level="sensor.car1_battery",
    plug="binary_sensor.car1_plug",
    charging="binary_sensor.car1_charging",
    power="sensor.car1_power",
    limit="sensor.car1_limit",
    position="device_tracker.car1_tracker",
    switch="switch.car1_charge",
)


def reply_of(name: str) -> Reply:
    answer = CAPTURED["answers"][name]
    return Reply(answer["text"].encode(), answer["status"], {"Content-Type": answer["content_type"]})


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        for state in CAPTURED["states"]:
            server.replies[f"/api/states/{state['entity_id']}"] = Reply(json.dumps(state).encode())
        server.replies["/api/states"] = Reply(json.dumps(CAPTURED["states"]).encode())
        server.replies["/api/config"] = Reply(json.dumps(CAPTURED["config"]).encode())
        yield server


def test_the_real_answers_make_a_reading(server: FakeHomeAssistant) -> None:
    reading = HomeAssistantGateway(server.api(), ENTITIES).read(now=THEN)

    assert reading is not None
    assert (reading.soc_percent, reading.charge_limit_percent) == (40, 100)
    assert (reading.is_plugged_in, reading.is_charging) == (True, False)
    assert reading.power_delivery is PowerDelivery.STOPPED
    assert (reading.latitude, reading.longitude) == (58.1467, 7.9956)
    assert reading.observed_at == datetime(2026, 11, 29, 13, 49, 33, 85863, tzinfo=UTC)
    assert reading.observed_each["soc_percent"] == datetime(2026, 11, 29, 13, 49, 32, 627733, tzinfo=UTC)


def test_the_real_answers_suggest_the_whole_car(server: FakeHomeAssistant) -> None:
    server.replies["/api/template"] = Reply(
        json.dumps(
            [[state["entity_id"], "Family car 1"] for state in CAPTURED["states"] if "car1" in state["entity_id"]]
        ).encode()
    )

    found = look_around(server.api())

    assert found.suggested() == dict(ENTITIES.that_are_read())


def test_the_real_answer_to_an_unknown_switch_is_a_refusal(server: FakeHomeAssistant) -> None:
    server.replies[f"/api/states/{ENTITIES.switch}"] = reply_of("unknown_state")

    assert not HomeAssistantGateway(server.api(), ENTITIES).start(command_id=FIRST, now=THEN).accepted


Answering = Callable[[FakeHomeAssistant], tuple[int, str]]


def asked(server: FakeHomeAssistant, method: str, path: str, body: dict[str, Any], token: str = "") -> tuple[int, Any]:
    import httpx  # noqa: PLC0415 - the raw answer is what is compared

    headers = {"Authorization": f"Bearer {token or server.token}"}
    answer = httpx.request(method, server.url + path, json=body, headers=headers, trust_env=False)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("name", "method", "path", "token"),
    [
        ("unknown_entity", "POST", "/api/services/switch/turn_on", ""),
        ("unknown_service", "POST", "/api/services/switch/fly", ""),
        ("unknown_state", "GET", "/api/states/switch.nothing", ""),
        ("bad_token", "GET", "/api/states", "nonsense"),
    ],
)
def test_the_one_that_tests_talk_to_answers_as_the_real_one(name: str, method: str, path: str, token: str) -> None:
    with serve_home_assistant() as server:
        status, text = asked(server, method, path, {"entity_id": "switch.nothing"}, token)

    real = CAPTURED["answers"][name]
    assert status == real["status"]
    assert text.replace(" ", "") == real["text"].replace(" ", "") or status == 400


def test_its_entities_have_the_fields_of_the_real_ones() -> None:
    with serve_home_assistant() as server:
        _, text = asked(server, "GET", "/api/states", {})

    assert {tuple(sorted(state)) for state in json.loads(text)} == {tuple(sorted(CAPTURED["states"][0]))}
