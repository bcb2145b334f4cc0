"""Taking due cars: each once, and one that breaks whoever looks at it is kept apart and let charge."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from charging.adapters.vehicles.simulated_car import advance
from charging.core.states import State
from charging.models import Command, Due, Vehicle
from charging.operations import evaluation, sweep
from charging.operations.claims import LONGEST_PAUSE, TAKEN_FOR, claim_due, pause_after
from charging.operations.gateways import load_simulated_car
from tests.factories import NOW, make_driver, make_due, make_vehicle
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def make_due_cars(count: int) -> list[int]:
    cars = [make_vehicle(driver=make_driver()) for _ in range(count)]
    for number, car in enumerate(cars):
        make_due(vehicle=car, due_at=NOW - number * MINUTE)
    return [car.pk for car in reversed(cars)]


def make_held_night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    night.let_pass(timedelta(minutes=30))
    assert Vehicle.objects.get().state == State.STOPPED
    return night


def break_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise ValueError("of this car")

    monkeypatch.setattr(evaluation, "evaluate", fail)


def test_due_cars_are_taken_oldest_first_and_only_once() -> None:
    cars = make_due_cars(3)

    assert claim_due(at_wall=NOW).vehicle_ids == cars
    assert claim_due(at_wall=NOW).vehicle_ids == ()


def test_cars_whose_sweep_died_are_taken_again_one_by_one_soon_after() -> None:
    cars = make_due_cars(2)
    claim_due(at_wall=NOW)

    later = NOW + TAKEN_FOR
    claims = [claim_due(at_wall=later) for _ in range(3)]

    assert [(list(claim.vehicle_ids), claim.attempts) for claim in claims] == [
        ([cars[0]], 2),
        ([cars[1]], 2),
        ([], 1),
    ]


def test_a_car_that_was_never_broken_comes_before_one_that_was() -> None:
    broken, fine = make_due_cars(2)
    Due.objects.filter(pk=broken).update(attempts=1)

    assert claim_due(at_wall=NOW).vehicle_ids == [fine]
    assert claim_due(at_wall=NOW).vehicle_ids == [broken]


def test_a_sweep_begins_with_one_that_was_broken_however_many_others_wait() -> None:
    fine, broken, broken_too, late = make_due_cars(4)
    Due.objects.filter(pk__in=[broken, broken_too]).update(attempts=1)

    claims = [claim_due(at_wall=NOW, is_first=is_first) for is_first in (True, False, False)]

    assert [(list(claim.vehicle_ids), claim.attempts) for claim in claims] == [
        ([broken], 2),
        ([fine, late], 1),
        ([broken_too], 2),
    ]
    assert claim_due(at_wall=NOW, is_first=True).vehicle_ids == ()


def test_a_sweep_that_has_no_time_for_all_looks_at_one_that_was_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    cars = make_due_cars(3)
    Due.objects.filter(pk=cars[1]).update(attempts=1)
    monkeypatch.setattr(sweep, "CARS_A_SWEEP", 1)
    looked: list[int] = []

    def look(*, vehicle_id: int, at_wall: object) -> int:
        looked.append(vehicle_id)
        return 1

    monkeypatch.setattr(sweep, "look_together", lambda **_: set())
    monkeypatch.setattr(sweep, "run_vehicle", look)

    sweep.sweep(at_wall=NOW)

    assert looked == [cars[1]]


def test_whom_a_sweep_did_not_get_to_keeps_no_mark_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cars = make_due_cars(3)

    def out_of_time(*, vehicle_id: int, at_wall: object) -> int:
        if vehicle_id == cars[1]:
            raise SoftTimeLimitExceeded
        return 1

    monkeypatch.setattr(sweep, "look_together", lambda **_: set())
    monkeypatch.setattr(sweep, "run_vehicle", out_of_time)

    with pytest.raises(SoftTimeLimitExceeded):
        sweep.sweep(at_wall=NOW)

    assert dict(Due.objects.values_list("pk", "attempts"))[cars[1]] == 1
    assert Due.objects.get(pk=cars[2]).attempts == 0
    assert claim_due(at_wall=NOW).vehicle_ids == [cars[2]]


def test_cars_taken_late_in_a_sweep_are_kept_from_others_as_long_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    car, seconds = make_due_cars(1)[0], iter((0.0, 0.0))
    monkeypatch.setattr(sweep, "monotonic", lambda: next(seconds, 25.0))
    until: list[datetime | None] = []

    def look(*, vehicle_id: int, at_wall: object) -> int:
        until.append(Due.objects.get(pk=car).claimed_until)
        Due.objects.filter(pk=car).update(due_at=NOW + timedelta(days=1))
        return 1

    monkeypatch.setattr(sweep, "run_vehicle", look)

    sweep.sweep(at_wall=NOW)

    assert until == [NOW + timedelta(seconds=25) + TAKEN_FOR]


def test_cars_that_wait_for_slow_ones_are_kept_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cars, seconds, until = make_due_cars(3), [0.0], []
    monkeypatch.setattr(sweep, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(sweep, "look_together", lambda **_: set())

    def look(*, vehicle_id: int, at_wall: object) -> int:
        until.append(Due.objects.get(pk=vehicle_id).claimed_until)
        Due.objects.filter(pk=vehicle_id).update(due_at=NOW + timedelta(days=1))
        seconds[0] += 9
        return 1

    monkeypatch.setattr(sweep, "run_vehicle", look)

    sweep.sweep(at_wall=NOW)

    assert until == [NOW + timedelta(seconds=9 * number) + TAKEN_FOR for number, _ in enumerate(cars)]


def test_a_car_that_was_put_off_after_it_was_taken_is_free_again() -> None:
    (car,) = make_due_cars(1)
    claim_due(at_wall=NOW)
    Due.objects.update(due_at=NOW + timedelta(seconds=1))

    assert sweep.run_vehicle(vehicle_id=car, at_wall=NOW) == 0

    assert claim_due(at_wall=NOW + timedelta(seconds=1)).vehicle_ids == [car]
    assert Due.objects.get().attempts == 1


def test_pauses_double_up_to_half_an_hour() -> None:
    minutes = [pause_after(attempts) // MINUTE for attempts in range(8)]
    assert minutes == [1, 1, 2, 4, 8, 16, 30, 30]
    assert pause_after(32_000) == LONGEST_PAUSE


def test_a_look_that_ends_well_forgets_earlier_faults() -> None:
    night = make_held_night()
    Due.objects.update(attempts=4, fault="ValueError", due_at=night.now)

    sweep.sweep(at_wall=night.now)

    due = Due.objects.get()
    assert (due.attempts, due.claimed_until, due.fault) == (0, None, "")


def test_a_fault_outside_a_sweep_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    night = make_held_night()
    break_evaluation(monkeypatch)
    Due.objects.update(due_at=night.now)

    sweep.run_vehicle(vehicle_id=night.vehicle.pk, at_wall=night.now)

    due = Due.objects.get()
    assert (due.attempts, due.fault, due.claimed_until) == (1, "ValueError", night.now + MINUTE)


def test_a_held_car_that_nobody_can_decide_about_is_let_charge_after_five_attempts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night = make_held_night()
    break_evaluation(monkeypatch)
    for _ in range(5):
        Due.objects.update(due_at=night.now, claimed_until=None)
        sweep.sweep(at_wall=night.now)
    assert not Command.objects.filter(purpose="release").exists()

    Due.objects.update(claimed_until=None)
    sweep.sweep(at_wall=night.now)

    assert Due.objects.get().attempts == 6
    assert Command.objects.get(purpose="release").status == "ACCEPTED"
    assert advance(load_simulated_car(night.vehicle), night.now + 5 * MINUTE).is_charging


def test_a_car_that_takes_its_process_down_is_known_by_it_after_the_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    night = make_held_night()

    def die(**_: Any) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(evaluation, "evaluate", die)
    Due.objects.update(due_at=night.now)
    with pytest.raises(SystemExit):
        sweep.sweep(at_wall=night.now)

    due = Due.objects.get()
    assert (due.attempts, due.claimed_until) == (1, night.now + TAKEN_FOR)
