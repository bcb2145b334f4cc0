"""How a battery fills: energy, and charging time with taper.

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

so times and levels are closed forms, exact over any split of a period. Knee and floor are a `Taper`: assumed until
observed sessions have shown another (learning.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

KNEE_PERCENT = 90.0
FLOOR_FRACTION = 0.35
EFFICIENCY = 0.9


@dataclass(frozen=True, slots=True)
class Taper:
    """From which level on the power falls, and which share of it is left at 100 %.

    Raises ValueError unless 0 <= knee < 100 and 0 < floor < 1: the power always falls, and never to nothing.
    """

    knee_percent: float = KNEE_PERCENT
    floor_fraction: float = FLOOR_FRACTION

    def __post_init__(self) -> None:
        if not (0 <= self.knee_percent < 100 and 0 < self.floor_fraction < 1):
            raise ValueError(f"no taper falls from {self.knee_percent} % to {self.floor_fraction}")

    @property
    def slope(self) -> float:
        """By how much of the full power it falls a percent."""
        return (1.0 - self.floor_fraction) / (100.0 - self.knee_percent)

    def fraction(self, soc_percent: float) -> float:
        """f(s): the share of the full power at this state of charge."""
        above = min(soc_percent, 100.0) - self.knee_percent
        return 1.0 - self.slope * above if above > 0 else 1.0

    def stretch(self, soc_percent: float) -> float:
        """g(s): the stretched percentage in which charging is uniform."""
        if soc_percent <= self.knee_percent:
            return soc_percent
        return self.knee_percent - math.log(self.fraction(soc_percent)) / self.slope

    def unstretch(self, stretched: float) -> float:
        """The state of charge of a stretched percentage, at most 100: the inverse of `stretch`."""
        if stretched <= self.knee_percent:
            return stretched
        above = (1.0 - math.exp(-self.slope * (stretched - self.knee_percent))) / self.slope
        return min(100.0, self.knee_percent + above)


ASSUMED_TAPER = Taper()


def power_at(soc_percent: float, power_kw: float, taper: Taper = ASSUMED_TAPER) -> float:
    """The power in kW that a car of `power_kw` draws at this state of charge: `power_kw` x f(s)."""
    return power_kw * taper.fraction(soc_percent)


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
    taper: Taper = ASSUMED_TAPER,
) -> timedelta:
    """How long charging without a break takes between two levels, taper included; zero when nothing is missing.

    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    rate = _percent_per_hour(battery_capacity_kwh, power_kw, efficiency)
    return timedelta(hours=max(0.0, taper.stretch(to_percent) - taper.stretch(from_percent)) / rate)


def effective_power_kw(
    from_percent: float,
    to_percent: float,
    battery_capacity_kwh: float,
    power_kw: float,
    efficiency: float = EFFICIENCY,
    taper: Taper = ASSUMED_TAPER,
) -> float:
    """The constant power in kW that takes as long as real charging: energy at the plug / charging time.

    Where nothing is missing it is the power drawn at that level, the limit of the formula. It never exceeds `power_kw`.
    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    duration = charging_time(from_percent, to_percent, battery_capacity_kwh, power_kw, efficiency, taper)
    energy_kwh = energy_at_plug_kwh(from_percent, to_percent, battery_capacity_kwh, efficiency)
    # Below a second the microseconds of timedelta would show in the quotient.
    if duration <= timedelta(seconds=1):
        return power_at(from_percent, power_kw, taper)
    return min(power_kw, energy_kwh / (duration / timedelta(hours=1)))


def soc_after(
    soc_percent: float,
    duration: timedelta,
    battery_capacity_kwh: float,
    power_kw: float,
    efficiency: float = EFFICIENCY,
    taper: Taper = ASSUMED_TAPER,
) -> float:
    """The level in percent after charging for `duration`, at most 100: the inverse of `charging_time`.

    Raises ValueError when the capacity, the power or the efficiency is not positive.
    """
    rate = _percent_per_hour(battery_capacity_kwh, power_kw, efficiency)
    uniform = taper.stretch(soc_percent) + max(timedelta(0), duration) / timedelta(hours=1) * rate
    return taper.unstretch(uniform)


def _percent_per_hour(battery_capacity_kwh: float, power_kw: float, efficiency: float) -> float:
    _require_positive(battery_capacity_kwh=battery_capacity_kwh, power_kw=power_kw, efficiency=efficiency)
    return 100.0 * efficiency * power_kw / battery_capacity_kwh


def _require_positive(**quantities: float) -> None:
    for name, quantity in quantities.items():
        if not quantity > 0:
            raise ValueError(f"{name} must be positive, not {quantity}")
