"""A night of a real car behind a connection: its own readings, published prices, and no lease."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.mqtt_topics import Topics, topics_to_json
from charging.models import Connection, Driver, PriceArea
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations import car_control, clients, connected_cars, drivers, prices, sending, telemetry
from charging.operations.linking import LinkedCar
from tests.adapters.enode_server import CAR_ID, TELLS
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import BY_SWITCH
from tests.connections import SECRET, make_connection, make_enode_connection
from tests.factories import make_prices
from tests.operations.night import Night

CHEAP_FROM, CHEAP_UNTIL = 1, 5
"""Hours of the night, UTC."""


def make_connected_night(patch: pytest.MonkeyPatch, gateway: Gateway, *, address: str) -> Night:
    """A car at NOW, charging at Home, which is read and commanded through `gateway`; smart charging is on."""
    chosen = dict(BY_SWITCH.that_are_read())
    return _night(patch, gateway, GatewayName.HOME_ASSISTANT, {"address": address}, chosen)


def make_mqtt_night(patch: pytest.MonkeyPatch, gateway: Gateway, *, address: str, topics: Topics) -> Night:
    """The same at a broker."""
    connection = {"address": address, "kind": ConnectionKind.MQTT, "token": SECRET}
    return _night(patch, gateway, GatewayName.MQTT, connection, topics_to_json(topics))


def make_enode_night(patch: pytest.MonkeyPatch, gateway: Gateway, *, address: str) -> Night:
    """The same by Enode."""
    connection = {"address": address, "kind": ConnectionKind.ENODE}
    chosen = {"vehicle": CAR_ID, "vendor": "VOLVO", "tells": list(TELLS)}
    return _night(patch, gateway, GatewayName.ENODE, connection, chosen)


def _night(
    patch: pytest.MonkeyPatch, gateway: Gateway, name: str, connection: Mapping[str, str], chosen: Mapping[str, Any]
) -> Night:
    for module in (telemetry, sending, car_control):
        patch.setattr(module, "gateway_of", lambda _vehicle: gateway)
    prices.ensure_price_areas()
    driver = drivers.create_driver(client=clients.ensure_built_in_client(now=NOW), external_id="alice", now=NOW)
    car = LinkedCar(gateway=name, vendor="VOLVO", battery_capacity_kwh=60, max_power_kw=10, display_name="Our car")
    vehicle = connected_cars.connect_car(
        driver=driver,
        connection=_connection(driver, connection),
        car=car,
        chosen=chosen,
        now=NOW,
    )
    night = Night(driver=driver, vehicle=vehicle, now=NOW)
    night.add_place()
    _publish_prices()
    connected_cars.look_at_first(vehicle=vehicle, now=NOW)
    night.turn_on()
    return night


def _connection(driver: Driver, values: Mapping[str, str]) -> Connection:
    make = make_enode_connection if values.get("kind") == ConnectionKind.ENODE else make_connection
    return make(driver=driver, **values)


def _publish_prices() -> None:
    """Two market days of quarters, cheap in some hours of the second one."""
    area = PriceArea.objects.get(code="NO2")
    for day in (0, 1):
        start = NOW.replace(hour=23) + timedelta(days=day - 1)
        hours = [(start + timedelta(hours=hour)).hour for hour in range(24) for _ in range(4)]
        cheap = [day == 1 and CHEAP_FROM <= hour < CHEAP_UNTIL for hour in hours]
        make_prices(area=area, day_start=start, prices=["0.05" if is_cheap else "0.25" for is_cheap in cheap])
