"""How a car's charging at one place is learned from its plug-ins there: its power, and how that falls near the end.

The power of a plug-in is the lower quartile of its readings at low levels. Over plug-ins x the learned power p follows

    p <- p + FALL (x - p)    where x < p         p <- p + RISE (x - p)    where x >= p

the steps of a stochastic gradient towards the expectile of x at RISE / (RISE + FALL) = 1/6, which lies below the mean
like a low percentile does (Newey and Powell 1987, Asymmetric Least Squares Estimation and Testing, Econometrica 55).
Half of a low value is believed at once; one odd one is forgotten by a tenth of the distance a plug-in. The shortfall

    d <- max(1 - x / p, FORGET d)

says how far below p a plug-in fell lately: what is unsteady is not trusted (learned.py).

The taper is learned at a place, not of a car alone: it is the battery that limits the power near the end, so its share
of the power depends on what the plug gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import pairwise
from statistics import median

from charging.core.car_view import MIN_CHARGING_POWER_KW
from charging.core.energy import ASSUMED_TAPER, KNEE_PERCENT, Taper
from charging.core.facts import Reading
from charging.core.learned import Learned
from charging.core.taper_fit import fit_taper

MOST_POWER_KW = 500.0
"""No plug gives more."""
FLAT_PERCENT = 75.0
"""Up to here no car is known to draw less; where a plug-in has shown nothing of it, up to the assumed knee."""
FALL = 0.5
RISE = 0.1
FORGET = 0.85
KEPT = 20
"""Plug-ins that are remembered; what is older weighs less than an eighth."""
TAPER_SESSIONS = 3
"""Plug-ins that must have shown a taper before the assumed one is given up."""


@dataclass(frozen=True, slots=True)
class PlugInPower:
    """What one plug-in told of the charging: from its first reading to its last; the taper only where it showed one."""

    plugged_in_at: datetime
    until: datetime
    power_kw: float
    taper: Taper | None = None


def observe(readings: Iterable[Reading], plugged_in_at: datetime) -> PlugInPower | None:
    """What the readings of one plug-in tell, in whatever order and however often each came; None while nothing.

    A reading after one without charging may catch the ramp, so it does not count.
    """
    in_order = sorted({reading.observed_at: reading for reading in readings}.items())
    steady = [after for (_, before), (_, after) in pairwise(in_order) if _power(before) and _power(after)]
    flat = _powers_up_to(FLAT_PERCENT, steady) or _powers_up_to(KNEE_PERCENT, steady)
    if not flat:
        return None
    plateau_kw = median(flat)
    shares = [
        (reading.soc_percent, _power(reading) / plateau_kw)
        for reading in steady
        if reading.soc_percent is not None and reading.soc_percent > FLAT_PERCENT
    ]
    return PlugInPower(
        plugged_in_at=plugged_in_at,
        until=in_order[-1][0],
        power_kw=flat[(len(flat) - 1) // 4],
        taper=fit_taper(shares),
    )


def _powers_up_to(percent: float, readings: Sequence[Reading]) -> list[float]:
    """The powers at levels up to this one, or at levels that were not told, least first."""
    return sorted(_power(reading) for reading in readings if (reading.soc_percent or 0.0) <= percent)


def _power(reading: Reading) -> float:
    """The power in kW; zero where the car does not charge, does not say, or says what cannot be."""
    power_kw = reading.charging_power_kw or 0.0
    is_believable = MIN_CHARGING_POWER_KW < power_kw <= MOST_POWER_KW
    return power_kw if reading.is_charging is not False and is_believable else 0.0


def remember(past: Sequence[PlugInPower], new: PlugInPower) -> tuple[PlugInPower, ...]:
    """The newest plug-ins in time order, `new` in the place of what was known of the same one before."""
    others = [one for one in past if one.until < new.plugged_in_at or new.until < one.plugged_in_at]
    return tuple(sorted((*others, new), key=lambda one: one.plugged_in_at)[-KEPT:])


def learn(past: Sequence[PlugInPower]) -> Learned | None:
    """What these plug-ins, in time order, teach; None where there are none."""
    if not past:
        return None
    power_kw, shortfall = past[0].power_kw, 0.0
    for one in past[1:]:
        shortfall = max(1.0 - one.power_kw / power_kw, FORGET * shortfall)
        power_kw = _after(power_kw, one.power_kw)
    return Learned(power_kw, len(past), shortfall, _taper([one.taper for one in past if one.taper is not None]))


def _after(low: float, value: float) -> float:
    """What is learned after one more value, by the formula above."""
    return low + (FALL if value < low else RISE) * (value - low)


def _taper(tapers: Sequence[Taper]) -> Taper:
    if len(tapers) < TAPER_SESSIONS:
        return ASSUMED_TAPER
    return Taper(
        knee_percent=reduce(_after, (taper.knee_percent for taper in tapers)),
        floor_fraction=reduce(_after, (taper.floor_fraction for taper in tapers)),
    )
