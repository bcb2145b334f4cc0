"""The sweep: every due car, each at the pace of its driver's clock, and nothing stopped by one that fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from charging.core.states import State
from charging.models import Due, Heartbeat, StateEvent, Vehicle
from charging.operations import clocks, evaluation, sweep, vehicles
from charging.operations.claims import claim_due
from charging.operations.one_of_many import unless_it_fails
from charging.tasks import sweep as sweep_task
from tests.operations.night import FAMILY_CAR, Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    night = make_night()
    night.add_place()
    night.turn_on()
    return night


def events_of(night: Night) -> list[tuple[str, str]]:
    rows = StateEvent.objects.filter(vehicle=night.vehicle).order_by("seq").values_list("event", "to_state")
    return list(rows)


def test_at_600_times_the_speed_a_night_passes_in_seconds_and_nothing_is_skipped(night: Night) -> None:
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)

    night.let_pass(timedelta(seconds=80), step=timedelta(seconds=1))

    reached = [to_state for _, to_state in events_of(night)]
    assert State.STOPPED in reached
    assert State.STARTED in reached
    assert reached[-1] == State.FINISHED
    plan = night.vehicle.plans.get()
    assert plan.ended_at is not None
    assert plan.ended_at <= plan.deadline_at


def test_a_fast_night_is_decided_like_a_slow_one() -> None:
    slow = make_night()
    slow.add_place()
    slow.turn_on()
    slow.let_pass(timedelta(hours=12))
    slow_events = events_of(slow)
    slow_plan = slow.vehicle.plans.get()
    windows = list(slow_plan.windows.order_by("start").values_list("start", "end"))
    slow.driver.delete()

    fast = make_night()
    fast.add_place()
    fast.turn_on()
    clocks.set_speed(driver=fast.driver, speed=600, at_wall=fast.now)
    fast.let_pass(timedelta(seconds=80), step=timedelta(seconds=1))

    assert events_of(fast) == slow_events
    fast_windows = list(fast.vehicle.plans.get().windows.order_by("start").values_list("start", "end"))
    assert fast_windows[0][0] == windows[0][0]
    assert len(fast_windows) == len(windows)


def test_the_fast_clock_slows_down_when_the_plan_has_ended_and_never_jumps_back(night: Night) -> None:
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)
    night.let_pass(timedelta(seconds=80), step=timedelta(seconds=1))

    night.driver.refresh_from_db()

    assert night.driver.clock_speed == 1
    ended_at = night.vehicle.plans.get().ended_at
    assert ended_at is not None
    assert night.driver.clock.own(night.now) >= ended_at


def test_a_fast_clock_without_a_plan_slows_down_after_a_day() -> None:
    night = make_night()
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)

    night.let_pass(timedelta(minutes=4), step=timedelta(seconds=5))

    night.driver.refresh_from_db()
    assert night.driver.clock_speed == 1


def test_a_car_whose_evaluation_fails_stops_nobody_else_and_is_looked_at_again(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_second(night)
    real = evaluation.evaluate

    def failing(*, vehicle: Vehicle, **values: object) -> object:
        if vehicle.pk == night.vehicle.pk:
            raise RuntimeError("a fault")
        return real(vehicle=vehicle, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluation, "evaluate", failing)
    before = Vehicle.objects.get(pk=other.pk).evaluation_count
    sweep.sweep(at_wall=night.now + timedelta(minutes=5))

    assert Vehicle.objects.get(pk=other.pk).evaluation_count > before
    due = Due.objects.get(pk=night.vehicle.pk)
    assert (due.attempts, due.fault) == (1, "RuntimeError")
    assert due.claimed_until == night.now + timedelta(minutes=6)


def test_a_time_that_is_up_ends_the_sweep_and_is_no_fault_of_a_car(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_time(**_: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(evaluation, "evaluate", out_of_time)

    with pytest.raises(SoftTimeLimitExceeded):
        sweep.sweep(at_wall=night.now + timedelta(minutes=5))

    assert Due.objects.get(pk=night.vehicle.pk).fault == ""
    with pytest.raises(SoftTimeLimitExceeded):
        unless_it_fails(out_of_time, otherwise=None)


def test_what_is_not_reached_in_the_time_of_a_sweep_is_due_as_before(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_second(night)
    before = set(Due.objects.values_list("pk", "due_at", "attempts", "claimed_until"))
    ticks = iter(range(100))
    # One tick at the beginning, two for the batch, three for the first car: the second one is too late.
    monkeypatch.setattr(sweep, "monotonic", lambda: sweep.LASTS_SECONDS * next(ticks) / 6)

    assert sweep.sweep(at_wall=night.now + timedelta(minutes=5)) > 0

    after = set(Due.objects.values_list("pk", "due_at", "attempts", "claimed_until"))
    assert len(before & after) == 1


def make_second(night: Night) -> Vehicle:
    return vehicles.add_simulated_car(driver=night.driver, details=FAMILY_CAR, now=night.now)


def test_a_car_that_lags_far_behind_lets_the_others_have_their_turn(night: Night) -> None:
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)
    at_wall = night.now + timedelta(seconds=60)

    assert sweep.run_vehicle(vehicle_id=night.vehicle.pk, at_wall=at_wall) == sweep.STEPS_A_TURN

    assert Due.objects.get().due_at < at_wall


def test_what_is_not_due_is_left_alone(night: Night) -> None:
    night.let_pass(timedelta(minutes=1))

    assert claim_due(at_wall=night.now).vehicle_ids == ()
    assert sweep.sweep(at_wall=night.now) == 0


def test_two_sweeps_of_one_process_do_not_run_at_once(night: Night) -> None:
    with sweep._one_at_a_time:
        assert sweep.sweep(at_wall=night.now + timedelta(hours=1)) == 0


def test_after_a_restart_every_car_is_looked_at_and_lost_time_is_not_replayed(night: Night) -> None:
    night.let_pass(timedelta(minutes=20))
    clocks.set_speed(driver=night.driver, speed=600, at_wall=night.now)
    later = night.now + timedelta(days=3)

    assert sweep.reconcile(at_wall=later) == 1

    night.driver.refresh_from_db()
    assert night.driver.clock_speed == 1
    assert night.driver.clock.own(later) == night.now
    assert Due.objects.get().due_at <= later


def test_after_a_restart_a_car_that_was_never_looked_at_keeps_its_clock() -> None:
    night = make_night()
    Vehicle.objects.update(evaluated_at=None)
    clocks.set_speed(driver=night.driver, speed=60, at_wall=night.now)

    sweep.reconcile(at_wall=night.now + timedelta(hours=1))

    night.driver.refresh_from_db()
    assert night.driver.clock.own(night.now + timedelta(hours=1)) == night.now


def test_the_task_sweeps_and_leaves_a_sign_of_life(night: Night) -> None:
    sweep_task()
    sweep_task(unknown="ignored")

    assert Heartbeat.objects.get(name="sweep").count == 2
