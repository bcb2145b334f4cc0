"""When faults have done all that they will ever do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from charging.adapters.vehicles.fault_parts import Period
from charging.adapters.vehicles.faults import NO_FAULTS, Faults


def is_over(faults: Faults, now: datetime) -> bool:
    """Whether nothing goes wrong any more from `now` on; a changed limit lasts until the faults are taken away."""
    flapping = faults.flapping
    left = replace(
        faults,
        name="",
        timezone_name="UTC",
        power_cuts=_left(faults.power_cuts, now),
        flapping=flapping if flapping is not None and flapping.period.end > now else None,
        conflicts=_left(faults.conflicts, now),
        silent=_left(faults.silent, now),
        stale=_left(faults.stale, now),
        once=tuple(act for act in faults.once if act.at > now),
    )
    return left == NO_FAULTS


def _left(periods: tuple[Period, ...], now: datetime) -> tuple[Period, ...]:
    return tuple(period for period in periods if period.end > now)
