"""Cars that break whoever looks at them, each in a way of its own, among cars that are as ever (F10)."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from charging.models import Due, SimulatedCar, Vehicle
from charging.operations import evaluation, sweep
from charging.operations.evaluation import evaluate
from tests.faults.fleet import make_client, make_fleet

FINE = 3
RAISES, DIES, GARBAGE = 0, 1, 2


@pytest.mark.django_db(transaction=True)
def test_three_poisoned_cars_keep_nobody_from_charging(monkeypatch: pytest.MonkeyPatch) -> None:
    cars = make_fleet(make_client().client, cars=3 + FINE, seed=2)
    poison(cars, monkeypatch)
    now = max(car.driver.clock_own_anchor for car in cars)

    for _ in range(6):
        now += timedelta(minutes=1)
        sweep_in_a_process(now)

    due = {row.vehicle_id: row for row in Due.objects.all()}
    assert [due[car.pk].attempts > 1 for car in cars] == [True] * 2 + [False] * (1 + FINE)
    assert due[cars[RAISES].pk].fault == "ZeroDivisionError"
    for car in Vehicle.objects.filter(pk__in=[one.pk for one in cars[3:]]):
        assert car.state == "PLAN:EXECUTING:STOPPED"


def poison(cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at the first raises, at the second ends the process; of the third nothing can be read."""

    def evaluate_or_not(*, vehicle: Vehicle, **values: Any) -> Any:
        if vehicle.pk == cars[RAISES].pk:
            return 1 // 0
        if vehicle.pk == cars[DIES].pk:
            os.kill(os.getpid(), signal.SIGKILL)
        return evaluate(vehicle=vehicle, **values)

    monkeypatch.setattr(evaluation, "evaluate", evaluate_or_not)
    SimulatedCar.objects.filter(vehicle=cars[GARBAGE]).update(memory={"soc_percent": "much"})


def sweep_in_a_process(now: datetime) -> None:
    """A sweep that may not come to its end."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            sweep.sweep(at_wall=now)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
