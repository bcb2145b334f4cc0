"""Whom tests of operations are about, and what they talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from charging.models import Driver
from tests.adapters.mqtt_server import FakeBroker, serve_broker
from tests.factories import NOW, make_driver


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
