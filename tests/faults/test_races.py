"""Many threads, or two people at once: each car is taken once, and decided about by one policy (F8, F9)."""

from __future__ import annotations

import threading
import time as time_module
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection, connections

from charging.core.decide import decide
from charging.core.decision import Decision
from charging.core.facts import Facts
from charging.models import Command, Due, Vehicle
from charging.operations import evaluation, policies
from charging.operations.claims import claim_due
from tests.factories import NOW, make_driver, make_due, make_vehicle
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
