"""An app that reads and writes over the API while a server is changed, and counts what was not answered as it should.

It knows no model and no database, so that it may call a server of another version.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock, Thread

import httpx

CAR = {"type": "simulator", "vendor": "TESLA", "batteryCapacityKwh": 60, "maxChargingPowerKw": 11, "batteryLevel": 40}
HOME = {"name": "Home", "latitude": 58.1467, "longitude": 7.9956, "timezoneName": "Europe/Oslo"}
POLICY = {"isEnabled": True, "deadline": "07:00", "minimumChargeLimit": 20}
CAR_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
READS = ("/api/vehicles", "/api/vehicles/{car}", "/api/vehicles/{car}/smart-charging-status", "/api/health/ready")


@dataclass
class Caller:
    """Calls of one client with its credentials; each makes a connection of its own, as none can be kept for ever."""

    address: str
    token: str = ""

    def sign_in(self, client_id: str, secret: str) -> None:
        values = {"grant_type": "client_credentials"}
        answer = httpx.post(f"{self.address}/oauth2/token", data=values, auth=(client_id, secret), timeout=60)
        self.token = str(answer.raise_for_status().json()["access_token"])

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Connection": "close"}
        return httpx.request(method, self.address + path, json=body, headers=headers, timeout=60)

    def make_cars(self, count: int) -> list[str]:
        """Users, each with a car that stands plugged in at home and is ready by seven. Returns the cars' ids."""
        made = []
        for number in range(count):
            car = self._make(f"/api/users/user{number}/vehicles", CAR)
            place = self._make(f"/api/users/user{number}/locations", HOME)
            moved = {"action": "moveTo", "locationId": place}
            policy = f"/api/vehicles/{car}/smart-charging-policy"
            for method, path, body in (("POST", f"/api/vehicles/{car}/simulator", moved), ("PUT", policy, POLICY)):
                self.ask(method, path, body).raise_for_status()
            made.append(car)
        return made

    def _make(self, path: str, body: object) -> str:
        return str(self.ask("POST", path, body).raise_for_status().json()["id"])


@dataclass
class Load:
    """Some threads call until they are told to stop. `answers` counts statuses, 0 for no answer at all.

    Each thread drives cars of its own, so that what it was told last is how they stand.
    """

    caller: Caller
    cars: list[str]
    seed: int
    threads: int = 4
    pause: float = 0.1
    answers: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    plugged_in: dict[str, bool] = field(default_factory=dict)
    slowest: float = 0.0
    stopped: Event = field(default_factory=Event)
    _running: list[Thread] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def start(self) -> None:
        for number in range(self.threads):
            own = self.cars[number :: self.threads]
            thread = Thread(target=self._call_on, args=(own, Random(self.seed + number)), daemon=True)
            self._running.append(thread)
            thread.start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self._running:
            thread.join(120)

    def _call_on(self, cars: list[str], draw: Random) -> None:
        while not self.stopped.wait(self.pause):
            car = draw.choice(cars)
            if draw.random() < 0.6:
                self._count("GET", draw.choice(READS).format(car=car))
                continue
            is_plugged_in = self.plugged_in.get(car, False)
            body = {"action": "unplug" if is_plugged_in else "plugIn"}
            if self._count("POST", f"/api/vehicles/{car}/simulator", body):
                self.plugged_in[car] = not is_plugged_in

    def _count(self, method: str, path: str, body: object = None) -> bool:
        """Calls once, without another try. Returns whether it was answered as it should be."""
        begun = time.monotonic()
        try:
            status, said = self.caller.ask(method, path, body).status_code, ""
        except httpx.TransportError as error:
            status, said = 0, type(error).__name__
        with self._lock:
            self.answers[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if not 200 <= status < 300:
                self.failed.append(f"{method} {CAR_ID.sub('CAR', path)} {status} {said}".rstrip())
        return 200 <= status < 300

    def lost(self) -> int:
        """How many cars do not stand as the app was told that they do."""
        count = 0
        for car, is_plugged_in in self.plugged_in.items():
            answer = self.caller.ask("GET", f"/api/vehicles/{car}")
            count += answer.status_code != 200 or answer.json()["chargeState"]["isPluggedIn"] is not is_plugged_in
        return count
