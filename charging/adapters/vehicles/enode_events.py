"""Deliveries of Enode's API: signed over the raw body, looked into only after that (API_CONTRACT 13)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charging.adapters.vehicles.enode_values import instant_of, part_of, text_of

MOST_EVENTS = 100
MOST_BYTES = 512 * 1024
PREFIX = "sha1="


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: what, when, to whom, and everything that was said of it."""

    name: str
    created_at: datetime
    user_id: str
    content: Mapping[str, Any]

    @property
    def vehicle(self) -> Mapping[str, Any]:
        return part_of(self.content, "vehicle")

    @property
    def action(self) -> Mapping[str, Any]:
        """Enode writes of vendor actions, older ones of charge actions."""
        return part_of(self.content, "vendorAction") or part_of(self.content, "chargeAction")


def is_signed(*, secret: str, body: bytes, signature: str) -> bool:
    """Whether the signature is that of the raw body; without a secret nothing is."""
    expected = f"{PREFIX}{hmac.digest(secret.encode(), body, hashlib.sha1).hex()}"
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.encode())


def events_of(body: bytes) -> tuple[Event, ...]:
    """Returns the events of a delivery; what has no name or no instant is left out. Raises ValueError."""
    try:
        content = json.loads(body)
    except RecursionError as fault:
        raise ValueError("too deep") from fault
    if not isinstance(content, list) or len(content) > MOST_EVENTS:
        raise ValueError("no list of events")
    return tuple(event for event in map(_event, content) if event is not None)


def _event(content: Any) -> Event | None:
    if not isinstance(content, Mapping):
        return None
    name, created_at = text_of(content, "event", 60), instant_of(content, "createdAt")
    if not name or created_at is None:
        return None
    return Event(name, created_at, text_of(part_of(content, "user"), "id", 255), content)
