"""How a battery fills: energy, charging time with taper, and the time kept free before a deadline.

The model. A car draws its power P [kW, at the plug] up to a knee; above it the power falls linearly to a fraction of P
at 100 %. With s the state of charge in percent, C the capacity [kWh] and e the share of the plug's energy that reaches
the battery:

    f(s) = 1                               for s <= knee
    f(s) = 1 - k (s - knee)                above,   k = (1 - floor) / (100 - knee)
    ds/dt = 100 e P f(s) / C               percent per hour

Separating the variables gives a stretched percentage g(s) in which charging is uniform:

    g(s) = s                               for s <= knee
    g(s) = knee - ln(f(s)) / k             above
    time from a to b = (g(b) - g(a)) C / (100 e P)

so times and levels are closed forms, exact over any split of a period.
"""

from __future__ import annotations

import math
from datetime import timedelta

KNEE_PERCENT = 90.0
FLOOR_FRACTION = 0.35
EFFICIENCY = 0.9

_SLOPE = (1.0 - FLOOR_FRACTION) / (100.0 - KNEE_PERCENT)


def power_at(soc_percent: float, power_kw: float) -> float:
    """The power in kW that a car of `power_kw` draws at this state of charge: `power_kw` x f(s)."""
    return power_kw * _fraction(soc_percent)


def energy_at_plug_kwh(
    from_percent: float, to_percent: float, battery_capacity_kwh: float, efficiency: float = EFFICIENCY
) -> float:
    """The energy in kWh at the plug between two levels: (to - from) / 100 x capacity / efficiency, never below 0.

    Raises ValueError when the capacity or the efficiency is not positive.
    """
    _require_positive(battery_capacity_kwh=battery_capacity_kwh, efficiency=efficiency)
    return max(0.0, to_percent - from_percent) / 100.0 * battery_capacity_kwh / efficiency


def charging_time(
    from_percent: float,
    to_percent: float,
    battery_capacity_kwh: float,
    power_kw: float,
    efficiency: float = EFFICIENCY,
) -> timedelta:
    """How long charging without a break takes between two levels, taper included; zero when nothing is missing.

    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    rate = _percent_per_hour(battery_capacity_kwh, power_kw, efficiency)
    return timedelta(hours=max(0.0, _stretch(to_percent) - _stretch(from_percent)) / rate)


def effective_power_kw(
    from_percent: float,
    to_percent: float,
    battery_capacity_kwh: float,
    power_kw: float,
    efficiency: float = EFFICIENCY,
) -> float:
    """The constant power in kW that takes as long as real charging: energy at the plug / charging time.

    Where nothing is missing it is the power drawn at that level, the limit of the formula. It never exceeds `power_kw`.
    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    hours = charging_time(from_percent, to_percent, battery_capacity_kwh, power_kw, efficiency) / timedelta(hours=1)
    energy_kwh = energy_at_plug_kwh(from_percent, to_percent, battery_capacity_kwh, efficiency)
    # Below a second the microseconds of timedelta would show in the quotient.
    return min(power_kw, energy_kwh / hours) if hours > 1 / 3600 else power_at(from_percent, power_kw)


def soc_after(
    soc_percent: float,
    duration: timedelta,
    battery_capacity_kwh: float,
    power_kw: float,
    efficiency: float = EFFICIENCY,
) -> float:
    """The level in percent after charging for `duration`, at most 100: the inverse of `charging_time`.

    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    rate = _percent_per_hour(battery_capacity_kwh, power_kw, efficiency)
    return _unstretch(_stretch(soc_percent) + max(timedelta(0), duration) / timedelta(hours=1) * rate)


def reserve(charging_time: timedelta, is_power_observed: bool) -> timedelta:
    """The time kept free before the deadline; it grows with the charging time and shrinks with knowledge.

    Once the power of this plug-in has been seen: 10 minutes + 5 %, for rounding, ramps and one missed reading. Before:
    20 minutes + 45 %, because a car that draws 70 % of what is assumed needs 1 / 0.7 = 1.43 times as long.
    """
    if is_power_observed:
        return timedelta(minutes=10) + 0.05 * charging_time
    return timedelta(minutes=20) + 0.45 * charging_time


def _fraction(soc_percent: float) -> float:
    return 1.0 - _SLOPE * (min(soc_percent, 100.0) - KNEE_PERCENT) if soc_percent > KNEE_PERCENT else 1.0


def _stretch(soc_percent: float) -> float:
    if soc_percent <= KNEE_PERCENT:
        return soc_percent
    return KNEE_PERCENT - math.log(_fraction(soc_percent)) / _SLOPE


def _unstretch(stretched: float) -> float:
    if stretched <= KNEE_PERCENT:
        return stretched
    return min(100.0, KNEE_PERCENT + (1.0 - math.exp(-_SLOPE * (stretched - KNEE_PERCENT))) / _SLOPE)


def _percent_per_hour(battery_capacity_kwh: float, power_kw: float, efficiency: float) -> float:
    _require_positive(battery_capacity_kwh=battery_capacity_kwh, power_kw=power_kw, efficiency=efficiency)
    return 100.0 * efficiency * power_kw / battery_capacity_kwh


def _require_positive(**quantities: float) -> None:
    for name, quantity in quantities.items():
        if not quantity > 0:
            raise ValueError(f"{name} must be positive, not {quantity}")
