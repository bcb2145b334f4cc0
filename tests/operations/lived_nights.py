"""A simulated car that comes home evening after evening and leaves in the morning: whole nights of the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any

from charging.adapters.vehicles.simulated_car import advance, with_event
from charging.core.market_time import next_deadline
from charging.core.states import State
from charging.models import Finding, Location
from charging.operations import simulation
from charging.operations.gateways import load_simulated_car, save_simulated_car
from charging.operations.simulated_faults import set_fault
from tests.operations.night import Night, make_night

MINUTE = timedelta(minutes=1)
OSLO = "Europe/Oslo"
SEED = 1
ARRIVES, LEAVES = time(18, 30), time(7, 15)


@dataclass
class Nights:
    """Home at half past six, plugged in at once, ready by seven, away at a quarter past.

    `night` is the car with its clock.
    """

    minimum: float = 0.0
    night: Night = field(init=False)
    home: Location = field(init=False)

    def __post_init__(self) -> None:
        self.night = make_night()
        # The same car whatever was written before: what it does follows from its seed.
        self.change_car(seed=SEED)
        self.home = self.night.add_place()
        self.night.turn_on(minimum=self.minimum)
        simulation.drive_away(vehicle=self.night.vehicle, now=self.night.now)

    def live(
        self, happens: Callable[[Nights], None] | None = None, *, fault: str = "", level: float = 38.0
    ) -> list[Finding]:
        """One night with that fault, in which something `happens`. Returns what is open in the morning."""
        self.come_home(level)
        if fault:
            self.fault(fault)
        simulation.plug_in(vehicle=self.night.vehicle, now=self.night.now)
        if happens is not None:
            happens(self)
        self.leave()
        return self.open()

    def come_home(self, level: float) -> None:
        self.night.now = next_deadline(ARRIVES, OSLO, self.night.now)
        simulation.drive_home(vehicle=self.night.vehicle, location=self.home, now=self.night.now)
        simulation.set_battery(vehicle=self.night.vehicle, soc_percent=level, now=self.night.now)

    def leave(self) -> None:
        self.night.let_pass(next_deadline(LEAVES, OSLO, self.night.now) - self.night.now)
        simulation.drive_away(vehicle=self.night.vehicle, now=self.night.now)

    def fault(self, name: str) -> None:
        """Lets a preset fault begin, and the one before end."""
        set_fault(vehicle=self.night.vehicle, fault_name=name, now=self.night.now)

    def wait_for(self, state: State) -> None:
        """Until the car is in that state, at most twelve hours."""
        for _ in range(12 * 60):
            if self.night.vehicle.state == state:
                return
            self.night.let_pass(MINUTE)
        raise AssertionError(f"{self.night.vehicle.state} all night, never {state}")

    def change_car(self, **changes: Any) -> None:
        """Somebody else does something to the car, which it tells of when it is asked next."""
        car = with_event(advance(load_simulated_car(self.night.vehicle), self.night.now))
        save_simulated_car(self.night.vehicle, replace(car, **changes))

    def open(self) -> list[Finding]:
        return list(Finding.objects.open().filter(vehicle=self.night.vehicle).order_by("first_seen_at", "pk"))
