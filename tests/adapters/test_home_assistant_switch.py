"""What the switch of a car behind a Home Assistant tells where nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import NOW, read
from tests.adapters.home_assistant_server import ENTITIES, LITTLE, FakeHomeAssistant, serve_home_assistant
from tests.adapters.simulated_cars import make_car


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


def test_with_little_more_than_a_switch_the_switch_tells(server: FakeHomeAssistant) -> None:
    gateway = server.gateway(LITTLE)

    assert read(gateway, NOW).is_charging is True
    assert read(gateway, NOW).charging_power_kw is None


def test_a_switch_that_is_on_does_not_charge_a_car_without_a_cable(server: FakeHomeAssistant) -> None:
    server.changed = {ENTITIES.plug: "off"}

    reading = read(server.gateway(LITTLE), NOW)

    assert reading.is_charging is False
    assert reading.power_delivery is PowerDelivery.UNPLUGGED


def test_a_switch_that_is_on_says_nothing_of_a_cable_that_is_not_known(server: FakeHomeAssistant) -> None:
    server.changed = {ENTITIES.plug: "unavailable", ENTITIES.switch: "on"}

    reading = read(server.gateway(replace(LITTLE, position="zone.home")), NOW)

    assert (reading.is_plugged_in, reading.is_charging, reading.latitude) == (None, None, None)
    assert reading.power_delivery is PowerDelivery.UNKNOWN


def test_a_switch_that_is_on_charges_no_car_at_its_limit() -> None:
    with serve_home_assistant(make_car(80)) as server:
        server.changed = {ENTITIES.limit: "80", ENTITIES.switch: "on"}

        reading = read(server.gateway(replace(LITTLE, limit=ENTITIES.limit)), NOW)

    assert (reading.is_charging, reading.is_fully_charged) == (False, True)
    assert reading.power_delivery is PowerDelivery.COMPLETE
