"""Listening to a Home Assistant by its websocket API: at an address that a driver has typed, with the driver's token.

The address is checked when it is connected to, nobody is followed elsewhere, and only so much is taken. What is wrong
comes as a GatewayError of a kind; neither the token nor what was said is ever part of its text, or of a log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from charging.adapters.outside_address import AddressRefused, checked_addresses
from charging.adapters.vehicles.conversation import KIND_OF_STATUS, tls
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi, is_allowed
from charging.adapters.vehicles.retry_after import retry_after_of
from charging.core.trouble import Trouble

PATH = "/api/websocket"
LONGEST_MESSAGE = 1024 * 1024
MESSAGES_A_MINUTE = 6000
BYTES_A_MINUTE = 16 * 1024 * 1024
CLOSES_WITHIN = 1.0
SUBSCRIPTION = 1
TOO_BIG = 1009

UNHEARD = logging.Logger("nobody listens", level=logging.CRITICAL + 1)
"""The library logs what is sent and said wherever somebody wants to see it; the token would be among it."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: how long an answer may take, how often a sign of life is asked for, and how long that may take."""

    answers_within: float = 10.0
    asks_every: float = 30.0
    lives_within: float = 20.0


USUAL = Rhythm()


@dataclass(slots=True)
class Flow:
    """How much was said in this minute of a clock that counts seconds."""

    began_at: float
    messages: int = 0
    taken: int = 0

    def take(self, size: int, at: float) -> None:
        """Counts a message of so many bytes. Raises GatewayError when that is more than anybody has to say."""
        if at - self.began_at >= 60:
            self.began_at, self.messages, self.taken = at, 0, 0
        self.messages += 1
        self.taken += size
        if self.messages > MESSAGES_A_MINUTE or self.taken > BYTES_A_MINUTE:
            raise GatewayError("Too much was said.")


@dataclass(slots=True)
class Line:
    """An open line. What is said of the entities is heard after `subscribe`."""

    socket: ClientConnection = field(repr=False)
    rhythm: Rhythm
    flow: Flow

    async def sign_in(self, token: str) -> None:
        """Raises GatewayError, of the kind SIGN_IN_NEEDED where the token is none."""
        await self._answer({"auth_required"})
        await self.socket.send(json.dumps({"type": "auth", "access_token": token}))
        if (await self._answer({"auth_ok", "auth_invalid"}))["type"] == "auth_invalid":
            raise GatewayError("The token is not accepted.", kind=Trouble.SIGN_IN_NEEDED)

    async def subscribe(self, entity_ids: Iterable[str]) -> None:
        """Asks for the states of these entities, now and whenever they change. Raises GatewayError."""
        wanted = {"id": SUBSCRIPTION, "type": "subscribe_entities", "entity_ids": sorted(entity_ids)}
        await self.socket.send(json.dumps(wanted))
        if (await self._answer({"result"})).get("success") is not True:
            raise GatewayError("States are not told here.")

    async def hear(self) -> dict[str, Any]:
        """Waits for what is said next of the entities, and returns it. Raises GatewayError when nothing will be."""
        while True:
            said = await self._receive()
            event = said.get("event")
            if said.get("type") == "event" and said.get("id") == SUBSCRIPTION and isinstance(event, dict):
                return event

    async def _answer(self, types: set[str]) -> dict[str, Any]:
        async with asyncio.timeout(self.rhythm.answers_within):
            said = await self._receive()
        if said.get("type") not in types:
            raise GatewayError("The answer is not that of Home Assistant.")
        return said

    async def _receive(self) -> dict[str, Any]:
        text = await self.socket.recv()
        self.flow.take(len(text), time.monotonic())
        try:
            said = json.loads(text)
        except (ValueError, RecursionError) as fault:
            raise GatewayError("The answer is not JSON.") from fault
        if not isinstance(said, dict):
            raise GatewayError("The answer is not that of Home Assistant.")
        return said


@asynccontextmanager
async def open_line(api: HomeAssistantApi, rhythm: Rhythm = USUAL) -> AsyncIterator[Line]:
    """A line that is signed in. Raises GatewayError, also for what goes wrong while it is open."""
    try:
        async with await _connection(api, rhythm) as socket:
            line = Line(socket, rhythm, Flow(time.monotonic()))
            await line.sign_in(api.token)
            yield line
    except AddressRefused as fault:
        raise GatewayError(str(fault), kind=Trouble.NOT_ALLOWED) from fault
    except InvalidStatus as fault:
        raise _refusal(fault) from fault
    except ConnectionClosed as fault:
        is_too_big = fault.sent is not None and fault.sent.code == TOO_BIG
        raise GatewayError("Too much was said." if is_too_big else "The line is cut.") from fault
    except TimeoutError as fault:
        raise GatewayError("It took too long.", kind=Trouble.OFFLINE) from fault
    except OSError as fault:
        raise GatewayError("Nobody is there.", kind=Trouble.OFFLINE) from fault
    except WebSocketException as fault:
        raise GatewayError("What was said is no websocket's.") from fault


class _Connect(connect):
    """Connects to where it was told to, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def _connection(api: HomeAssistantApi, rhythm: Rhythm) -> _Connect:
    """How the very address is connected to that was checked. Raises AddressRefused, OSError."""
    parts = urlsplit(api.address)
    is_encrypted, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if is_encrypted else 80)
    async with asyncio.timeout(rhythm.answers_within):
        addresses = await asyncio.to_thread(
            checked_addresses,
            host,
            port,
            is_allowed=lambda found: is_allowed(found, is_encrypted=is_encrypted, allows_local=api.allows_local),
            resolve_name=api.resolve_name,
        )
    secured: dict[str, Any] = {"ssl": tls(), "server_hostname": host} if is_encrypted else {}
    return _Connect(
        f"{'wss' if is_encrypted else 'ws'}://{parts.netloc}{PATH}",
        host=addresses[0],
        port=port,
        proxy=None,
        compression=None,
        user_agent_header="Readyby",
        open_timeout=rhythm.answers_within,
        ping_interval=rhythm.asks_every,
        ping_timeout=rhythm.lives_within,
        close_timeout=CLOSES_WITHIN,
        max_size=LONGEST_MESSAGE,
        logger=UNHEARD,
        **secured,
    )


def _refusal(fault: InvalidStatus) -> GatewayError:
    """What an answer says that opens no line: a proxy may keep websockets out (401, 403), whoever asks."""
    status = fault.response.status_code
    kind = Trouble.NO_ANSWER if status in {401, 403} else KIND_OF_STATUS.get(status, Trouble.NO_ANSWER)
    headers = ((name.encode(), value.encode()) for name, value in fault.response.headers.raw_items())
    waits = retry_after_of(headers) if kind is Trouble.RATE_LIMITED else None
    return GatewayError(f"HTTP {status}", kind=kind, retry_after=waits)
