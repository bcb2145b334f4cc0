"""Gateways as plain values, so that a car can be started where there is no database.

A simulated car has none: it lives in the database. For one that an app commands there is nobody to call.
"""

from __future__ import annotations

from typing import Any

from charging.adapters.vehicles.enode import EnodeGateway
from charging.adapters.vehicles.enode_car import EnodeCar
from charging.adapters.vehicles.enode_http import EnodeApi
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import entities_from_json, entities_to_json
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from charging.adapters.vehicles.mqtt_broker import Broker
from charging.adapters.vehicles.mqtt_topics import topics_from_json, topics_to_json

HOME_ASSISTANT, MQTT, ENODE = "home_assistant", "mqtt", "enode"
PORTABLE = frozenset({HOME_ASSISTANT, MQTT, ENODE})
"""The kinds of gateway that can be described."""


def describe(gateway: Gateway) -> dict[str, Any]:
    """Returns all that is needed to ask again, the secret too: to be sealed. Raises TypeError for one without."""
    match gateway:
        case HomeAssistantGateway(api=api, entities=entities):
            own: dict[str, Any] = {"address": api.address, "token": api.token, "allows_local": api.allows_local}
            return {"kind": HOME_ASSISTANT, "api": own, "entities": entities_to_json(entities)}
        case MqttGateway(broker=broker, topics=topics):
            known: dict[str, Any] = {"address": broker.address, "user": broker.user, "password": broker.password}
            known |= {"allows_local": broker.allows_local}
            return {"kind": MQTT, "broker": known, "topics": topics_to_json(topics)}
        case EnodeGateway(api=server, car=car):
            client = {"client_id": server.client_id, "client_secret": server.client_secret}
            addresses = {"address": server.address, "token_address": server.token_address}
            named = {"id": car.id, "user_id": car.user_id, "vendor": car.vendor, "tells": list(car.tells)}
            return {"kind": ENODE, "api": addresses | client, "car": named}
    raise TypeError(f"{type(gateway).__name__} cannot be taken elsewhere")


def restored(description: dict[str, Any]) -> Gateway:
    """Returns the gateway that was described. Raises KeyError, TypeError or ValueError for what describes none."""
    match description["kind"]:
        case "home_assistant":
            entities = entities_from_json(description["entities"])
            return HomeAssistantGateway(HomeAssistantApi(**description["api"]), entities)
        case "mqtt":
            # What was seen before matters to readings alone.
            memory = Memory()
            topics = topics_from_json(description["topics"])
            return MqttGateway(Broker(**description["broker"]), topics, memory.load, memory.save)
        case "enode":
            car = description["car"]
            known = EnodeCar(car["id"], car["user_id"], car["vendor"], tuple(car["tells"]))
            return EnodeGateway(EnodeApi(**description["api"]), known)
    raise ValueError("No gateway of this kind is known")
