"""What a simulated car says of itself."""

from __future__ import annotations

from math import floor

from charging.adapters.vehicles.fault_readings import is_silent, observed_at
from charging.adapters.vehicles.simulated_car_state import SimulatedCar
from charging.core.energy import power_at
from charging.core.facts import PowerDelivery, Reading


def telemetry(car: SimulatedCar) -> Reading:
    """The car as a reading at its own instant, the same each time.

    The level comes in tenths of a percent and is rounded down, as is the power: real cars report whole percents or
    tenths, and a need must never look smaller than it is. Planning has to live with up to a tenth too much.
    """
    return Reading(
        observed_at=car.at,
        event_id=f"simulator:{car.seed}:{car.event_count}:{car.at.isoformat()}",
        power_delivery=_power_delivery(car),
        soc_percent=_round_down(car.soc_percent, 10),
        is_plugged_in=car.is_plugged_in,
        is_charging=car.is_charging,
        is_fully_charged=car.is_fully_charged,
        charging_power_kw=_round_down(power_at(car.soc_percent, car.true_power_kw), 100) if car.is_charging else 0.0,
        charge_limit_percent=car.charge_limit_percent,
        battery_capacity_kwh=car.battery_capacity_kwh,
        latitude=car.latitude,
        longitude=car.longitude,
        reported_schedule=car.faults.reported_schedule,
    )


def answer(car: SimulatedCar) -> Reading | None:
    """What the vendor answers at the car's own instant: the car as it is, or what faults make of that."""
    if is_silent(car.faults, car.at):
        return None
    told_at = observed_at(car.faults, car.seed, car.at)
    # A car whose faults have begun just now has nothing older to tell.
    return next((reading for reading in car.remembered if reading.observed_at == told_at), None) or telemetry(car)


def _power_delivery(car: SimulatedCar) -> PowerDelivery:
    if not car.is_plugged_in:
        return PowerDelivery.UNPLUGGED
    if car.is_charging:
        return PowerDelivery.CHARGING
    if car.is_fully_charged:
        return PowerDelivery.COMPLETE
    return PowerDelivery.NO_POWER if car.is_cut_off else PowerDelivery.STOPPED


def _round_down(value: float, parts: int) -> float:
    # The tolerance keeps 6.12 from becoming 6.11 for the sake of its last bit.
    return floor(value * parts + 1e-6) / parts
