"""Connections to a Home Assistant or a broker that tests talk to, and cars behind them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from charging.adapters.sealed import seal_for
from charging.adapters.vehicles.home_assistant_entities import Entities, entities_to_json
from charging.adapters.vehicles.mqtt_topics import Topics, topics_to_json
from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations import mqtt_connections
from charging.operations.issues import Refused
from tests.adapters.enode_server import CAR_ID, TELLS
from tests.adapters.home_assistant_server import BY_SWITCH, TOKEN
from tests.adapters.mqtt_layouts import EVCC
from tests.adapters.mqtt_server import PASSWORD, USER
from tests.factories import NOW, make_vehicle

SECRET = json.dumps([USER, PASSWORD])
"""What is sealed of a broker."""


def make_connection(*, driver: Driver, token: str = TOKEN, **values: Any) -> Connection:
    """A connection that has answered, to an address where nobody is unless one is given."""
    known = {"kind": ConnectionKind.HOME_ASSISTANT, "address": "http://127.0.0.1:1", "name": "Our house"}
    connection = Connection(**{"driver": driver, "created_at": NOW, **known} | values)
    connection.encrypted_secret = seal_for(connection.owner, token)
    connection.save()
    return connection


def make_enode_connection(*, driver: Driver, **values: Any) -> Connection:
    """A connection by Enode, which has no secret."""
    return Connection.objects.create(
        **{"driver": driver, "created_at": NOW, "kind": ConnectionKind.ENODE, "address": "https://enode.example"}
        | values
    )


def put_behind_enode(connection: Connection, vehicle: Vehicle, *, car_id: str = CAR_ID) -> ConnectedCar:
    """The vehicle as a car that is linked by Enode."""
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway=GatewayName.ENODE)
    vehicle.gateway = GatewayName.ENODE
    kept = {"vehicle": car_id, "vendor": vehicle.vendor, "tells": list(TELLS)}
    return ConnectedCar.objects.create(vehicle=vehicle, connection=connection, entities=kept)


def put_behind(connection: Connection, vehicle: Vehicle, entities: Entities = BY_SWITCH) -> ConnectedCar:
    """The vehicle as a car that is read and commanded through the connection."""
    Vehicle.objects.filter(pk=vehicle.pk).update(gateway=GatewayName.HOME_ASSISTANT)
    vehicle.gateway = GatewayName.HOME_ASSISTANT
    return ConnectedCar.objects.create(vehicle=vehicle, connection=connection, entities=entities_to_json(entities))


def make_connected_car(*, driver: Driver, address: str = "http://127.0.0.1:1", **values: Any) -> Vehicle:
    """A car behind a connection of its driver."""
    vehicle = make_vehicle(driver=driver, gateway=GatewayName.HOME_ASSISTANT, **values)
    put_behind(make_connection(driver=driver, address=address), vehicle)
    return vehicle


def connect_broker(driver: Driver, address: str, user: str = USER, password: str = PASSWORD) -> Connection:
    """A broker as its driver connects it: it is tried."""
    return mqtt_connections.connect_broker(driver=driver, address=address, user=user, password=password, at_wall=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    """What was refused, each with the field it is about."""
    return [(issue.code, issue.path) for issue in refused.value.issues]


def make_mqtt_car(*, driver: Driver, address: str, topics: Topics = EVCC.topics, **values: Any) -> Vehicle:
    """A car at a broker that its driver has connected."""
    vehicle = make_vehicle(driver=driver, gateway=GatewayName.MQTT, **values)
    connection = make_connection(driver=driver, kind=ConnectionKind.MQTT, address=address, token=SECRET, name="")
    ConnectedCar.objects.create(vehicle=vehicle, connection=connection, entities=topics_to_json(topics))
    return vehicle
