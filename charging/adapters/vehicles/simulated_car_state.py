"""What there is to know of a simulated car at one instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from charging.adapters.vehicles.fault_conditions import is_cut_off, is_kept_waiting, offered_kw
from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.core.energy import EFFICIENCY
from charging.core.facts import CommandKind, Hold, Reading

SLEEPS_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """A command that has been taken and not reached the car yet."""

    kind: CommandKind
    effect_at: datetime
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class SimulatedCar:
    """Everything about a simulated car at the instant `at`. `to_json` in simulated_car_json.py stores it.

    `max_power_kw` is what the car is believed to draw, `power_factor` the share that it really draws at this plug.
    `wants_charge` is false while the car is stopped by a command. `energy_kwh` is a meter at the plug that only rises,
    `event_count` counts everything that changed the car other than the passing of time.

    `faults` go wrong with it; `undoing` is what another app is about to do against our last command, `remembered` the
    older observations that a reading may still tell.
    """

    seed: int
    at: datetime
    soc_percent: float
    battery_capacity_kwh: float
    max_power_kw: float
    power_factor: float = 1.0
    efficiency: float = EFFICIENCY
    charge_limit_percent: float = 100.0
    is_plugged_in: bool = False
    plugged_in_at: datetime | None = None
    wants_charge: bool = True
    latitude: float | None = None
    longitude: float | None = None
    last_active_at: datetime | None = None
    hold: Hold | None = None
    pending: PendingCommand | None = None
    seen_command_ids: tuple[str, ...] = ()
    energy_kwh: float = 0.0
    event_count: int = 0
    faults: Faults = NO_FAULTS
    undoing: PendingCommand | None = None
    remembered: tuple[Reading, ...] = ()

    @property
    def true_power_kw(self) -> float:
        """The power in kW at the plug below the knee."""
        power_kw = self.max_power_kw * self.power_factor * self.faults.power_factor
        offered = offered_kw(self.faults, self.seed, self.at)
        return power_kw if offered is None else min(power_kw, offered)

    @property
    def stops_at_percent(self) -> float:
        """The level at which charging ends: the car's limit, or a ceiling below it."""
        ceiling = self.faults.ceiling_percent
        return self.charge_limit_percent if ceiling is None else min(self.charge_limit_percent, ceiling)

    @property
    def is_fully_charged(self) -> bool:
        return self.soc_percent >= self.charge_limit_percent

    @property
    def is_cut_off(self) -> bool:
        """Whether the plug has no power."""
        return self.is_plugged_in and is_cut_off(self.faults, self.at)

    @property
    def is_charging(self) -> bool:
        takes_charge = self.is_plugged_in and self.wants_charge and self.soc_percent < self.stops_at_percent
        return takes_charge and not is_kept_waiting(self.faults, self.at)

    @property
    def is_asleep(self) -> bool:
        """Whether nothing has happened to the idle car for a quarter of an hour."""
        is_idle = self.last_active_at is None or self.at - self.last_active_at >= SLEEPS_AFTER
        return is_idle and not self.is_charging


def with_event(car: SimulatedCar) -> SimulatedCar:
    """The car, awake and with one more event counted."""
    return replace(car, last_active_at=car.at, event_count=car.event_count + 1)
