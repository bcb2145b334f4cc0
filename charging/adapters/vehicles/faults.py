"""What can go wrong with a simulated car, as one frozen value that the car carries.

Everything follows from the car's seed and the instant, never from how often somebody looks. Without faults the car
keeps every promise of `gateway.py`. Each fault breaks one of them, or only a habit of cars that the rules rest on:

- **Commands.** An acknowledged command is followed: not with `starts_to_ignore`, `stops_to_ignore`,
  `lost_after_sleep_share`, nor, until there is current again, with `power_cuts`, `flapping`, `timer`. It is followed
  within minutes: not with `extra_wake_up`. A plugged-in car takes a START: not with `conflicts`. That a lost reply is a
  GatewayError and the wish may have come true is kept, and happens, with `lost_reply_share`.
- **Leases.** The gateway itself starts the car at the end of a hold: not while starts are ignored or in conflict, and
  in vain while there is no current.
- **Who changes the car.** Only we and the end of a hold: not with `undoes_after`, `pauses_after` (a start
  alone), `daily`, `once`, `irregular_starts_per_day`.
- **Readings.** `read` returns what the car does now, later readings are of later instants: not with `stale`,
  `stale_share`, `duplicate_share`, `late_share`. Still the same observation has the same `event_id`, the instant is
  that of the observation, and None (`silent`) means no answer.
- **Habits only.** A steady power (`power_factor`, `load_balancing`), charging up to the car's own limit
  (`ceiling_percent`), no schedule beside the reading (`reported_schedule`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from charging.adapters.vehicles.fault_parts import (
    NOTHING,
    Act,
    DailyAct,
    Flapping,
    LoadBalancing,
    Period,
    Timer,
    require,
)
from charging.core.market_time import time_zone


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one car. Shares are probabilities from 0 to 1, local times are of `timezone_name`.

    `name` is what operations call this set. `usual_limit_percent` is the limit that comes back with the end of faults
    that change it.
    """

    name: str = ""
    timezone_name: str = "UTC"
    usual_limit_percent: float | None = None
    # What flows.
    power_factor: float = 1.0
    load_balancing: LoadBalancing | None = None
    power_cuts: tuple[Period, ...] = ()
    flapping: Flapping | None = None
    timer: Timer | None = None
    ceiling_percent: float | None = None
    # What becomes of a command.
    extra_wake_up: timedelta = NOTHING
    lost_after_sleep_share: float = 0.0
    starts_to_ignore: int = 0
    stops_to_ignore: int = 0
    conflicts: tuple[Period, ...] = ()
    lost_reply_share: float = 0.0
    # What is told.
    silent: tuple[Period, ...] = ()
    stale: tuple[Period, ...] = ()
    stale_share: float = 0.0
    duplicate_share: float = 0.0
    late_share: float = 0.0
    reported_schedule: str = ""
    # What others do.
    undoes_after: timedelta | None = None
    pauses_after: timedelta | None = None
    daily: tuple[DailyAct, ...] = ()
    once: tuple[Act, ...] = ()
    irregular_starts_per_day: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for values that no car can have."""
        time_zone(self.timezone_name)
        shares = (self.lost_after_sleep_share, self.lost_reply_share, self.duplicate_share, self.late_share)
        require(all(0 <= share <= 1 for share in shares), "a share lies between 0 and 1")
        require(0 <= self.stale_share < 1, "some answers are fresh; for none, name a period")
        require(self.power_factor > 0, "a power is positive")
        require(self.ceiling_percent is None or 0 <= self.ceiling_percent <= 100, "a ceiling is a percentage")
        require(self.extra_wake_up >= NOTHING, "waking up takes time")
        undoing = [after for after in (self.undoes_after, self.pauses_after) if after is not None]
        require(all(after > NOTHING for after in undoing), "undoing takes time")
        counts = (self.starts_to_ignore, self.stops_to_ignore, self.irregular_starts_per_day)
        require(min(counts) >= 0, "a number of times is not negative")


NO_FAULTS = Faults()
