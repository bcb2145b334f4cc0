"""Charges as a car reports them: every few minutes, level and power rounded down as the simulator does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor

from charging.core.energy import ASSUMED_TAPER, Taper, power_at, soc_after
from charging.core.facts import PowerDelivery, Reading
from charging.core.learning import PlugInPower, observe
from tests.core.make import MINUTE, NOW

CAPACITY_KWH = 60.0


def make_reading(at: datetime, *, power_kw: float | None, soc_percent: float | None = 50.0) -> Reading:
    """A car that charges with this power; None: it stands still."""
    is_charging = power_kw is not None
    delivery = PowerDelivery.CHARGING if is_charging else PowerDelivery.STOPPED
    return Reading(
        observed_at=at,
        event_id=f"{at:%d %H:%M:%S}",
        power_delivery=delivery,
        soc_percent=soc_percent,
        is_plugged_in=True,
        is_charging=is_charging,
        charging_power_kw=power_kw or 0.0,
    )


def make_steady_readings(*powers_kw: float | None, start: datetime = NOW, soc_percent: float = 50.0) -> list[Reading]:
    """One reading each five minutes with these powers."""
    return [
        make_reading(start + number * 5 * MINUTE, power_kw=power_kw, soc_percent=soc_percent)
        for number, power_kw in enumerate(powers_kw)
    ]


def make_charge(
    *,
    start: datetime = NOW,
    from_percent: float = 40.0,
    to_percent: float = 100.0,
    power_kw: float = 11.0,
    taper: Taper = ASSUMED_TAPER,
    steps_per_percent: int = 10,
    every: timedelta = 5 * MINUTE,
) -> list[Reading]:
    """A charge without a break, whose true taper is given."""
    readings, at, soc = [], start, from_percent
    while soc < to_percent:
        level = floor(soc * steps_per_percent + 1e-6) / steps_per_percent
        power = floor(power_at(soc, power_kw, taper) * 100 + 1e-6) / 100
        readings.append(make_reading(at, power_kw=power, soc_percent=level))
        soc, at = soc_after(soc, every, CAPACITY_KWH, power_kw, taper=taper), at + every
    return readings


def make_plug_ins(*powers_kw: float, taper: Taper | None = None, start: datetime = NOW) -> tuple[PlugInPower, ...]:
    """One night after the other with these powers."""
    nights = [start + timedelta(days=number) for number in range(len(powers_kw))]
    return tuple(
        PlugInPower(night, night + timedelta(hours=10), power_kw, taper)
        for night, power_kw in zip(nights, powers_kw, strict=True)
    )


def observed(readings: Sequence[Reading]) -> PlugInPower:
    """What these readings, the first of them at plugging in, tell."""
    power = observe(readings, readings[0].observed_at)
    assert power is not None
    return power
