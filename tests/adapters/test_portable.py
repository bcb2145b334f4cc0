"""A gateway is the same again after it was written down as plain values."""

from __future__ import annotations

import json

import pytest

from charging.adapters.vehicles.enode import EnodeGateway
from charging.adapters.vehicles.enode_car import EnodeCar
from charging.adapters.vehicles.enode_http import EnodeApi
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from charging.adapters.vehicles.mqtt_broker import Broker
from charging.adapters.vehicles.portable import PORTABLE, describe, restored
from charging.adapters.vehicles.push import PushGateway
from charging.models.vehicles import BEHIND_A_CONNECTION
from tests.adapters.home_assistant_server import BY_SWITCH
from tests.adapters.mqtt_layouts import EVCC

API = EnodeApi(address="https://a.example", token_address="https://a.example/t", client_id="c", client_secret="s")
GATEWAYS: dict[str, Gateway] = {
    "home_assistant": HomeAssistantGateway(HomeAssistantApi("http://127.0.0.1:1", "token", True), BY_SWITCH),
    "mqtt": MqttGateway(Broker("mqtt://127.0.0.1:1", "u", "p", True), EVCC.topics, Memory().load, Memory().save),
    "enode": EnodeGateway(API, EnodeCar("car", "user", "VOLVO", ("chargeState",))),
}


@pytest.mark.parametrize("kind", GATEWAYS)
def test_what_was_described_is_restored(kind: str) -> None:
    written = json.loads(json.dumps(describe(GATEWAYS[kind])))

    again = restored(written)

    assert (type(again), written["kind"]) == (type(GATEWAYS[kind]), kind)
    assert describe(again) == written


def test_every_gateway_behind_a_connection_can_be_taken_along() -> None:
    assert PORTABLE == BEHIND_A_CONNECTION == set(GATEWAYS)


def test_what_is_none_is_refused() -> None:
    with pytest.raises(TypeError):
        describe(PushGateway())
    with pytest.raises(ValueError, match="kind"):
        restored({"kind": "telepathy"})
