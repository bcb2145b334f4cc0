"""The simulated car of one real session, and a meter that prices what flows into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from charging.adapters.vehicles.driver_actions import plug_in
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.core.energy import EFFICIENCY
from charging.operations.backtest_files import PlugIn, PriceHistory

BATTERY_CAPACITY_KWH = 60.0
CHARGE_LIMIT_PERCENT = 80.0
LEAST_START_PERCENT = 5.0


@dataclass
class MeteredCar:
    """A simulated car in memory; its gateway reads and commands it, `run_to` lets time pass and counts."""

    history: PriceHistory
    car: SimulatedCar
    cost: float = 0.0
    starts: int = 0
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.starts = int(self.car.is_charging)
        self.gateway = SimulatorGateway(load=lambda: self.car, save=self._save)

    def _save(self, car: SimulatedCar) -> None:
        self.car = car

    @property
    def energy_kwh(self) -> float:
        """What has flowed so far, at the plug."""
        return self.car.energy_kwh

    def run_to(self, now: datetime) -> None:
        """Let time pass until `now`, quarter by quarter: energy costs the price of the quarter it flows in."""
        for quarter in self.history.between(self.car.at, now):
            before = self.car
            self.car = advance(before, min(quarter.end, now))
            self.cost += (self.car.energy_kwh - before.energy_kwh) * float(quarter.price_per_kwh)
            self.starts += self.car.is_charging and not before.is_charging


def make_metered_car(
    plug_in_: PlugIn, history: PriceHistory, *, power_kw: float, power_factor: float, seed: int
) -> MeteredCar:
    """A car that is plugged in at the session's start and needs exactly its energy to reach its own limit.

    Battery, limit and power are assumptions: 60 kWh, or as much as leaves 5 % at the start, and a limit of 80 %.
    """
    in_battery_kwh = plug_in_.energy_kwh * EFFICIENCY
    share = (CHARGE_LIMIT_PERCENT - LEAST_START_PERCENT) / 100
    capacity_kwh = max(BATTERY_CAPACITY_KWH, in_battery_kwh / share)
    parked = SimulatedCar(
        seed=seed,
        at=plug_in_.plugged_in_at - timedelta(minutes=1),
        soc_percent=CHARGE_LIMIT_PERCENT - in_battery_kwh / capacity_kwh * 100,
        battery_capacity_kwh=capacity_kwh,
        max_power_kw=power_kw,
        power_factor=power_factor,
        charge_limit_percent=CHARGE_LIMIT_PERCENT,
    )
    return MeteredCar(history, plug_in(parked, plug_in_.plugged_in_at))
