"""Twelve cars on which something is wrong, for the test of how soon an operator sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from charging.core.causes import Cause
from charging.core.states import State
from charging.models import Driver, Due, Location, Vehicle, VehicleView
from charging.operations import clocks, simulation
from charging.operations.evaluation import evaluate
from tests import factories
from tests.factories import NOW
from tests.operations.lived_nights import Nights


def lived(fault: str, until: State, *, after: State | None = None, minutes: int = 0) -> Callable[[str], Vehicle]:
    """A simulated car with a preset fault that lives its evening until it is in that state, and some minutes more."""

    def make(user_id: str) -> Vehicle:
        nights = Nights()
        nights.come_home(38.0)
        if after is None:
            nights.fault(fault)
        simulation.plug_in(vehicle=nights.night.vehicle, now=nights.night.now)
        if after is not None:
            nights.wait_for(after)
            nights.fault(fault)
        nights.wait_for(until)
        for _ in range(minutes):
            nights.night.let_pass(nights.night.now.resolution * 60_000_000)
        # Its driver's clock stands where the story ended, and nobody looks at the car again.
        wall = clocks.wall_now()
        values = {"clock_wall_anchor": wall, "clock_own_anchor": nights.night.now, "external_id": user_id}
        Driver.objects.filter(pk=nights.night.driver.pk).update(**values)
        Due.objects.filter(vehicle=nights.night.vehicle).delete()
        return nights.night.vehicle

    return make


def stored(change: Callable[[Vehicle], object]) -> Callable[[str], Vehicle]:
    """A car of the default story that is otherwise, and evaluated."""

    def make(user_id: str) -> Vehicle:
        vehicle = factories.make_parked_car(state=State.CONSIDERING, driver=factories.make_driver(external_id=user_id))
        factories.make_due(vehicle=vehicle)
        change(vehicle)
        evaluate(vehicle=vehicle, now=NOW, trigger="test")
        return vehicle

    return make


def found(cause: Cause, **values: Any) -> Callable[[str], Vehicle]:
    """A car that waits, with what its nights have shown; that they show it, tests/operations/test_fault_nights says."""

    def make(user_id: str) -> Vehicle:
        vehicle = factories.make_parked_car(driver=factories.make_driver(external_id=user_id))
        factories.make_finding(vehicle=vehicle, cause=cause.value, **{"clock_time": None} | values)
        return vehicle

    return make


def _in_two_accounts(vehicle: Vehicle) -> None:
    other = factories.make_vehicle(driver=factories.make_driver(), vin="WVWZZZE1ZMP009999")
    factories.make_policy(vehicle=other)
    Vehicle.objects.filter(pk=vehicle.pk).update(vin=other.vin)


def _elsewhere(vehicle: Vehicle) -> None:
    VehicleView.objects.filter(vehicle=vehicle).update(location=None, distance_m=4200.0)


def _without_prices(vehicle: Vehicle) -> None:
    Location.objects.filter(driver=vehicle.driver).update(price_area=None)


def _not_capable(vehicle: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(is_capable=False)


FAULTS: dict[str, tuple[Callable[[str], Vehicle], tuple[str, ...]]] = {
    "ignores six starts": (
        lived("ignores_six_starts", State.START_FAILED, after=State.STOPPED),
        ("Your car did not start", "FAILED", "START plan"),
    ),
    "no power": (
        lived("power_cut", State.CHARGE_INTERRUPTED, after=State.STARTED),
        ("Charging stopped unexpectedly", "power_delivery PLUGGED_IN:NO_POWER"),
    ),
    "silent": (
        lived("silent", State.STOPPED, after=State.STOPPED, minutes=40),
        ("We have lost sight of your car", "Last heard from your car"),
    ),
    "another app starts it": (
        lived("another_app", State.OVERRIDDEN),
        ("You, or something else, took over", "started by somebody else"),
    ),
    "two accounts": (stored(_in_two_accounts), ("Another account controls this car", "another_account")),
    "elsewhere": (stored(_elsewhere), ("Not at one of your places", "distance_m 4200")),
    "no prices": (stored(_without_prices), ("No prices for this place",)),
    "not capable": (
        stored(_not_capable),
        ("This car can no longer be started and stopped from here", "is_capable no"),
    ),
    "timer": (found(Cause.TIMER, clock_time=time(23)), ("Your car seems to wait for a timer at 23:00", "F3")),
    "window end": (found(Cause.WINDOW_END, clock_time=time(4), codes=["F4"]), ("04:00", "window_end")),
    "ceiling": (found(Cause.CEILING, percent=60.0, codes=["F5"]), ("Something stops charging at 60", "F5")),
    "charger refuses": (found(Cause.CHARGER_REFUSES, codes=["F11"]), ("charger_refuses", "F11")),
}
"""Each fault with how it is made, and the words on the case that name its cause."""
