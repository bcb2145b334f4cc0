"""What the tests of connecting a real car in the wizard share."""

from __future__ import annotations

import html

from django.test import Client

from tests.adapters.home_assistant_server import BY_SWITCH, TOKEN, FakeHomeAssistant
from tests.onboarding.walk import send

URL = "/setup/car/home-assistant/"
CAR = {
    "name": "Our car",
    "make": "VOLVO",
    "capacity": "77",
    "kilowatts": "11",
    **dict(BY_SWITCH.that_are_read()),
}


def connect(client: Client, server: FakeHomeAssistant, **values: str) -> str:
    """Sends the first form; returns the address of the second."""
    answer = send(client, URL, **{"address": server.url, "token": TOKEN} | values)
    assert answer.status_code == 303, html.unescape(answer.content.decode())
    return str(answer.headers["Location"])
