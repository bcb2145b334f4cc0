"""Asking a Home Assistant by its REST API: at an address that a driver has typed, with the driver's token.

The address is checked when it is connected to, nobody is followed elsewhere, and every call is soon over. What is wrong
comes as a GatewayError of a kind; neither the token nor what was answered is ever part of its text.
"""

from __future__ import annotations

import ipaddress
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from charging.adapters.outside_address import AddressRefused, CheckedBackend, Resolve, is_public, resolve
from charging.adapters.prices.hanging_up import HangUp
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.retry_after import retry_after_of
from charging.core.trouble import Trouble

WITHIN = timedelta(seconds=10)
"""For everything that one reading or one command asks."""

CONNECT_SECONDS = 4.0
HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "Readyby"))
MOST_BYTES = 16 * 1024 * 1024
LONGEST_ADDRESS = 300
LONGEST_TOKEN = 1000
LOCAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7"),
    )
)
"""This machine, the networks of homes, and those between one's own machines."""

KEYS_OF_CLOUDS = ipaddress.ip_network("fd00:ec2::/32")
"""Where a cloud gives its machines their keys; by IPv4 that is not in any of the above."""

KIND_OF_STATUS = {
    401: Trouble.SIGN_IN_NEEDED,
    403: Trouble.SIGN_IN_NEEDED,
    429: Trouble.RATE_LIMITED,
    502: Trouble.OFFLINE,
    503: Trouble.OFFLINE,
    504: Trouble.OFFLINE,
}
"""A proxy says that nobody is behind it; all other errors say nothing that can be relied on."""


def checked_address(text: str, *, allows_local: bool) -> str:
    """Returns the address in one form, without what follows the host. Raises AddressRefused with the reason.

    `http://` is for the local network: elsewhere the token would be read by everybody on the way.
    """
    parts = _parts_of(text)
    if parts.scheme not in ({"http", "https"} if allows_local else {"https"}):
        raise AddressRefused("The address begins with https://, or http:// on the local network.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise AddressRefused("The address has a host and no user.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise AddressRefused("The address ends with the host and its port.")
    if not is_name_allowed(parts, allows_local=allows_local):
        raise AddressRefused("The address is not one to connect to.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _parts_of(text: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError as fault:
        raise AddressRefused("This is no address.") from fault
    if not text.isascii() or any(char <= " " for char in text.strip()) or len(text) > LONGEST_ADDRESS:
        raise AddressRefused("The address is short, of ASCII characters, without spaces.")
    return parts


def is_name_allowed(parts: SplitResult, *, allows_local: bool) -> bool:
    """Whether a host that is written as a number may be connected to; of a name that is told when it is looked up."""
    host = parts.hostname or ""
    try:
        return is_allowed(host, is_encrypted=parts.scheme == "https", allows_local=allows_local)
    except ValueError:
        return allows_local or not (host == "localhost" or host.endswith((".localhost", ".local", ".internal")))


def is_allowed(address: str, *, is_encrypted: bool, allows_local: bool) -> bool:
    """Whether an IP address may be connected to: a public one by https, a local one where the operator allows it."""
    if is_public(address):
        return is_encrypted
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return allows_local and ip not in KEYS_OF_CLOUDS and any(ip in network for network in LOCAL)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that makes sense: 200 or 201 with its JSON; 400 and 404 say that there is no such thing."""

    status: int
    content: Any


@dataclass(frozen=True, slots=True)
class HomeAssistantApi:
    """One Home Assistant and the token for it."""

    address: str
    token: str = field(repr=False)
    allows_local: bool = False
    resolve_name: Resolve = field(default=resolve, repr=False)
    within: timedelta = WITHIN

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Several questions over one connection, all of them within the time. Raises GatewayError."""
        parts = urlsplit(self.address)
        backend = CheckedBackend(
            is_allowed=lambda address: is_allowed(
                address, is_encrypted=parts.scheme == "https", allows_local=self.allows_local
            ),
            resolve_name=self.resolve_name,
        )
        with HangUp(after=self.within) as hang_up:
            try:
                with httpcore.ConnectionPool(ssl_context=tls(), network_backend=backend, retries=0) as pool:
                    yield Session(self, parts, pool, hang_up)
            except AddressRefused as fault:
                raise GatewayError(str(fault), kind=Trouble.NOT_ALLOWED) from fault
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                raise GatewayError("Nobody is there.", kind=Trouble.OFFLINE) from fault
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as fault:
                detail = "It took too long." if hang_up.is_over else type(fault).__name__
                raise GatewayError(detail) from fault


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection to one Home Assistant."""

    api: HomeAssistantApi
    parts: SplitResult
    pool: httpcore.ConnectionPool = field(repr=False)
    hang_up: HangUp = field(repr=False)

    def get(self, path: str) -> Reply:
        """Returns what is there. Raises GatewayError."""
        return self._ask("GET", path, b"")

    def post(self, path: str, body: dict[str, Any]) -> Reply:
        """Returns what came of it. Raises GatewayError."""
        return self._ask("POST", path, json.dumps(body).encode())

    def _ask(self, method: str, path: str, content: bytes) -> Reply:
        where = httpcore.URL(
            scheme=self.parts.scheme, host=self.parts.hostname or "", port=self.parts.port, target=path.encode("ascii")
        )
        seconds = self.api.within.total_seconds()
        limits = {"connect": min(CONNECT_SECONDS, seconds), "read": seconds, "write": seconds, "pool": seconds}
        extensions = {"timeout": limits, "trace": self.hang_up.watch}
        headers = [*HEADERS, ("Host", self.parts.netloc), ("Authorization", f"Bearer {self.api.token}")]
        with self.pool.stream(method, where, headers=headers, content=content, extensions=extensions) as got:
            if got.status in {400, 404}:
                return Reply(got.status, None)
            if got.status not in {200, 201}:
                raise _error_of(got)
            return Reply(got.status, _json_of(got))


def _error_of(got: httpcore.Response) -> GatewayError:
    kind = KIND_OF_STATUS.get(got.status, Trouble.NO_ANSWER)
    waits = retry_after_of(got.headers) if kind is Trouble.RATE_LIMITED else None
    return GatewayError(f"HTTP {got.status}", kind=kind, retry_after=waits)


def _json_of(got: httpcore.Response) -> Any:
    kept = b""
    for piece in got.iter_stream():
        kept += piece
        if len(kept) > MOST_BYTES:
            raise GatewayError("The answer is too long.")
    try:
        return json.loads(kept)
    except (ValueError, RecursionError) as fault:
        raise GatewayError("The answer is not JSON.") from fault


@cache
def tls() -> ssl.SSLContext:
    """How the other end proves who it is.

    Made once: reading the certificates of all authorities takes longer than most requests.
    """
    return ssl.create_default_context()
