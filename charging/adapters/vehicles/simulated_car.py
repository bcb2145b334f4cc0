"""A simulated car: its state and its physics, exact however time is cut into steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from charging.core.energy import EFFICIENCY, energy_at_plug_kwh, soc_after
from charging.core.facts import CommandKind, Hold

SLEEPS_AFTER = timedelta(minutes=15)
# How long a command takes to reach the car, and how much longer when it has to be woken: least and most, in seconds.
LATENCY_SECONDS = (5, 20)
WAKE_UP_SECONDS = (20, 90)
FULL_TOLERANCE_PERCENT = 1e-9


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

    @property
    def true_power_kw(self) -> float:
        """The power in kW at the plug below the knee."""
        return self.max_power_kw * self.power_factor

    @property
    def is_fully_charged(self) -> bool:
        return self.soc_percent >= self.charge_limit_percent

    @property
    def is_charging(self) -> bool:
        return self.is_plugged_in and self.wants_charge and not self.is_fully_charged

    @property
    def is_asleep(self) -> bool:
        """Whether nothing has happened to the idle car for a quarter of an hour."""
        is_idle = self.last_active_at is None or self.at - self.last_active_at >= SLEEPS_AFTER
        return is_idle and not self.is_charging


def advance(car: SimulatedCar, to: datetime) -> SimulatedCar:
    """The car at `to`, with everything that happened on the way; the car as it is when `to` is not ahead of it."""
    car = _with_due_effects(car)
    while car.at < to:
        car = _with_due_effects(_charged(car, min((to, *_coming_effects(car)))))
    return car


def with_event(car: SimulatedCar) -> SimulatedCar:
    """The car, awake and with one more event counted."""
    return replace(car, last_active_at=car.at, event_count=car.event_count + 1)


def effect_at(car: SimulatedCar, command_id: str) -> datetime:
    """When a command taken now reaches the car: the same for the same car, command and sleep."""
    seconds = _between(LATENCY_SECONDS, f"{car.seed}:latency:{command_id}")
    if car.is_asleep:
        seconds += _between(WAKE_UP_SECONDS, f"{car.seed}:wake-up:{command_id}")
    return car.at + timedelta(seconds=seconds)


def _charged(car: SimulatedCar, to: datetime) -> SimulatedCar:
    """The car at `to`, when nothing but charging happens until then."""
    if not car.is_charging:
        return replace(car, at=to)
    soc_percent = soc_after(car.soc_percent, to - car.at, car.battery_capacity_kwh, car.true_power_kw, car.efficiency)
    if soc_percent > car.charge_limit_percent - FULL_TOLERANCE_PERCENT:
        soc_percent = car.charge_limit_percent
    energy_kwh = energy_at_plug_kwh(car.soc_percent, soc_percent, car.battery_capacity_kwh, car.efficiency)
    return replace(car, at=to, soc_percent=soc_percent, energy_kwh=car.energy_kwh + energy_kwh)


def _coming_effects(car: SimulatedCar) -> list[datetime]:
    effects = [] if car.pending is None else [car.pending.effect_at]
    return effects if car.hold is None else [*effects, min(car.hold.until, car.hold.renew_by)]


def _with_due_effects(car: SimulatedCar) -> SimulatedCar:
    """The car after what is due at its instant: the pending command, then the end of the hold."""
    pending = car.pending
    if pending is not None and pending.effect_at <= car.at:
        is_start = pending.kind is CommandKind.START
        car = with_event(replace(car, wants_charge=is_start, hold=pending.hold, pending=None))
    if car.hold is not None and min(car.hold.until, car.hold.renew_by) <= car.at:
        car = with_event(replace(car, wants_charge=True, hold=None))
    return car


def _between(bounds: tuple[int, int], name: str) -> int:
    """A whole number within the bounds that only the name decides."""
    low, high = bounds
    return low + int.from_bytes(sha256(name.encode()).digest()[:8]) % (high - low + 1)
