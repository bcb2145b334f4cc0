"""A car that does not do what was acknowledged: success is what it shows, and nothing else (RELIABILITY F19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from charging.adapters.vehicles import simulated_car
from charging.adapters.vehicles.fault_parts import Flapping, Period
from charging.adapters.vehicles.faults import Faults
from charging.core.states import State
from charging.models import Command, Vehicle
from charging.operations.gateways import load_simulated_car, save_simulated_car
from tests.operations.night import Night, make_held_night

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def night() -> Night:
    """The car waits, and its hour comes in a minute."""
    night = make_held_night()
    vehicle = Vehicle.objects.get(pk=night.vehicle.pk)
    assert vehicle.hold_until is not None
    night.let_pass(vehicle.hold_until - night.now - MINUTE)
    return night


def bring(night: Night, faults: Faults) -> None:
    save_simulated_car(night.vehicle, replace(load_simulated_car(night.vehicle), faults=faults, hold=None))


def starts() -> list[tuple[str, int]]:
    """Purpose and sendings of each START in order."""
    return list(Command.objects.filter(kind="START").order_by("generation").values_list("purpose", "attempts"))


def test_two_starts_that_are_ignored_are_followed_by_a_third_of_the_same_id(night: Night) -> None:
    bring(night, Faults(starts_to_ignore=2))

    night.let_pass(20 * MINUTE)

    assert starts() == [("plan", 3)]
    assert night.vehicle.state == State.STARTED


def test_a_car_that_ignores_everything_is_called_failed_and_asked_on(night: Night) -> None:
    bring(night, Faults(starts_to_ignore=99))

    seen = night.let_pass(40 * MINUTE)

    assert seen[-2:] == [State.STARTING, State.START_FAILED]
    assert starts()[0] == ("plan", 3)
    assert {purpose for purpose, _ in starts()[1:]} == {"retry"}
    assert 3 <= len(starts()) - 1 <= 5

    bring(night, Faults())
    night.let_pass(10 * MINUTE)
    # Once it has started the plan may find that it can wait for a cheaper hour.
    assert Command.objects.filter(kind="START", status="CONFIRMED").exists()


def test_a_start_that_takes_ten_minutes_is_no_failure(night: Night) -> None:
    bring(night, Faults(extra_wake_up=10 * MINUTE))

    seen = night.let_pass(25 * MINUTE)

    assert State.START_FAILED not in seen
    assert len(starts()) == 1
    assert night.vehicle.state == State.STARTED


def test_a_reply_that_is_lost_starts_the_car_once(night: Night) -> None:
    bring(night, Faults(lost_reply_share=1.0))
    before = set(load_simulated_car(night.vehicle).seen_command_ids)

    night.let_pass(10 * MINUTE)

    (start,) = Command.objects.filter(kind="START")
    assert set(load_simulated_car(night.vehicle).seen_command_ids) - before == {str(start.public_id)}
    assert (start.status, night.vehicle.state) == ("CONFIRMED", State.STARTED)


def test_current_that_comes_and_goes_is_an_interruption_and_asked_for_again(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long a command takes hangs on its random id; some would let the car be read only while current flows.
    monkeypatch.setattr(simulated_car, "LATENCY_SECONDS", (10, 10))
    monkeypatch.setattr(simulated_car, "WAKE_UP_SECONDS", (30, 30))
    flapping = Flapping(Period(night.now + 6 * MINUTE, night.now + 22 * MINUTE), every=8 * MINUTE)
    bring(night, Faults(flapping=flapping))

    seen = night.let_pass(30 * MINUTE)

    assert State.CHARGE_INTERRUPTED in seen
    assert State.FAILED not in seen
    assert Command.objects.filter(kind="START", status="CONFIRMED").exists()
