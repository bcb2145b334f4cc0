"""A night: one plug-in at a place, with everything that interference can be told from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property

from charging.core import car_view
from charging.core.clock_times import Moment
from charging.core.facts import Car, CommandKind, PriceInterval, Reading
from charging.core.periods import Period
from charging.core.spells import Spell, spells_in

LEAST_TOLERANCE = timedelta(minutes=5)
EFFECT_AFTER_POLLS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class OurCommand:
    """A command of ours that was sent; `confirmed_at` is when the car was seen to follow it."""

    kind: CommandKind
    first_sent_at: datetime
    last_sent_at: datetime
    confirmed_at: datetime | None = None
    is_schedule_conflict: bool = False


@dataclass(frozen=True)
class Night:
    """`[plugged_in_at, unplugged_at)`, open-ended while the car is plugged in.

    `readings` and `commands` are in time order. `wanted` are the periods in which charging was what we wanted: the
    plan's windows and all time without a plan; `protective` those in which the car charged to its minimum whatever the
    plan. `is_claimed`: the driver said "that was me" or used charge now. `safety_net` is the time of a schedule that
    the driver keeps on purpose. `prices` are those of the market, where anything is to be told from them.
    """

    plugged_in_at: datetime
    unplugged_at: datetime | None
    readings: tuple[Reading, ...]
    commands: tuple[OurCommand, ...] = ()
    wanted: tuple[Period, ...] = ()
    protective: tuple[Period, ...] = ()
    is_at_place: bool = True
    is_claimed: bool = False
    minimum_percent: float = 0.0
    timezone_name: str = "UTC"
    safety_net: time | None = None
    poll_interval: timedelta = timedelta(minutes=5)
    prices: tuple[PriceInterval, ...] = ()

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        """When it charged."""
        return spells_in(self.readings)

    @property
    def is_over(self) -> bool:
        return self.unplugged_at is not None

    @property
    def seen_until(self) -> datetime:
        """Up to when something is known of it."""
        return self.unplugged_at or self.readings[-1].observed_at

    @property
    def tolerance(self) -> timedelta:
        """How far apart two times may be and still be the same (UX 3.1)."""
        return max(LEAST_TOLERANCE, 1.5 * self.poll_interval)

    @property
    def effect_within(self) -> timedelta:
        """How long after a command, or after the reading before, a change may be seen and still be told apart."""
        return 2 * self.poll_interval + EFFECT_AFTER_POLLS

    def command_before(self, instant: datetime) -> OurCommand | None:
        """The newest command sent before: one that is sent at the instant of a reading has not caused what it shows."""
        return next((command for command in reversed(self.commands) if command.first_sent_at < instant), None)

    def wanted_charge(self, instant: datetime) -> bool:
        return any(instant in period for period in self.wanted)

    def moment(self, after: datetime, until: datetime) -> Moment:
        return Moment(after, until, self.timezone_name)


@dataclass(frozen=True, slots=True)
class PlugIn:
    """The readings of one plug-in, what they leave open filled in from those before."""

    plugged_in_at: datetime
    unplugged_at: datetime | None
    readings: tuple[Reading, ...]


def plug_ins(readings: Iterable[Reading]) -> tuple[PlugIn, ...]:
    """The plug-ins that readings in time order tell of, the first one from the first reading on at the earliest."""
    found: list[PlugIn] = []
    current: list[Reading] = []
    car = Car(battery_capacity_kwh=None, max_power_kw=0.0)
    limit_percent: float | None = None
    for reading in readings:
        car = car_view.fold(car, reading)
        if reading.charge_limit_percent is not None:
            limit_percent = reading.charge_limit_percent
        if car.is_plugged_in:
            current.append(_filled(reading, car, limit_percent))
        elif current:
            found.append(PlugIn(current[0].observed_at, reading.observed_at, tuple(current)))
            current = []
    if current:
        found.append(PlugIn(current[0].observed_at, None, tuple(current)))
    return tuple(found)


def _filled(reading: Reading, car: Car, limit_percent: float | None) -> Reading:
    return replace(
        reading,
        is_plugged_in=True,
        is_charging=car.is_charging,
        soc_percent=car.soc_percent,
        charge_limit_percent=limit_percent,
    )
