"""Spells of charging: when the readings of a car show that it charged, and what lay on either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from charging.core.car_view import MIN_CHARGING_POWER_KW
from charging.core.facts import Reading


@dataclass(frozen=True, slots=True)
class Spell:
    """Readings that show charging, one after the other.

    `before` and `after` are the idle readings beside it, None where there is none: it began with the plug-in, or goes
    on. The car began between `before` and `first`, and ended between `last` and `after`. `peak_kw` is the highest power
    that was reported.
    """

    before: Reading | None
    first: Reading
    last: Reading
    after: Reading | None = None
    peak_kw: float | None = None

    @property
    def began_at(self) -> datetime:
        """When it was first seen."""
        return self.first.observed_at

    @property
    def ended_at(self) -> datetime | None:
        """When its end was seen; None while it goes on."""
        return None if self.after is None else self.after.observed_at

    @property
    def final_percent(self) -> float | None:
        """The level it ended at."""
        if self.after is not None and self.after.soc_percent is not None:
            return self.after.soc_percent
        return self.last.soc_percent

    @property
    def is_seen_twice(self) -> bool:
        return self.last.observed_at > self.first.observed_at


def spells_in(readings: Iterable[Reading]) -> tuple[Spell, ...]:
    """The spells of one plug-in, from its readings in time order.

    A reading that does not say whether the car charges, and a draw too small for charging, neither begin nor end one.
    """
    spells: list[Spell] = []
    idle: Reading | None = None
    is_on = False
    for reading in readings:
        if reading.is_charging is False:
            if is_on:
                spells[-1] = replace(spells[-1], after=reading)
            idle, is_on = reading, False
        elif is_charge(reading):
            if is_on:
                spells[-1] = replace(spells[-1], last=reading, peak_kw=_higher(spells[-1].peak_kw, reading))
            else:
                spells.append(Spell(before=idle, first=reading, last=reading, peak_kw=reading.charging_power_kw))
            is_on = True
    return tuple(spells)


def is_charge(reading: Reading) -> bool:
    """Whether the car says that it charges, with a power that is more than keeping itself warm."""
    power_kw = reading.charging_power_kw
    return reading.is_charging is True and (power_kw is None or power_kw > MIN_CHARGING_POWER_KW)


def _higher(peak_kw: float | None, reading: Reading) -> float | None:
    powers = [power for power in (peak_kw, reading.charging_power_kw) if power is not None]
    return max(powers, default=None)
