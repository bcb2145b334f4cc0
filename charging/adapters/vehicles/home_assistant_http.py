"""Asking a Home Assistant by its REST API: at an address that a driver has typed, with the driver's token.

The address is checked when it is connected to, nobody is followed elsewhere, and every call is soon over. What is wrong
comes as a GatewayError of a kind; neither the token nor what was answered is ever part of its text.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from charging.adapters.outside_address import AddressRefused, Resolve, is_public, resolve
from charging.adapters.vehicles.conversation import Conversation, conversation, error_of, json_of

WITHIN = timedelta(seconds=10)
"""For everything that one reading or one command asks."""

HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "Readyby"))
NOT_THERE, NOT_PERMITTED = frozenset({400, 404}), frozenset({401, 403})
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
    """An answer that makes sense: 200 or 201 with its JSON; 400 and 404 say that there is no such thing.

    To a call after a question that was answered 401 and 403 say that this very call is not permitted.
    """

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
        with conversation(
            is_allowed=lambda address: is_allowed(
                address, is_encrypted=parts.scheme == "https", allows_local=self.allows_local
            ),
            resolve_name=self.resolve_name,
            within=self.within,
        ) as line:
            yield Session(self, parts, line)


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection to one Home Assistant."""

    api: HomeAssistantApi
    parts: SplitResult
    line: Conversation = field(repr=False)

    def get(self, path: str) -> Reply:
        """Returns what is there. Raises GatewayError."""
        return self._ask("GET", path, b"", NOT_THERE)

    def post(self, path: str, body: dict[str, Any]) -> Reply:
        """Returns what came of it. Raises GatewayError."""
        return self._ask("POST", path, json.dumps(body).encode(), NOT_THERE)

    def call(self, path: str, body: dict[str, Any]) -> Reply:
        """The same for what may not be permitted, after a question that was answered. Raises GatewayError."""
        return self._ask("POST", path, json.dumps(body).encode(), NOT_THERE | NOT_PERMITTED)

    def _ask(self, method: str, path: str, content: bytes, told_by: frozenset[int]) -> Reply:
        headers = [*HEADERS, ("Host", self.parts.netloc), ("Authorization", f"Bearer {self.api.token}")]
        with self.line.ask(method, self.parts, path, headers, content) as got:
            if got.status in told_by:
                return Reply(got.status, None)
            if got.status not in {200, 201}:
                raise error_of(got)
            return Reply(got.status, json_of(got))
