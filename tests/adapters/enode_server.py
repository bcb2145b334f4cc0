"""A web server on this machine that plays Enode's API, for what a Readyby at the other end does not do.

It knows one user with the vehicles in `vehicles`; `replies` overrule the answer to what begins so, as in `GET /users`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from pytest_django import Settings

from charging.adapters.vehicles.enode import EnodeGateway, Follow
from charging.adapters.vehicles.enode_car import EnodeCar
from charging.adapters.vehicles.enode_http import EnodeApi
from charging.adapters.vehicles.enode_tokens import Tokens
from tests.adapters.gateway_contract import NOW
from tests.adapters.serving import serving
from tests.feeds.server import MANNERS, Reply

CLIENT_ID, SECRET = "readyby", "not / for + everybody"
CAR_ID, USER_ID = "3cbfb8bc-54da-4ca1-a9a4-5dd3a6a3cb2a", "somebody"
MINUTE = timedelta(minutes=1)
ALWAYS = {"isCapable": True, "interventionIds": []}
NEVER = {"isCapable": False, "interventionIds": []}
TELLS = ("chargeState", "location", "odometer")


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"


ABOUT = {"vin": "YV1EX000000001234", "brand": "Volvo", "model": "EX30", "year": 2025, "displayName": "The red one"}
CHARGING = {
    "batteryLevel": 42.0,
    "range": 180,
    "isPluggedIn": True,
    "isCharging": True,
    "isFullyCharged": False,
    "batteryCapacity": 64.0,
    "chargeLimit": 80,
    "chargeRate": 10.4,
    "chargeTimeRemaining": 130,
    "maxCurrent": None,
    "powerDeliveryState": "PLUGGED_IN:CHARGING",
}
CAPABLE = {
    **dict.fromkeys(("information", "chargeState", "location", "odometer"), ALWAYS),
    **dict.fromkeys(("startCharging", "stopCharging", "smartCharging"), ALWAYS),
    "setMaxCurrent": NEVER,
}


def make_content(*, at: datetime = NOW, **changed: Any) -> dict[str, Any]:
    """A vehicle as the API tells it (API_CONTRACT 5); `changed` overrules keys, those of objects one by one."""
    where = {"latitude": 58.1467, "longitude": 7.9956, "lastUpdated": stamp(at - 30 * MINUTE), "id": None}
    content: dict[str, Any] = {
        "id": CAR_ID,
        "userId": USER_ID,
        "vendor": "VOLVO",
        "lastSeen": stamp(at),
        "isReachable": True,
        "information": ABOUT,
        "chargeState": CHARGING | {"lastUpdated": stamp(at)},
        "smartChargingPolicy": {"isEnabled": False, "deadline": None, "minimumChargeLimit": 0},
        "odometer": {"distance": 12345.6, "lastUpdated": stamp(at - 20 * MINUTE)},
        "capabilities": CAPABLE,
        "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
        "location": where,
    }
    for name, value in changed.items():
        is_part = isinstance(value, dict) and isinstance(content.get(name), dict)
        content[name] = content[name] | value if is_part else value
    return content


def make_action(state: str = "PENDING", reason: str = "", detail: str = "") -> dict[str, Any]:
    """An action as the API tells it (API_CONTRACT 6)."""
    why = {"type": reason, "detail": detail} if reason else None
    return {"id": "act-1", "state": state, "targetId": CAR_ID, "kind": "START", "failureReason": why}


class FakeEnode(ThreadingHTTPServer):
    """`asked` remembers what was called, `bodies` what was sent with it, `keys` the keys of repeated calls, `headers`
    how each call was authorized. What begins as one of `loses` happens without an answer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, Reply] = {}
        self.loses: set[str] = set()
        self.vehicles: list[dict[str, Any]] = [make_content()]
        self.vendors: list[dict[str, Any]] = [{"vendor": "VOLVO", "vendorType": "vehicle", "isValid": True}]
        self.action = make_action()
        self.webhooks: list[dict[str, Any]] = []
        self.token, self.tokens_given, self.lives = "token-1", 0, 3600
        self.asked: list[str] = []
        self.headers: list[str] = []
        self.bodies: list[Any] = []
        self.keys: list[str] = []
        self.per_page = 50

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def api(self, **values: Any) -> EnodeApi:
        """How Readyby asks it, with tokens of its own."""
        known: dict[str, Any] = {
            "address": self.url,
            "token_address": f"{self.url}/oauth2/token",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "tokens": Tokens(),
        }
        return EnodeApi(**known | values)

    def gateway(self, *, follow: Follow | None = None, **values: Any) -> EnodeGateway:
        """The gateway to its first car."""
        return EnodeGateway(self.api(**values), EnodeCar(CAR_ID, USER_ID, "VOLVO", TELLS), follow)

    def set_up(self, settings: Settings) -> None:
        """Makes it the server that this installation asks."""
        settings.READYBY_ENODE_URL, settings.READYBY_ENODE_TOKEN_URL = self.url, "/oauth2/token"
        settings.READYBY_ENODE_CLIENT_ID, settings.READYBY_ENODE_CLIENT_SECRET = CLIENT_ID, SECRET

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are no news."""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Reply:
        """What it says when nothing is the matter."""
        cars = {car["id"]: car for car in self.vehicles}
        match method, path.strip("/").split("/"):
            case "GET", ["users", _]:
                return as_json({"id": USER_ID, "linkedVendors": self.vendors})
            case "GET", ["users", _, "vehicles"]:
                return self._page(int(query.get("after", ["0"])[0]))
            case "POST", ["users", _, "link"]:
                return as_json({"linkUrl": f"{self.url}/linking", "linkToken": "x"})
            case "DELETE", ["users", _]:
                return Reply(b"", 204)
            case "GET", ["vehicles", "actions", _]:
                return as_json(self.action)
            case "GET", ["vehicles", car] if car in cars:
                return as_json(cars[car])
            case "POST", ["vehicles", car, "charging"] if car in cars:
                return as_json(self.action)
            case "POST", ["vehicles", car, "refresh-hint"] if car in cars:
                return Reply(b"", 204)
            case "GET" | "PUT", ["vehicles", car, "smart-charging-policy"] if car in cars:
                cars[car]["smartChargingPolicy"] |= body or {}
                return as_json(cars[car]["smartChargingPolicy"])
            case _:
                return self._hooks(method, path, body)

    def _page(self, start: int) -> Reply:
        end = start + self.per_page
        after = str(end) if end < len(self.vehicles) else None
        return as_json({"data": self.vehicles[start:end], "pagination": {"after": after, "before": None}})

    def _hooks(self, method: str, path: str, body: Any) -> Reply:
        match method, path.strip("/").split("/"):
            case "GET", ["webhooks"]:
                return as_json({"data": self.webhooks, "pagination": {"after": None, "before": None}})
            case "POST", ["webhooks"]:
                self.webhooks.append({"id": "hook-1", "url": body["url"]})
                return as_json(self.webhooks[-1])
            case "PATCH", ["webhooks", identity]:
                return as_json({"id": identity, "url": body["url"]})
        return as_json({"type": "not-found", "title": "Not found", "detail": path}, 404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Says nothing."""

    def head(self, reply: Reply, length: int | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
        self.end_headers()

    def _answer(self) -> None:
        server = cast(FakeEnode, self.server)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        called = f"{self.command} {self.path}"
        server.asked.append(called)
        server.headers.append(self.headers.get("Authorization", ""))
        reply = next((reply for begins, reply in server.replies.items() if called.startswith(begins)), None)
        reply = reply or self._well(server, content)
        if called.startswith(tuple(server.loses)):
            reply = Reply(manner="hang up")
        if reply.manner != "well":
            self.close_connection = True
        MANNERS[reply.manner](cast(Any, self), reply)

    def _well(self, server: FakeEnode, content: bytes) -> Reply:
        if self.path == "/oauth2/token":
            server.tokens_given += 1
            return as_json({"access_token": server.token, "token_type": "bearer", "expires_in": server.lives})
        if self.headers.get("Authorization") != f"Bearer {server.token}":
            return as_json({"title": "Unauthorized"}, 401)
        body = json.loads(content) if content else None
        server.bodies.append(body)
        server.keys += [self.headers["Idempotency-Key"]] if "Idempotency-Key" in self.headers else []
        parts = urlsplit(self.path)
        return server.answer(self.command, parts.path, parse_qs(parts.query), body)


def as_json(content: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


@contextmanager
def serve_enode() -> Iterator[FakeEnode]:
    """A running server, stopped at the end."""
    with serving(FakeEnode()) as server:
        yield server
