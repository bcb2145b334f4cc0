"""The gateway to a simulated car."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement
from charging.adapters.vehicles.simulated_car import PendingCommand, SimulatedCar, advance, effect_at
from charging.core.energy import power_at
from charging.core.facts import CommandKind, Hold, PowerDelivery, Reading

REMEMBERED_COMMANDS = 16


@dataclass(frozen=True, slots=True)
class SimulatorGateway:
    """Reads and commands the car that `load` gives; `save` is called with the car after every command taken.

    Reading saves nothing: the car's future follows from its state, so it need not be written to pass. Between loading
    and saving the gateway is within `alone`, which keeps every other change of the car out.
    """

    load: Callable[[], SimulatedCar]
    save: Callable[[SimulatedCar], None]
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    poll_interval: timedelta = timedelta(minutes=1)
    has_lease: bool = True

    def read(self, *, now: datetime) -> Reading | None:
        """What the car says of itself at `now`."""
        return telemetry(advance(self.load(), now))

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Let the car charge after the latency of the command; refused while it is unplugged."""
        with self.alone():
            return self._take(command_id, CommandKind.START, None, now)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Let the car wait after the latency of the command, until the hold ends; refused while it is unplugged."""
        with self.alone():
            return self._take(command_id, CommandKind.STOP, hold, now)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Replace the hold of the car, or of the stop on its way to it; refused when there is neither."""
        with self.alone():
            return self._renew(hold, now)

    def _renew(self, hold: Hold, now: datetime) -> Acknowledgement:
        car = advance(self.load(), now)
        if car.pending is not None and car.pending.kind is CommandKind.STOP and car.pending.hold is not None:
            car = replace(car, pending=replace(car.pending, hold=hold))
        elif car.pending is not None or car.hold is None:
            return Acknowledgement(accepted=False, detail="The car is not held.")
        if car.hold is not None:
            car = replace(car, hold=hold)
        self.save(car)
        return Acknowledgement(accepted=True)

    def _take(self, command_id: UUID, kind: CommandKind, hold: Hold | None, now: datetime) -> Acknowledgement:
        car = advance(self.load(), now)
        if str(command_id) in car.seen_command_ids:
            return Acknowledgement(accepted=True, detail="This command was taken before.")
        if not car.is_plugged_in:
            return Acknowledgement(accepted=False, detail="The car is not plugged in.")
        seen = (*car.seen_command_ids, str(command_id))[-REMEMBERED_COMMANDS:]
        pending = PendingCommand(kind=kind, effect_at=effect_at(car, str(command_id)), hold=hold)
        self.save(replace(car, pending=pending, seen_command_ids=seen))
        return Acknowledgement(accepted=True)


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
    )


def _power_delivery(car: SimulatedCar) -> PowerDelivery:
    if not car.is_plugged_in:
        return PowerDelivery.UNPLUGGED
    if car.is_charging:
        return PowerDelivery.CHARGING
    return PowerDelivery.COMPLETE if car.is_fully_charged else PowerDelivery.STOPPED


def _round_down(value: float, parts: int) -> float:
    # The tolerance keeps 6.12 from becoming 6.11 for the sake of its last bit.
    return floor(value * parts + 1e-6) / parts
