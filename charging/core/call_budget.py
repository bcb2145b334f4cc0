"""How often a service is asked: a bucket of questions that fills evenly, with a part for what cannot wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

RESERVED_SHARE = 0.2
"""This part of a full bucket is for a START near the deadline alone (RELIABILITY F17)."""
LEAST_BURST = 5.0
HOUR = timedelta(hours=1)
CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""A bucket that is further ahead was written by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many questions an hour, and a quarter of that at once. Zero means any number."""

    per_hour: int

    @property
    def is_limited(self) -> bool:
        return self.per_hour > 0

    @property
    def burst(self) -> float:
        return max(self.per_hour / 4, LEAST_BURST)

    @property
    def reserved(self) -> float:
        """What is left to questions that cannot wait; one at least."""
        return max(self.burst * RESERVED_SHARE, 1.0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many questions there were left at an instant."""

    left: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """The bucket after a question; `until` says when to come again where there was none left for it."""

    bucket: Bucket
    until: datetime | None = None


def take(bucket: Bucket | None, rate: Rate, *, now: datetime, is_urgent: bool = False) -> Taken:
    """Takes one question out of a limited bucket, None for one that is full. An instant before its own fills nothing.

    One that is far ahead goes on from now: it would stay empty until everybody's clock has come there. Whoever keeps
    it has to take it back to now where it is refused.

    Only what cannot wait takes from the part that is kept for it.
    """
    passed = timedelta() if bucket is None else max(now - bucket.at, timedelta())
    left = rate.burst if bucket is None else min(rate.burst, bucket.left + rate.per_hour * (passed / HOUR))
    is_ahead = bucket is not None and bucket.at > now + CLOCKS_DIFFER_BY
    at = now if bucket is None or is_ahead else max(now, bucket.at)
    missing = 1.0 + (0.0 if is_urgent else rate.reserved) - left
    # What filled exactly must not fail by the last digit of a sum.
    if missing > 1e-6:
        kept = bucket if bucket is not None and is_ahead else Bucket(left, at)
        return Taken(kept, at + missing / rate.per_hour * HOUR)
    return Taken(Bucket(max(left - 1.0, 0.0), at))
