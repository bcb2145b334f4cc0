"""Every contract test takes place at NOW, with a client of its own."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from charging.models import Client
from tests.factories import NOW, make_client


@pytest.fixture(autouse=True)
def tonight() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller
    cache.clear()


@pytest.fixture
def client() -> Client:
    return make_client()
