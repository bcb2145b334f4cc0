"""The invariants of RELIABILITY 13, asked of every car of an installation and of the simulator's own record."""

from __future__ import annotations

from collections import Counter
from random import Random

from django.db import transaction

from charging.adapters.vehicles.simulated_car import advance
from charging.core.case import Case
from charging.models import Due, Vehicle
from charging.operations import evaluation
from charging.operations.facts import load_facts
from charging.operations.gateways import load_simulated_car
from tests.faults import record
from tests.operations import invariants
from tests.operations.logged_decisions import LoggedDecisions

LOOKS = 3
REPLAYED = 40
"""Of so many cars every decision is judged, which takes longer than all the rest."""

REPEATED = 10
"""So many cars are evaluated once more, to see that nothing new is written (I7)."""


def breaches(*, seed: int = 0) -> Counter[str]:
    """What does not hold, by invariant and words, with the number of cars or commands; empty where all do.

    I1 to I3, I5 to I7, I10, I11, I15 of rows and cars; I4, I12 to I14 of every decision of some cars.
    """
    found: Counter[str] = Counter()
    cars = list(Vehicle.objects.select_related("driver", "view").order_by("pk"))
    draw = Random(seed)
    for vehicle in cars:
        found.update(set(_of_car(vehicle)))
    for vehicle in draw.sample(cars, min(REPLAYED, len(cars))):
        _, decided = LoggedDecisions(vehicle.pk).look()
        found.update({text.split(" at ")[0] for text in decided})
    for vehicle in draw.sample(cars, min(REPEATED, len(cars))):
        found.update(_comes_to_rest(vehicle))
    found["I2: a command that a car took twice"] = record.doubled()
    found["I15: a command without a row reached the car"] = record.unknown()
    return +found


def _comes_to_rest(vehicle: Vehicle) -> list[str]:
    """I7: once what was read since the last look is decided about, and ends have rested, nothing new is written."""
    seen = [instant for instant in (vehicle.evaluated_at, vehicle.view.observed_at) if instant is not None]
    with transaction.atomic():
        for _ in range(LOOKS):
            evaluation.evaluate(vehicle=vehicle, now=max(seen), trigger="once more")
        found = invariants._writes_nothing_new(Vehicle.objects.get(pk=vehicle.pk), max(seen))
        transaction.set_rollback(True)
    return found


def _of_car(vehicle: Vehicle) -> list[str]:
    now = vehicle.evaluated_at
    if now is None or not Due.objects.filter(vehicle=vehicle).exists():
        return ["I6: never looked at again"]
    watch = invariants.Watch(vehicle.pk)
    case = Case(load_facts(vehicle=vehicle, now=now)[0], now)
    car = advance(load_simulated_car(vehicle), now)
    return [
        *watch._ledger(vehicle),
        *watch._history(vehicle),
        *invariants._hold(vehicle, case),
        *invariants._limit(car),
        *invariants._plan(vehicle, now),
    ]
