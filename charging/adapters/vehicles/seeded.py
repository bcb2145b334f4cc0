"""Chance that is no chance: numbers that only a name decides."""

from __future__ import annotations

from hashlib import sha256


def share(name: str) -> float:
    """A number in [0, 1)."""
    return int.from_bytes(sha256(name.encode()).digest()[:6]) / 2**48


def whole_number(low: int, high: int, name: str) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int.from_bytes(sha256(name.encode()).digest()[:8]) % (high - low + 1)
