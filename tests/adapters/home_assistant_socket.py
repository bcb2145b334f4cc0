"""A websocket server on this machine that plays a Home Assistant, well or badly, in the loop of the test itself.

It speaks as version 2024.3.3 was seen to: whole entities first, then what changed of them, times in seconds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from ssl import SSLContext
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.home_assistant_socket import UNHEARD
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import ENTITIES, TOKEN

VERSION = "2024.3.3"
PERCENT = {"unit_of_measurement": "%", "device_class": "battery"}
WHERE = {"latitude": 58.1467, "longitude": 7.9956, "source_type": "gps"}


def said(state: object, at: datetime = NOW, **attributes: Any) -> dict[str, Any]:
    """A whole entity, as it is sent."""
    return {"s": str(state), "a": attributes, "c": "01", "lc": at.timestamp()}


@dataclass
class FakeSocket:
    """`states` are what it has. `asked` remembers what a client has said after signing in, `signed_in` how many have.

    `manner`: "silent" reads nothing once it has told the states; "says" sends `nonsense` in their place.
    """

    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    token: str = TOKEN
    manner: str = "well"
    nonsense: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    open: list[ServerConnection] = field(default_factory=list)
    signed_in: int = 0
    port: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def api(self, **values: Any) -> HomeAssistantApi:
        """How Readyby asks it."""
        known: dict[str, Any] = {"address": f"http://127.0.0.1:{self.port}", "token": TOKEN, "allows_local": True}
        return HomeAssistantApi(**known | values)

    async def change(self, entity_id: str, state: object, at: datetime = NOW, **attributes: Any) -> None:
        """An entity changes, and everybody who listens hears of it."""
        self.states[entity_id] = said(state, at, **attributes or self.states.get(entity_id, {}).get("a", {}))
        await self.say({"c": {entity_id: {"+": {"s": str(state), "lc": at.timestamp(), "c": "02"}}}})

    async def say(self, event: dict[str, Any]) -> None:
        for connection in list(self.open):
            await connection.send(json.dumps({"id": 1, "type": "event", "event": event}))

    async def cut(self) -> None:
        """All lines are cut, as by a restart."""
        for connection in list(self.open):
            connection.transport.abort()
        self.open.clear()

    async def until(self, number: int) -> None:
        """Waits until so many listeners have subscribed, one after the other or at once."""
        while len(self.asked) < number:
            self.news.clear()
            await self.news.wait()

    async def serve(self, connection: ServerConnection) -> None:
        try:
            if await self._is_signed_in(connection):
                await self._tell(connection)
                await connection.wait_closed()
        except ConnectionClosed:
            pass

    async def _is_signed_in(self, connection: ServerConnection) -> bool:
        await connection.send(json.dumps({"type": "auth_required", "ha_version": VERSION}))
        offered = json.loads(await connection.recv())
        self.offered.append(offered["access_token"])
        if offered != {"type": "auth", "access_token": self.token}:
            refusal = {"type": "auth_invalid", "message": "Invalid access token or password"}
            await connection.send(json.dumps(refusal))
            return False
        self.signed_in += 1
        await connection.send(json.dumps({"type": "auth_ok", "ha_version": VERSION}))
        return True

    async def _tell(self, connection: ServerConnection) -> None:
        asked = json.loads(await connection.recv())
        if self.manner == "says":
            for text in self.nonsense:
                await connection.send(text)
            return
        await connection.send(json.dumps({"id": asked["id"], "type": "result", "success": True, "result": None}))
        of_it = {entity_id: self.states[entity_id] for entity_id in asked["entity_ids"] if entity_id in self.states}
        await connection.send(json.dumps({"id": asked["id"], "type": "event", "event": {"a": of_it}}))
        if self.manner == "silent":
            connection.transport.pause_reading()
        self.open.append(connection)
        self.asked.append(asked)
        self.news.set()


def car_states(at: datetime = NOW, *, is_plugged_in: bool = False, level: float = 40) -> dict[str, dict[str, Any]]:
    """What a car of ENTITIES says."""
    return {
        ENTITIES.level: said(level, at, **PERCENT),
        ENTITIES.plug: said("on" if is_plugged_in else "off", at, device_class="plug"),
        ENTITIES.charging: said("off", at),
        ENTITIES.power: said(0, at, unit_of_measurement="W"),
        ENTITIES.limit: said(80, at, unit_of_measurement="%"),
        ENTITIES.position: said("not_home", at, **WHERE),
        ENTITIES.switch: said("off", at),
        "sensor.phone_battery_level": said(77, at, **PERCENT),
    }


@asynccontextmanager
async def serve_socket(fake: FakeSocket | None = None, ssl: SSLContext | None = None) -> AsyncIterator[FakeSocket]:
    """A running server, stopped at the end."""
    fake = fake or FakeSocket(car_states())
    server: Server
    quiet: dict[str, Any] = {"logger": UNHEARD, "ping_interval": None, "close_timeout": 0.1}
    async with serve(fake.serve, "127.0.0.1", fake.port, ssl=ssl, **quiet) as server:
        fake.port = next(iter(server.sockets)).getsockname()[1]
        try:
            yield fake
        finally:
            await fake.cut()
