"""This very product as the server at the other end: its own API over HTTP, on this machine, with simulated cars.

It answers in a thread, over the database connection of the test, which waits meanwhile: what a test writes is there at
once, and gone with the test. Nothing in here is told to the code under test but an address and credentials.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import time_machine
from django.db import connections
from django.test.client import ClientHandler
from pytest_django import Settings

from charging.adapters.vehicles.enode import EnodeGateway
from charging.adapters.vehicles.enode_account import look_behind
from charging.adapters.vehicles.enode_car import car_from_json, car_to_json
from charging.adapters.vehicles.enode_http import EnodeApi
from charging.models import Client, Vehicle
from charging.operations import charge_actions, telemetry
from charging.operations.clients import add_credentials
from tests.adapters.clocked_gateway import ClockedGateway
from tests.adapters.serving import serving
from tests.contracts.cars import make_simulated_car
from tests.factories import make_client

BEFORE = timedelta(minutes=10)
"""So long before it is asked for a car is there, so that it has been seen charging."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Says nothing."""


class PeerServer(WSGIServer):
    """One request after the other; `asked` remembers methods and paths."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self._connection = connections["default"]
        # Of all handlers the one that leaves the connection open: it is not this thread's to close.
        self._handler = ClientHandler(enforce_csrf_checks=True)
        self.set_app(self._app)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def _app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        connections["default"] = self._connection
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        response: Any = self._handler(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]


@contextmanager
def serve_peer() -> Iterator[PeerServer]:
    """A running server, for tests one after the other that each have the database."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    try:
        with serving(PeerServer()) as server:
            yield server
    finally:
        shared.dec_thread_sharing()


class Peer:
    """What a test knows of the other end: its client there, and the hand on its clock."""

    def __init__(self, server: PeerServer, traveller: time_machine.Traveller | None = None) -> None:
        self.server = server
        self.traveller = traveller
        self.client: Client = make_client()
        self.credentials = add_credentials(client=self.client)
        server.asked.clear()

    def api(self, **values: Any) -> EnodeApi:
        """How Readyby asks it."""
        known: dict[str, Any] = {
            "address": f"{self.server.url}/api",
            "token_address": f"{self.server.url}/oauth2/token",
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.client_secret,
        }
        return EnodeApi(**known | values)

    def set_up(self, settings: Settings) -> None:
        """Makes it the server that this installation asks."""
        settings.READYBY_ENODE_URL = f"{self.server.url}/api"
        settings.READYBY_ENODE_TOKEN_URL = "/oauth2/token"
        settings.READYBY_ENODE_CLIENT_ID = self.credentials.client_id
        settings.READYBY_ENODE_CLIENT_SECRET = self.credentials.client_secret

    def set_clock(self, now: datetime) -> None:
        """Its cars are read at every instant at which it is asked, and what was asked of them is judged."""
        if self.traveller is not None:
            self.traveller.move_to(now, tick=False)
        for vehicle in Vehicle.objects.filter(driver__client=self.client).select_related("driver"):
            telemetry.poll(vehicle=vehicle, now=now)
        charge_actions.advance_actions(at_wall=now)

    def add_car(self, *, now: datetime, user_id: str = "", soc_percent: float = 30.0) -> Vehicle:
        """A simulated car of a user there, at home on its cable; it has been charging for a while."""
        user_id = user_id or f"user-{uuid.uuid4()}"
        vehicle = make_simulated_car(self.client, now=now - BEFORE, user_id=user_id, soc_percent=soc_percent)
        self.set_clock(now)
        return vehicle

    def gateway(self, *, now: datetime) -> ClockedGateway:
        """The gateway to a new car, at whatever instant it is asked."""
        vehicle = self.add_car(now=now)
        user_id = vehicle.driver.external_id
        found = look_behind(self.api(), user_id=user_id).cars[0]
        return ClockedGateway(self.set_clock, EnodeGateway(self.api(), car_from_json(car_to_json(found), user_id)))
