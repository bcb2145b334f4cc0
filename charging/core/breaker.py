"""Whether somebody who does not answer is asked at all: a breaker for each kind of question (RELIABILITY F18).

After some failures in a row nothing is asked during a rest. It is drawn by chance between nothing and a bound that
doubles with each further failure, so that not everybody comes back at once. After it one question goes out as a probe,
and what comes of it closes the breaker or begins a longer rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES_TO_OPEN = 3
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
PROBE_TAKES = timedelta(seconds=30)
"""A probe without an outcome, because its process died, keeps others back no longer than this."""
URGENT_EVERY = timedelta(minutes=1)
"""How often a START that cannot wait goes out although the breaker is open."""
MOST_FAILURES = 1000
CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""A rest that would be longer than the longest by more than this was written by a clock that was wrong."""


class Operation(StrEnum):
    """What a gateway is asked for."""

    READ = "read"
    START = "start"
    STOP = "stop"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Breaker:
    """One kind of question to one service: failures in a row, since when it is open, until when nothing is asked."""

    failures: int = 0
    opened_at: datetime | None = None
    rests_until: datetime | None = None
    urgent_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.failures < FAILURES_TO_OPEN

    def is_resting(self, now: datetime) -> bool:
        """Whether nothing is asked now; neither closed nor resting, it waits for the outcome of a probe."""
        if self.is_closed or self.rests_until is None:
            return False
        return now < self.rests_until <= now + LONGEST_REST + CLOCKS_DIFFER_BY


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether to ask, and the breaker after that; `until` is when asking is worth it again, where it is refused."""

    is_given: bool
    breaker: Breaker
    until: datetime | None = None


def ask(breaker: Breaker, *, now: datetime, is_urgent: bool = False) -> Leave:
    """Returns whether one question may go out at `now`. What cannot wait goes out once a minute in any case."""
    if breaker.is_closed:
        return Leave(True, breaker)
    if not breaker.is_resting(now):
        return Leave(True, replace(breaker, rests_until=now + PROBE_TAKES))
    assert breaker.rests_until is not None, "a breaker that rests has an end of its rest"
    if not is_urgent:
        return Leave(False, breaker, breaker.rests_until)
    before = breaker.urgent_at
    free_at = now if before is None or before > now else before + URGENT_EVERY
    if free_at <= now:
        return Leave(True, replace(breaker, urgent_at=now))
    return Leave(False, breaker, min(free_at, breaker.rests_until))


def failed(breaker: Breaker, *, now: datetime, chance: float) -> Breaker:
    """The breaker after a question without an answer; `chance`, from 0 to 1, is the drawn share of the bound."""
    failures = min(breaker.failures + 1, MOST_FAILURES)
    if failures < FAILURES_TO_OPEN:
        return replace(breaker, failures=failures)
    rest = bound_of(failures) * chance
    return replace(breaker, failures=failures, opened_at=breaker.opened_at or now, rests_until=now + rest)


def bound_of(failures: int) -> timedelta:
    """The longest rest after so many failures in a row: 5 s for those that open it, doubled with each, up to 5 min."""
    doublings = min(max(failures - FAILURES_TO_OPEN, 0), 10)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def may_stop(breakers: dict[Operation, Breaker], *, now: datetime) -> bool:
    """Whether a car may be stopped through a service with these breakers (RELIABILITY 8.3, rule 1).

    All must be closed: who cannot be asked to start a car again is not asked to stop it. Only the breaker of the stops
    themselves may wait for its probe, which is a stop: where that fails, the car charges.
    """
    others = (breaker for operation, breaker in breakers.items() if operation is not Operation.STOP)
    own = breakers.get(Operation.STOP, Breaker())
    return all(breaker.is_closed for breaker in others) and not own.is_resting(now)
