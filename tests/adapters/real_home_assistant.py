"""A real Home Assistant with a real Mosquitto, and a car that it discovers by MQTT: for `READYBY_HASS=/path/to/hass`.

tests/adapters/mqtt_car.py has the car.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi

HASS = os.environ.get("READYBY_HASS", "")
CONFIGURATION = """
api:
websocket_api:
history:
recorder:
  commit_interval: 0
http:
  server_host: 127.0.0.1
  server_port: {port}
homeassistant:
  name: Our house
  latitude: 58.15
  longitude: 8.0
"""
STARTS_WITHIN = 120
ENDS_WITHIN = 120
CLIENT_ID = "http://127.0.0.1/"
PERSON = {"client_id": CLIENT_ID, "name": "Alice", "username": "alice", "password": "correct horse", "language": "en"}


def free_port() -> int:
    """A port where nobody listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool], *, within: float, what: str) -> None:
    """Raises TimeoutError where it does not come true."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if is_so():
            return
        time.sleep(0.02)
    raise TimeoutError(what)


@dataclass
class RealHomeAssistant:
    """A running instance: its address, a token for it, and a client that has the token."""

    url: str
    token: str
    client: httpx.Client
    log: Path
    broker_port: int
    run: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    count: int = 0

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        return answer.raise_for_status().json()

    def call(self, service: str, **data: Any) -> Any:
        return self.client.post(f"/api/services/{service}", json=data).raise_for_status().json()

    def publish(self, topic: str, payload: object) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.call("mqtt/publish", topic=topic, payload=text, retain=True)

    def state(self, entity_id: str) -> str | None:
        answer = self.client.get(f"/api/states/{entity_id}")
        return None if answer.status_code == 404 else str(answer.json()["state"])

    def api(self) -> HomeAssistantApi:
        return HomeAssistantApi(self.url, self.token, allows_local=True)

    def stop(self) -> None:
        """It is not there any more; whoever listens loses it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(ENDS_WITHIN)

    def start_again(self) -> None:
        """It is there as it was, with all that it knows."""
        self.process = self.run()
        _wait_until_it_runs(self.client, self.log)


@contextmanager
def real_home_assistant(folder: Path) -> Iterator[RealHomeAssistant]:
    """Starts both, and ends both: a SIGTERM to the processes that were started here."""
    port, broker_port = free_port(), free_port()
    config = folder / "config"
    config.mkdir()
    (config / "configuration.yaml").write_text(CONFIGURATION.format(port=port))
    broker_config = folder / "mosquitto.conf"
    broker_config.write_text(f"listener {broker_port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    log = folder / "hass.log"
    with log.open("wb") as output:

        def run(*command: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, stdout=output, stderr=output)

        def run_home() -> subprocess.Popen[bytes]:
            return run(HASS, "-c", str(config), "--skip-pip")

        broker, process = run(mosquitto, "-c", str(broker_config)), run_home()
        home = None
        try:
            url = f"http://127.0.0.1:{port}"
            client, token = _signed_in(url, broker_port, log)
            home = RealHomeAssistant(url, token, client, log, broker_port, run_home, process)
            yield home
        finally:
            started = [broker, process if home is None else home.process]
            for each in started:
                each.send_signal(signal.SIGTERM)
            for each in started:
                each.wait(ENDS_WITHIN)


def _signed_in(url: str, broker_port: int, log: Path) -> tuple[httpx.Client, str]:
    """A client that has a token, and the token."""
    client = httpx.Client(base_url=url, trust_env=False, timeout=30)
    wait_until(lambda: _is_up(client), within=STARTS_WITHIN, what=f"Home Assistant did not start, see {log}")
    code = client.post("/api/onboarding/users", json=PERSON).raise_for_status().json()["auth_code"]
    form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT_ID}
    token = client.post("/auth/token", data=form).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    _wait_until_it_runs(client, log)
    flow = client.post("/api/config/config_entries/flow", json={"handler": "mqtt"}).raise_for_status().json()
    broker = {"broker": "127.0.0.1", "port": broker_port}
    made = client.post(f"/api/config/config_entries/flow/{flow['flow_id']}", json=broker).raise_for_status().json()
    assert made["type"] == "create_entry", made
    return client, token


def _wait_until_it_runs(client: httpx.Client, log: Path) -> None:
    def runs() -> bool:
        try:
            answer = client.get("/api/config")
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.json()["state"] == "RUNNING"

    wait_until(runs, within=STARTS_WITHIN, what=f"Home Assistant does not run, see {log}")


def _is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/api/onboarding").status_code == 200
    except httpx.HTTPError:
        return False
