"""Sending to an address that somebody else has chosen: checked when it is connected to, never redirected, soon over."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import httpcore

from charging.adapters.outside_address import CheckedBackend, Resolve, any_address, check_url, is_public, resolve
from charging.adapters.prices.hanging_up import HangUp

TOTAL = timedelta(seconds=15)
CONNECT_SECONDS = 5.0
MOST_BYTES = 64 * 1024


class DeliveryError(Exception):
    """Nobody answered, or not in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered; of the body at most 64 kB."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]


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
