"""The values that faults are made of: periods, timers, and what others do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

NOTHING = timedelta(0)


def require(is_so: bool, what: str) -> None:
    """Raises ValueError with `what` should be so when it is not."""
    if not is_so:
        raise ValueError(what)


@dataclass(frozen=True, slots=True)
class Period:
    """`[start, end)`, aware instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        require(self.start.utcoffset() is not None, "a period has aware instants")
        require(self.start < self.end, "a period ends after it begins")

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


@dataclass(frozen=True, slots=True)
class Timer:
    """A schedule in the car or the charger: it charges from `opens` to `closes` on the local clock, each day.

    Where only one of them is set, the other is noon: a timer set to 23:00 keeps an afternoon's arrival waiting and
    lets a car that comes at 02:00 charge. `opens` after `closes` goes over midnight.
    """

    opens: time | None = None
    closes: time | None = None

    def __post_init__(self) -> None:
        require(self.opening != self.closing, "a timer opens and closes at different times")

    @property
    def opening(self) -> time:
        return time(12) if self.opens is None else self.opens

    @property
    def closing(self) -> time:
        return time(12) if self.closes is None else self.closes


@dataclass(frozen=True, slots=True)
class Flapping:
    """In the period the current is there for `every`, then away for as long, and so on."""

    period: Period
    every: timedelta

    def __post_init__(self) -> None:
        require(self.every > NOTHING, "flapping takes time")


@dataclass(frozen=True, slots=True)
class LoadBalancing:
    """What the plug offers: for `every`, a power in kW between the two, then another one."""

    every: timedelta
    low_kw: float = 1.4
    high_kw: float = 11.0

    def __post_init__(self) -> None:
        require(self.every > NOTHING, "a step of load balancing takes time")
        require(0 < self.low_kw <= self.high_kw, "load balancing never offers nothing")


class Deed(StrEnum):
    """What somebody else does to the car. Starting and stopping does nothing to an unplugged one."""

    START = "START"
    STOP = "STOP"
    SET_LIMIT = "SET_LIMIT"
    PLUG_IN = "PLUG_IN"
    UNPLUG = "UNPLUG"
    DRIVE_AWAY = "DRIVE_AWAY"


@dataclass(frozen=True, slots=True)
class DailyAct:
    """A deed at a time of the local clock, each day; `percent` is the new limit."""

    deed: Deed
    local_time: time
    percent: float = 100.0

    def __post_init__(self) -> None:
        require(0 <= self.percent <= 100, "a limit is a percentage")


@dataclass(frozen=True, slots=True)
class Act:
    """A deed at an instant; `percent` is the new limit."""

    deed: Deed
    at: datetime
    percent: float = 100.0

    def __post_init__(self) -> None:
        require(self.at.utcoffset() is not None, "an act has an aware instant")
        require(0 <= self.percent <= 100, "a limit is a percentage")
