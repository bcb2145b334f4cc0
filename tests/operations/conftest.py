"""Whom tests of operations are about, and what they talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from charging.models import Driver, Vehicle
from tests.adapters.enode_server import FakeEnode, serve_enode
from tests.adapters.mqtt_server import FakeBroker, serve_broker
from tests.connections import make_enode_connection, put_behind_enode
from tests.factories import NOW, make_driver, make_due, make_vehicle


@pytest.fixture
def alice() -> Driver:
    """A driver whose clock is that of the wall at NOW."""
    return make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)


@pytest.fixture
def broker() -> Iterator[FakeBroker]:
    """A broker with a car at it, at NOW."""
    with serve_broker() as broker:
        broker.now = NOW
        yield broker


@pytest.fixture
def enode_server(settings: Settings) -> Iterator[FakeEnode]:
    with serve_enode() as server:
        server.set_up(settings)
        yield server


@pytest.fixture
def enode_car(alice: Driver, enode_server: FakeEnode) -> Vehicle:
    """Alice's Volvo, linked by that server."""
    vehicle = make_vehicle(driver=alice, vendor="VOLVO", view={"is_charging": False})
    make_due(vehicle=vehicle)
    put_behind_enode(make_enode_connection(driver=alice), vehicle)
    return vehicle
