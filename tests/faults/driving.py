"""Drivers who plug in, unplug, ask for charge now and take it back, over the API and whatever becomes of the server.

Every call has a key of its own and is made again until it is answered; so what was answered must have happened, once.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread

import httpx

from charging.adapters.vehicles.simulated_car import advance
from charging.models import Vehicle
from charging.operations.clients import Credentials
from charging.operations.clocks import own_now
from charging.operations.gateways import load_simulated_car
from tests.faults.readyby import Readyby

GIVES_UP_AFTER = 90.0
CHARGE_NOW = "/smart-override"


def make_token(readyby: Readyby, credentials: Credentials) -> str:
    answer = httpx.post(
        f"http://127.0.0.1:{readyby.port}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials.client_id, credentials.client_secret),
        timeout=30,
    )
    return str(answer.raise_for_status().json()["access_token"])


@dataclass
class Drivers:
    """One thread drives these cars; `answers` counts statuses, 0 for nobody there, `unanswered` the calls given up."""

    readyby: Readyby
    token: str
    cars: list[Vehicle]
    seed: int
    pause: float = 0.2
    answers: Counter[int] = field(default_factory=Counter)
    plugged_in: dict[int, bool] = field(default_factory=dict)
    accepted: int = 0
    unanswered: int = 0
    stopped: Event = field(default_factory=Event)
    thread: Thread | None = None

    def start(self) -> None:
        self.thread = Thread(target=self._drive, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        assert self.thread is not None, "it was started"
        self.thread.join(GIVES_UP_AFTER)

    def _drive(self) -> None:
        draw = Random(self.seed)
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=20) as caller:
            while not self.stopped.wait(self.pause):
                vehicle = draw.choice(self.cars)
                self._act(caller, vehicle, draw.random())

    def _act(self, caller: httpx.Client, vehicle: Vehicle, drawn: float) -> None:
        is_plugged_in = self.plugged_in.get(vehicle.pk, True)
        if not is_plugged_in or drawn < 0.4:
            action = "unplug" if is_plugged_in else "plugIn"
            if self._call(caller, "POST", f"/api/vehicles/{vehicle.public_id}/simulator", {"action": action}):
                self.plugged_in[vehicle.pk] = not is_plugged_in
            else:
                self.plugged_in.pop(vehicle.pk, None)
                self.cars = [car for car in self.cars if car.pk != vehicle.pk]
        else:
            method = "POST" if drawn < 0.8 else "DELETE"
            self._call(caller, method, f"/api/vehicles/{vehicle.public_id}{CHARGE_NOW}", None)

    def _call(self, caller: httpx.Client, method: str, path: str, body: object) -> bool:
        """Returns whether it was carried out; a call that is refused for the state of the car was answered too."""
        key, end = uuid.uuid4().hex, time.monotonic() + GIVES_UP_AFTER
        address = f"http://127.0.0.1:{self.readyby.port}{path}"
        while time.monotonic() < end:
            try:
                answer = caller.request(method, address, json=body, headers={"Idempotency-Key": key})
                status = answer.status_code
            except httpx.TransportError:
                status = 0
            self.answers[status] += 1
            if 200 <= status < 300:
                self.accepted += 1
                return True
            if 0 < status < 500:
                return False
            if self.stopped.wait(0.5) and status == 0:
                break
        self.unanswered += 1
        return False

    def lost(self) -> int:
        """How many cars do not stand as their drivers were told that they do."""
        count = 0
        for vehicle in Vehicle.objects.select_related("driver").filter(pk__in=self.plugged_in):
            car = advance(load_simulated_car(vehicle), own_now(driver=vehicle.driver))
            count += car.is_plugged_in is not self.plugged_in[vehicle.pk]
        return count
