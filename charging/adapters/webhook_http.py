"""Sending to an address that somebody else has chosen: checked when it is connected to, never redirected, soon over."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from charging.adapters.prices.hanging_up import HangUp

TOTAL = timedelta(seconds=15)
CONNECT_SECONDS = 5.0
MOST_BYTES = 64 * 1024
PORTS = frozenset({443, 8443})
"""Elsewhere nobody listens who wants to be told of cars."""

SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Iterable[str]]


class AddressRefused(Exception):  # noqa: N818 - nothing went wrong, the address is not one to send to
    """The address is private, or of a form that is not sent to."""


class DeliveryError(Exception):
    """Nobody answered, or not in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered; of the body at most 64 kB."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, however it is written."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in SIX_TO_FOUR or ip in NAT64 or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def any_address(_address: str) -> bool:
    """Whether an operator who allows every address allows this one."""
    return True


def check_url(url: str, *, allows_private: bool) -> SplitResult:
    """Returns the parts of an address that may be sent to. Raises AddressRefused with the reason."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise AddressRefused("This is no address.") from fault
    if parts.scheme != "https" and not (allows_private and parts.scheme == "http"):
        raise AddressRefused("The address begins with https://.")
    if not parts.hostname or parts.username is not None or parts.password is not None or not url.isascii():
        raise AddressRefused("The address has a host, no user, and no other characters than ASCII.")
    if any(char <= " " or char == "\x7f" for char in url):
        raise AddressRefused("The address has no spaces.")
    if not allows_private and (port or 443) not in PORTS:
        raise AddressRefused("The port is 443 or 8443.")
    if not allows_private and _is_private_literal(parts.hostname):
        raise AddressRefused("The address is not public.")
    return parts


def _is_private_literal(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def resolve(host: str, port: int) -> list[str]:
    """Returns the addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in found]


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked: a name that changes its mind in between gains nothing."""

    def __init__(self, *, is_allowed: Callable[[str], bool], resolve_name: Resolve) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve_name
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Raises AddressRefused when any of the addresses is not allowed, httpcore.ConnectError when there is none."""
        try:
            addresses = list(self._resolve(host, port))
        except OSError as fault:
            raise httpcore.ConnectError("The name is not known.") from fault
        if not addresses:
            raise httpcore.ConnectError("The name has no address.")
        if not all(self._is_allowed(address) for address in addresses):
            raise AddressRefused("The address is not one to connect to.")
        return self._backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def post(
    *,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allows_private: bool = False,
    resolve_name: Resolve = resolve,
    total: timedelta = TOTAL,
) -> Answer:
    """Posts JSON and returns the answer, whatever its status. Raises AddressRefused, or DeliveryError after `total`."""
    parts = check_url(url, allows_private=allows_private)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    where = httpcore.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target.encode("ascii"))
    sent = {"Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "Readyby", **headers}
    is_allowed = any_address if allows_private else is_public
    backend = CheckedBackend(is_allowed=is_allowed, resolve_name=resolve_name)
    seconds = total.total_seconds()
    limits = {"connect": min(CONNECT_SECONDS, seconds), "read": seconds, "write": seconds, "pool": seconds}
    with HangUp(after=total) as hang_up:
        try:
            with httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend, retries=0) as pool:
                extensions = {"timeout": limits, "trace": hang_up.watch}
                with pool.stream("POST", where, headers=list(sent.items()), content=body, extensions=extensions) as got:
                    return Answer(got.status, _read(got), _headers(got))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as fault:
            detail = "It took too long." if hang_up.is_over else f"{type(fault).__name__}"
            raise DeliveryError(detail) from fault


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates of all authorities takes longer than most requests."""
    return ssl.create_default_context()


def _read(got: httpcore.Response) -> str:
    kept = b""
    for piece in got.iter_stream():
        kept += piece
        if len(kept) >= MOST_BYTES:
            break
    return kept[:MOST_BYTES].decode("utf-8", errors="replace")


def _headers(got: httpcore.Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in got.headers)
