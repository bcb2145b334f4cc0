"""The test charge: two minutes of charging, then a stop, and what it says of the car."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from charging.core.facts import CommandStatus
from charging.core.states import State
from charging.models import Activity, Command, SmartOverride, VehicleView
from charging.operations import overrides, policies, simulated_faults, simulation
from charging.operations.issues import Refused
from charging.operations.test_charge import LastTest, Outcome, begin_test, last_test
from tests.operations.night import FAMILY_CAR, Night, make_held_night, make_night

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=10)


@pytest.fixture
def held() -> Night:
    """A car that waits for its plan."""
    return make_held_night()


def run(night: Night) -> SmartOverride:
    return begin_test(vehicle=night.vehicle, view=VehicleView.objects.get(vehicle=night.vehicle), now=night.now)


def outcome(night: Night) -> Outcome:
    last = last_test(vehicle=night.vehicle, now=night.now)
    assert last is not None
    return last.outcome


def outcomes(night: Night, duration: timedelta, step: timedelta = SECONDS) -> list[Outcome]:
    """Lets time pass and returns what the test said, in order."""
    seen = [outcome(night)]
    end = night.now + duration
    while night.now < end:
        night.let_pass(step, step=step)
        if outcome(night) != seen[-1]:
            seen.append(outcome(night))
    return seen


def test_a_car_that_obeys_is_started_for_two_minutes_and_passes(held: Night) -> None:
    run(held)

    assert outcomes(held, timedelta(minutes=15)) == [
        Outcome.STARTING,
        Outcome.RUNNING,
        Outcome.STOPPING,
        Outcome.PASSED,
    ]
    start, stop = Command.objects.order_by("-generation")[:2][::-1]
    assert (start.kind, stop.kind) == ("START", "STOP")
    assert start.completed_at is not None
    assert stop.created_at - start.completed_at >= timedelta(minutes=2)
    assert stop.created_at - start.completed_at <= timedelta(minutes=3)
    assert held.vehicle.state == State.STOPPED
    assert not held.is_charging
    assert Activity.objects.filter(code="test_charge").count() == 1


def test_a_car_that_is_slow_to_wake_gets_its_two_minutes_too(held: Night) -> None:
    simulated_faults.set_fault(vehicle=held.vehicle, fault_name="sleeps", now=held.now)
    held.let_pass(timedelta(minutes=40))
    run(held)

    seen = outcomes(held, timedelta(minutes=30))

    assert seen[:2] == [Outcome.STARTING, Outcome.RUNNING]
    assert seen[-1] == Outcome.PASSED


def test_a_car_that_does_not_start_fails_the_test(held: Night) -> None:
    simulated_faults.set_fault(vehicle=held.vehicle, fault_name="ignores_six_starts", now=held.now)
    run(held)

    assert outcomes(held, timedelta(minutes=25))[-1] in {Outcome.NOT_STARTED, Outcome.BROKEN_OFF}
    assert not held.is_charging


def test_a_start_that_failed_or_a_stop_that_failed_is_named(held: Night) -> None:
    run(held)
    held.let_pass(timedelta(minutes=15), step=SECONDS)
    stop = Command.objects.filter(kind="STOP").latest("generation")
    Command.objects.filter(pk=stop.pk).update(status=CommandStatus.FAILED.value)
    assert outcome(held) == Outcome.NOT_STOPPED

    Command.objects.filter(pk=stop.pk).update(status=CommandStatus.SUPERSEDED.value)
    assert outcome(held) == Outcome.STARTED_ONLY

    Command.objects.filter(pk=stop.pk).update(status=CommandStatus.SENDING.value)
    assert outcome(held) == Outcome.STOPPING

    Command.objects.filter(kind="START").update(status=CommandStatus.FAILED.value)
    assert outcome(held) == Outcome.NOT_STARTED


def test_a_car_that_goes_on_in_one_of_its_hours_was_not_asked_to_stop(held: Night) -> None:
    test = run(held)
    held.let_pass(timedelta(minutes=5), step=SECONDS)
    Command.objects.filter(kind="STOP", created_at__gte=test.created_at).delete()

    assert outcome(held) == Outcome.STOPPING
    held.now += timedelta(minutes=11)
    assert outcome(held) == Outcome.STARTED_ONLY


def test_a_test_that_is_broken_off_says_so(held: Night) -> None:
    run(held)
    overrides.end_override(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=5))

    assert outcome(held) == Outcome.BROKEN_OFF


def test_charge_now_during_a_test_is_no_test(held: Night) -> None:
    run(held)
    held.let_pass(timedelta(seconds=30), step=SECONDS)
    overrides.charge_now(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=30))

    assert held.is_charging
    assert last_test(vehicle=held.vehicle, now=held.now) is None


def test_before_the_first_test_there_is_none(held: Night) -> None:
    assert last_test(vehicle=held.vehicle, now=held.now) is None


def test_the_newest_test_counts(held: Night) -> None:
    run(held)
    held.let_pass(timedelta(minutes=20))
    second = run(held)

    assert last_test(vehicle=held.vehicle, now=held.now) == LastTest(second.created_at, Outcome.STARTING)


@pytest.mark.parametrize("reason", ["NOT_ENABLED", "NOT_PLUGGED_IN", "AWAY", "FULL", "CHARGING"])
def test_what_would_show_nothing_is_refused_with_its_reason(reason: str) -> None:
    details = replace(FAMILY_CAR, soc_percent=80.0) if reason == "FULL" else FAMILY_CAR
    night = make_night(details=details)
    night.add_place()
    if reason != "NOT_ENABLED":
        night.turn_on(minimum=50 if reason == "CHARGING" else 0)
    night.let_pass(timedelta(minutes=30))
    if reason == "NOT_PLUGGED_IN":
        simulation.unplug(vehicle=night.vehicle, now=night.now)
    if reason == "AWAY":
        simulation.drive_away(vehicle=night.vehicle, now=night.now)
        simulation.plug_in(vehicle=night.vehicle, now=night.now)
    night.vehicle.refresh_from_db()

    with pytest.raises(Refused) as refused:
        run(night)

    assert [issue.code for issue in refused.value.issues] == [reason]
    assert not SmartOverride.objects.exists()


def test_a_second_test_while_one_begins_is_refused(held: Night) -> None:
    run(held)
    held.vehicle.refresh_from_db()

    with pytest.raises(Refused) as refused:
        run(held)

    assert [issue.code for issue in refused.value.issues] == ["CHARGING"]


def test_a_pause_ends_a_test(held: Night) -> None:
    run(held)
    policies.pause(vehicle=held.vehicle, now=held.now, until_plug_in=False)
    held.let_pass(timedelta(minutes=5))

    assert not SmartOverride.objects.filter(ended_at__isnull=True).exists()


def test_a_charge_now_that_the_car_has_not_followed_yet_is_no_test(held: Night) -> None:
    SmartOverride.objects.create(vehicle=held.vehicle, until_percent=60, created_at=held.now)

    with pytest.raises(Refused) as refused:
        run(held)

    assert [issue.code for issue in refused.value.issues] == ["CHARGE_NOW"]
    assert SmartOverride.objects.get().until_percent == 60
