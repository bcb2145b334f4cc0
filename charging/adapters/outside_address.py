"""Addresses that somebody else has chosen: checked when they are connected to, not only when they are read."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

PORTS = frozenset({443, 8443})
"""Elsewhere nobody listens who has to do with cars."""

SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NOT_PUBLIC = tuple(
    ipaddress.ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20")
)
"""What Python takes for public: networks of protocols, with the keys of a cloud; the host behind each of another's
machines; and addresses of examples.
"""

Resolve = Callable[[str, int], Iterable[str]]


class AddressRefused(Exception):  # noqa: N818 - nothing went wrong, the address is not one to send to
    """The address is private, or of a form that is not sent to."""


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, however it is written."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in SIX_TO_FOUR or ip in NAT64 or ip.is_site_local:
            return False
    if any(ip in network for network in NOT_PUBLIC):
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


def checked_addresses(host: str, port: int, *, is_allowed: Callable[[str], bool], resolve_name: Resolve) -> list[str]:
    """Returns the addresses of a name, one or more, all of them allowed; one of these is to be connected to.

    Raises AddressRefused when any of them is not allowed, OSError when there is none.
    """
    try:
        addresses = list(resolve_name(host, port))
    except (OSError, UnicodeError) as fault:
        raise OSError("The name is not known.") from fault
    if not addresses:
        raise OSError("The name has no address.")
    if not all(is_allowed(address) for address in addresses):
        raise AddressRefused("The address is not one to connect to.")
    return addresses


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
            addresses = checked_addresses(host, port, is_allowed=self._is_allowed, resolve_name=self._resolve)
        except OSError as fault:
            raise httpcore.ConnectError(str(fault)) from fault
        return self._backend.connect_tcp(addresses[0], port, timeout, local_address, socket_options)
