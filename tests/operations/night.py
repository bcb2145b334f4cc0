"""A simulated car that lives through a night in tests, at the pace of the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from math import ceil
from typing import Any

from charging.adapters.vehicles.simulated_car import advance
from charging.core.states import State
from charging.models import Command, Driver, Location, Vehicle
from charging.operations import clients, drivers, locations, policies, prices, sweep, vehicles
from charging.operations.gateways import load_simulated_car
from charging.operations.vehicles import CarDetails

EVENING = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)
"""A Tuesday, 19:00 in Oslo."""
KRISTIANSAND: dict[str, Any] = {"latitude": 58.1467, "longitude": 7.9956}
FAMILY_CAR = CarDetails(
    vendor="VOLKSWAGEN",
    brand="Volkswagen",
    model="ID.3",
    battery_capacity_kwh=77.0,
    max_power_kw=11.0,
    soc_percent=38.0,
    charge_limit_percent=80.0,
)


DONE = frozenset({State.FINISHED, State.FULLY_CHARGED})


def ignore(now: datetime) -> None:
    """Nobody looks."""


def note_state(seen: list[State], state: State) -> None:
    if not seen or seen[-1] != state:
        seen.append(state)


@dataclass
class Night:
    """A driver with one simulated car; `now` is the driver's clock and the wall's alike."""

    driver: Driver
    vehicle: Vehicle
    now: datetime

    def let_pass(
        self, duration: timedelta, step: timedelta = timedelta(minutes=1), look: Callable[[datetime], None] = ignore
    ) -> list[State]:
        """Lets time pass in small steps, sweeping at each at which something is due: the others would find nothing.

        Returns the states in the order they were seen. `look` is called after each sweep.
        """
        seen: list[State] = []
        end = self.now + ceil(duration / step) * step
        due_at, state = self._look_ahead()
        while self.now < end:
            steps = max(1, ceil((due_at - self.now) / step))
            if steps > 1:
                note_state(seen, state)
            self.now += steps * step
            if self.now <= end:
                sweep.sweep(at_wall=self.now)
                due_at, state = self._look_ahead()
                note_state(seen, state)
                if look is not ignore:
                    look(self.now)
                    due_at, state = self._look_ahead()
        self.now = end
        self.vehicle.refresh_from_db()
        return seen

    def let_finish(self, look: Callable[[datetime], None] = ignore) -> list[State]:
        """Lets time pass until the car is full and half an hour more, at most 12 hours. Returns the states seen."""
        seen: list[State] = []
        hours = 0
        while hours < 12 and (not seen or seen[-1] not in DONE):
            seen += self.let_pass(timedelta(hours=1), look=look)
            hours += 1
        seen += self.let_pass(timedelta(minutes=30), look=look)
        return [state for state, _ in groupby(seen)]

    def _look_ahead(self) -> tuple[datetime, State]:
        """Returns when anything is due next, and the state of the car now."""
        cars = {pk: (state, at) for pk, state, at in Vehicle.objects.values_list("pk", "state", "due__due_at")}
        return min(at for _, at in cars.values() if at is not None), State(cars[self.vehicle.pk][0])

    def add_place(self, **values: object) -> Location:
        """Makes Home in Kristiansand; the car arrives there plugged in."""
        defaults: dict[str, object] = {"name": "Home", **KRISTIANSAND}
        location = locations.create_location(driver=self.driver, now=self.now, **(defaults | values))  # type: ignore[arg-type]
        self.vehicle.refresh_from_db()
        return location

    def turn_on(self, deadline: time = time(7, 0), minimum: float = 0) -> None:
        policies.set_policy(
            vehicle=self.vehicle, is_enabled=True, deadline=deadline, minimum_charge_limit=minimum, now=self.now
        )
        self.vehicle.refresh_from_db()

    @property
    def soc_percent(self) -> float:
        return advance(load_simulated_car(self.vehicle), self.now).soc_percent

    @property
    def is_charging(self) -> bool:
        return advance(load_simulated_car(self.vehicle), self.now).is_charging

    def commands(self) -> list[str]:
        return list(Command.objects.filter(vehicle=self.vehicle).order_by("generation").values_list("kind", flat=True))


def make_night(*, details: CarDetails = FAMILY_CAR, now: datetime = EVENING) -> Night:
    """A driver of the built-in client with a simulated car, unplugged, without place or policy."""
    prices.ensure_price_areas()
    driver = drivers.create_driver(client=clients.ensure_built_in_client(now=now), external_id="alice", now=now)
    vehicle = vehicles.add_simulated_car(driver=driver, details=details, now=now)
    return Night(driver=driver, vehicle=vehicle, now=now)


def make_held_night() -> Night:
    """The car stands plugged in at Home and waits for its plan."""
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    assert night.vehicle.state == State.STOPPED
    return night
