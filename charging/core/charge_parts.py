"""Whose charge it was: what flowed below the minimum, against the plan, and as smart charging wanted it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from charging.core.power_profile import Flow, Part, cut, level_at


@dataclass(frozen=True, slots=True)
class Steering:
    """From `at` on the car charges up to this level at any price; None: smart charging has no say."""

    at: datetime
    minimum_percent: float | None


@dataclass(frozen=True, slots=True)
class Takeover:
    """Somebody else decided in `[start, end)`. A foreign one was noticed at `start`, some readings after it began."""

    start: datetime
    end: datetime
    is_foreign: bool = False


def divide(flows: Sequence[Flow], steering: Sequence[Steering], takeovers: Sequence[Takeover]) -> tuple[Flow, ...]:
    """The same energy in the same time, cut where its part changes, each piece with its part.

    `steering` is in time order; before its first entry smart charging has no say. Below the minimum is protective,
    whoever else wanted it; charging that somebody else began counts as theirs from its own beginning on.
    """
    spans = [(_beginning(flows, takeover), takeover.end) for takeover in takeovers]
    edges = [at for span in spans for at in span] + [entry.at for entry in steering]
    pieces = []
    for flow in flows:
        for piece in cut(flow, edges):
            pieces += _judged(piece, _minimum_at(steering, piece.start), spans)
    return tuple(pieces)


def _beginning(flows: Sequence[Flow], takeover: Takeover) -> datetime:
    """Where the charging that was under way when a foreign takeover was noticed began."""
    if not takeover.is_foreign:
        return takeover.start
    start = takeover.start
    for flow in reversed(flows):
        if flow.start < start <= flow.end:
            start = flow.start
    return start


def _minimum_at(steering: Sequence[Steering], at: datetime) -> float | None:
    entries = [entry for entry in steering if entry.at <= at]
    return entries[-1].minimum_percent if entries else None


def _judged(piece: Flow, minimum: float | None, spans: Sequence[tuple[datetime, datetime]]) -> list[Flow]:
    """The piece with its part, in two where the battery reaches the minimum within it."""
    if minimum is None:
        return [replace(piece, part=Part.UNSTEERED)]
    is_taken = any(start <= piece.start < end for start, end in spans)
    rest = Part.OVERRIDE if is_taken else Part.SMART
    halves = list(cut(piece, _crossing(piece, minimum)))
    return [replace(half, part=Part.PROTECTIVE if _is_below(half, minimum) else rest) for half in halves]


def _crossing(piece: Flow, minimum: float) -> list[datetime]:
    """The instant at which the battery reaches the minimum; none where it is not told, or not within the piece."""
    low, high = piece.soc_from_percent, piece.soc_to_percent
    if low is None or high is None or not low < minimum < high:
        return []
    return [piece.start + (piece.end - piece.start) * ((minimum - low) / (high - low))]


def _is_below(piece: Flow, minimum: float) -> bool:
    middle = level_at(piece, piece.start + (piece.end - piece.start) / 2)
    return middle is not None and middle < minimum
