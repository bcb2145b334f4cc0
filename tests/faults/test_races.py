"""Many threads, or two people at once: each car is taken once, and decided about by one policy (F8, F9)."""

from __future__ import annotations

import threading
import time as time_module
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection, connections, transaction

from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.core.fleet_facts import column_values
from charging.models import Command, Due, PlanningRow, Vehicle
from charging.models.planning import FACTS
from charging.operations import evaluation, policies
from charging.operations.claims import claim_due
from tests.core.random_fleet import make_calm
from tests.factories import NOW, make_driver, make_due, make_vehicle
from tests.faults.processes import wait_for
from tests.operations.night import make_night

THREADS, CARS = 8, 120
MOST_SECONDS = 60


def at_once(*jobs: Callable[[], object]) -> None:
    """Does all jobs in threads that begin together, and raises what one of them raised."""
    barrier, errors = threading.Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], object]) -> None:
        try:
            barrier.wait(MOST_SECONDS)
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[job], daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST_SECONDS)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_eight_threads_take_each_car_once() -> None:
    driver = make_driver()
    for _ in range(CARS):
        make_due(vehicle=make_vehicle(driver=driver), due_at=NOW - timedelta(minutes=1))
    taken: Counter[int] = Counter()

    def take_all() -> None:
        while found := claim_due(at_wall=NOW).vehicle_ids:
            taken.update(found)

    at_once(*[take_all] * THREADS)

    assert (len(taken), set(taken.values())) == (CARS, {1})
    assert Due.objects.filter(attempts=1).count() == CARS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_policy_first", [True, False], ids=["policy first", "evaluation first"])
def test_a_policy_changes_before_or_after_an_evaluation_and_never_within(
    is_policy_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second waits for the first to commit: what was decided of the old policy is taken back after."""
    if connection.vendor == "sqlite":
        pytest.skip("not applicable: one writer at a time anyway")
    night = make_night()
    night.add_place()
    night.turn_on()
    later = night.now + timedelta(minutes=1)
    has_lock = threading.Event()

    def decide_slowly(facts: Facts, now: datetime) -> Decision:
        has_lock.set()
        time_module.sleep(0.3)
        return decide(facts, now)

    def turn_off() -> None:
        if not is_policy_first:
            assert has_lock.wait(MOST_SECONDS)
        policies.set_policy(
            vehicle=night.vehicle, is_enabled=False, deadline=time(7), minimum_charge_limit=0, now=later
        )
        has_lock.set()

    def look() -> None:
        if is_policy_first:
            assert has_lock.wait(MOST_SECONDS)
        evaluation.evaluate(vehicle=night.vehicle, now=later, trigger="timer")

    if not is_policy_first:
        monkeypatch.setattr(evaluation, "decide", decide_slowly)
    at_once(turn_off, look)

    assert Vehicle.objects.get().state == "DISABLED" if is_policy_first else True
    assert not Command.objects.filter(kind="STOP", status__in=["INTENDED", "SENDING"]).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_for_a_car_sees_what_the_one_before_wrote() -> None:
    """Of the rows beside the car too: or the second of two calls writes what is there already, and fails."""
    if connection.vendor == "sqlite":
        pytest.skip("not applicable: one writer at a time anyway")
    vehicle, has_lock, seen = make_vehicle(driver=make_driver()), threading.Event(), list[float]()

    def is_waited_for() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            return cursor.fetchone() is not None

    def write() -> None:
        with transaction.atomic():
            evaluation.locked(vehicle=vehicle)
            has_lock.set()
            wait_for(is_waited_for, seconds=MOST_SECONDS, what="the other waits", every=0.02)
            facts = dict(zip(FACTS, column_values(make_calm()), strict=True))
            beside = {"plan_id": 1, "location_id": 1, "area_code": "NO2", "minimum_percent": 7.0, "windows": "[]"}
            PlanningRow.objects.create(vehicle=vehicle, **beside, **facts)

    def look() -> None:
        assert has_lock.wait(MOST_SECONDS)
        with transaction.atomic():
            seen.append(evaluation.locked(vehicle=vehicle).planning_row.minimum_percent)

    at_once(write, look)

    assert seen == [7.0]
