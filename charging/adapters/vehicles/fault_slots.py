"""Time cut into slots of equal length, so that what is drawn for a slot holds however often somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def slot_of(instant: datetime, length: timedelta) -> int:
    """The number of the slot that the instant lies in."""
    return (instant - EPOCH) // length


def start_of(slot: int, length: timedelta) -> datetime:
    """The first instant of a slot."""
    return EPOCH + slot * length
