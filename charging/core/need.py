"""What a car still needs from the plug, and how long that takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from charging.core import energy
from charging.core.facts import Car, PolicyFacts
from charging.core.reserve import knowledge_of, reserve, reserve_until_seen


@dataclass(frozen=True, slots=True)
class Need:
    """Energy at the plug up to the car's limit; the forced part of it lies below the minimum.

    `power_kw` is the constant power in which the rest above the forced part takes as long as real charging does, taper
    included. `reserve` is the time that a plan keeps free before the deadline, `start_reserve` what must be left beside
    the charging at its start.
    """

    energy_kwh: float
    duration: timedelta
    power_kw: float
    forced_energy_kwh: float
    forced_duration: timedelta
    reserve: timedelta
    start_reserve: timedelta


def need_of(car: Car, policy: PolicyFacts) -> Need | None:
    """What the car needs, or None while its battery level or capacity is not known.

    The effective minimum is the smaller of the minimum and the car's own limit.
    """
    if car.soc_percent is None or car.battery_capacity_kwh is None:
        return None
    capacity, soc, limit = car.battery_capacity_kwh, car.soc_percent, car.charge_limit_percent
    taper = car.learned.taper if car.learned is not None else energy.ASSUMED_TAPER
    power, knowledge = expected_power_kw(car), knowledge_of(car)
    minimum = min(policy.minimum_percent, limit)
    total = energy.charging_time(soc, limit, capacity, power, taper=taper)
    kept = reserve(total, knowledge)
    # Nobody starts a car without a lease while this server is down: as much again is kept (RELIABILITY 8.3).
    without_lease = timedelta() if car.has_lease else kept
    return Need(
        energy_kwh=energy.energy_at_plug_kwh(soc, limit, capacity),
        duration=total,
        power_kw=energy.effective_power_kw(max(soc, minimum), limit, capacity, power, taper=taper),
        forced_energy_kwh=energy.energy_at_plug_kwh(soc, minimum, capacity),
        forced_duration=energy.charging_time(soc, minimum, capacity, power, taper=taper),
        reserve=kept + without_lease,
        start_reserve=reserve_until_seen(total, knowledge) + without_lease,
    )


def expected_power_kw(car: Car) -> float:
    """The power in kW below the knee: seen in this plug-in, else learned at this place, else what the car can take."""
    learned_kw = car.learned.power_kw if car.learned is not None else None
    return min(car.observed_power_kw or learned_kw or car.max_power_kw, car.max_power_kw)
