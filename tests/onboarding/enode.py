"""What the tests of linking a car by Enode in the wizard share."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from charging.models import Connection, Driver
from charging.models.connections import ConnectionKind
from tests.adapters.enode_server import FakeEnode
from tests.onboarding.walk import send

URL = "/setup/car/enode/"
CAR = {"name": "Our car", "capacity": "64", "kilowatts": "11"}


def begin_link(client: Client, server: FakeEnode, url: str = URL) -> str:
    """Presses the button; returns the way back that the other end was told, as a path."""
    answer = send(client, url)
    assert answer.status_code == 303, answer.content.decode()
    assert answer.headers["Location"] == f"{server.url}/linking"
    back = server.bodies[-1]["redirectUri"]
    return re.sub(r"^http://testserver", "", str(back))


def come_back(client: Client, server: FakeEnode) -> str:
    """Links the account and goes where the way back leads."""
    answer = client.get(begin_link(client, server))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def go_on(client: Client, url: str) -> Any:
    """The first page that does not lead on by itself."""
    while (answer := client.get(url)).status_code == 303:
        url = answer.headers["Location"]
    return answer


def connection_of(driver: Driver) -> Connection:
    return driver.connections.get(kind=ConnectionKind.ENODE)
