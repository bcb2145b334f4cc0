"""Every test of the wizard has the price areas, and no memory of how often an address asked."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from charging.models import Driver
from charging.operations.clocks import wall_now
from charging.operations.drivers import driver_of_account
from charging.operations.prices import ensure_price_areas
from tests.adapters.home_assistant_server import FakeHomeAssistant, serve_home_assistant
from tests.factories import make_account


@pytest.fixture(autouse=True)
def _price_areas(db: None) -> None:
    ensure_price_areas()
    cache.clear()


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def alice(client: Client) -> Driver:
    account = make_account()
    client.force_login(account)
    return driver_of_account(account=account, now=wall_now())
