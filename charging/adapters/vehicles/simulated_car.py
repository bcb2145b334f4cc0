"""The physics of a simulated car, exact however time is cut into steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from charging.adapters.vehicles.car_changes import done_to, set_charging
from charging.adapters.vehicles.fault_acts import next_acts
from charging.adapters.vehicles.fault_conditions import next_change_at
from charging.adapters.vehicles.fault_parts import Act
from charging.adapters.vehicles.fault_readings import to_remember
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.adapters.vehicles.seeded import whole_number
from charging.adapters.vehicles.simulated_car_state import PendingCommand, SimulatedCar, with_event
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.core.energy import energy_at_plug_kwh, soc_after
from charging.core.facts import CommandKind

__all__ = ["PendingCommand", "SimulatedCar", "advance", "effect_at", "heeds_starts", "with_event"]

# How long a command takes to reach the car, and how much longer when it has to be woken: least and most, in seconds.
LATENCY_SECONDS = (5, 20)
WAKE_UP_SECONDS = (20, 90)
FULL_TOLERANCE_PERCENT = 1e-9


def advance(car: SimulatedCar, to: datetime) -> SimulatedCar:
    """The car at `to`, with everything that happened on the way; the car as it is when `to` is not ahead of it."""
    if car.faults is NO_FAULTS:
        return _passed(car, to)
    to = max(to, car.at)
    known = {reading.observed_at: reading for reading in car.remembered}
    instants = to_remember(car.faults, car.seed, to)
    for instant in instants:
        if instant not in known and instant >= car.at:
            car = _passed(car, instant)
            known[instant] = telemetry(car)
    car = _passed(car, to)
    remembered = tuple(known[instant] for instant in instants if instant in known)
    return car if remembered == car.remembered else replace(car, remembered=remembered)


def effect_at(car: SimulatedCar, command_id: str) -> datetime:
    """When a command taken now reaches the car: the same for the same car, command and sleep."""
    delay = timedelta(seconds=whole_number(*LATENCY_SECONDS, f"{car.seed}:latency:{command_id}"))
    if car.is_asleep:
        delay += timedelta(seconds=whole_number(*WAKE_UP_SECONDS, f"{car.seed}:wake-up:{command_id}"))
        delay += car.faults.extra_wake_up
    return car.at + delay


def heeds_starts(faults: Faults, at: datetime) -> bool:
    """Whether a start reaches the car, be it a command or the end of a hold."""
    return faults.starts_to_ignore == 0 and not any(period.contains(at) for period in faults.conflicts)


def _passed(car: SimulatedCar, to: datetime) -> SimulatedCar:
    car = _with_due_effects(car)
    while car.at < to:
        acts = next_acts(car.faults, car.seed, car.at)
        car = _with_due_effects(_charged(car, min((to, *_coming_effects(car), *(act.at for act in acts)))))
        car = _with_acts(car, acts)
    return car


def _charged(car: SimulatedCar, to: datetime) -> SimulatedCar:
    """The car at `to`, when nothing but charging happens until then."""
    if not car.is_charging:
        return replace(car, at=to)
    soc_percent = soc_after(car.soc_percent, to - car.at, car.battery_capacity_kwh, car.true_power_kw, car.efficiency)
    if soc_percent > car.stops_at_percent - FULL_TOLERANCE_PERCENT:
        soc_percent = car.stops_at_percent
    energy_kwh = energy_at_plug_kwh(car.soc_percent, soc_percent, car.battery_capacity_kwh, car.efficiency)
    return replace(car, at=to, soc_percent=soc_percent, energy_kwh=car.energy_kwh + energy_kwh)


def _coming_effects(car: SimulatedCar) -> list[datetime]:
    effects = [command.effect_at for command in (car.pending, car.undoing) if command is not None]
    if car.hold is not None:
        effects.append(min(car.hold.until, car.hold.renew_by))
    change_at = next_change_at(car.faults, car.at)
    return effects if change_at is None else [*effects, change_at]


def _with_due_effects(car: SimulatedCar) -> SimulatedCar:
    """The car after what is due at its instant: the pending command, the end of the hold, then what is undone."""
    pending = car.pending
    if pending is not None and pending.effect_at <= car.at:
        is_start = pending.kind is CommandKind.START
        car = with_event(replace(car, wants_charge=is_start, hold=pending.hold, pending=None, undoing=_undoing(car)))
    if car.hold is not None and min(car.hold.until, car.hold.renew_by) <= car.at:
        car = with_event(replace(car, wants_charge=heeds_starts(car.faults, car.at), hold=None))
    if car.undoing is not None and car.undoing.effect_at <= car.at:
        car = set_charging(replace(car, undoing=None), car.undoing.kind is CommandKind.START)
    return car


def _undoing(car: SimulatedCar) -> PendingCommand | None:
    """What another app, or the charger, will do against the command that reaches the car now."""
    if car.pending is None:
        return None
    is_start = car.pending.kind is CommandKind.START
    after = (car.faults.pauses_after if is_start else None) or car.faults.undoes_after
    if after is None:
        return None
    return PendingCommand(CommandKind.STOP if is_start else CommandKind.START, car.pending.effect_at + after)


def _with_acts(car: SimulatedCar, acts: tuple[Act, ...]) -> SimulatedCar:
    for act in acts:
        if act.at == car.at:
            car = done_to(car, act)
    return car
