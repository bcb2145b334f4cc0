"""Tests reach this machine only: a connection to any other address fails at once, by name or by number."""

import ipaddress
import socket
from typing import Any

REAL_CONNECT = socket.socket.connect
REAL_CONNECT_EX = socket.socket.connect_ex
REAL_GETADDRINFO = socket.getaddrinfo
# Answered without asking anybody: numeric addresses, and the names of this machine itself.
LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain"})


def is_loopback(host: Any) -> bool:
    """Whether `host`, a name or an address, is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return name in LOCAL_NAMES


def require_loopback(address: Any) -> None:
    """Raises ConnectionRefusedError for an internet address that is not this machine."""
    if isinstance(address, tuple) and not is_loopback(address[0]):
        raise ConnectionRefusedError(f"tests do not reach the internet: {address[0]}")


def connect(self: socket.socket, address: Any) -> None:
    require_loopback(address)
    REAL_CONNECT(self, address)


def connect_ex(self: socket.socket, address: Any) -> int:
    require_loopback(address)
    return REAL_CONNECT_EX(self, address)


def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
    if not is_loopback(host):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, f"tests do not ask for names: {host}") from None
    return REAL_GETADDRINFO(host, *rest, **named)


def refuse_other_addresses() -> None:
    """From now on this process connects to loopback addresses and Unix sockets only."""
    socket.socket.connect = connect  # type: ignore[assignment, method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[assignment, method-assign]
    socket.getaddrinfo = getaddrinfo
