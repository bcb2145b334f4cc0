"""Charge now, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.core.states import State
from charging.models import Plan, SmartOverride
from charging.operations import overrides
from charging.operations.issues import Refused
from charging.operations.simulation import unplug
from tests.operations.night import Night, make_held_night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Night:
    return make_held_night()


def test_charge_now_starts_a_held_car_and_the_state_says_so(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=10))

    assert held.is_charging
    assert held.vehicle.state == State.OVERRIDDEN


def test_charge_now_wins_over_a_stop_that_has_not_reached_the_car_yet() -> None:
    night = make_night()
    night.add_place()
    night.turn_on()
    while night.vehicle.state != State.STOPPING:
        night.let_pass(timedelta(seconds=1), step=timedelta(seconds=1))

    overrides.charge_now(vehicle=night.vehicle, now=night.now)
    seen = night.let_pass(timedelta(minutes=10), step=timedelta(seconds=5))

    assert seen == [State.OVERRIDDEN]
    assert night.is_charging
    assert night.commands() == ["STOP", "START"]


def test_charge_now_until_full_ends_with_a_full_car(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)

    seen = held.let_pass(timedelta(hours=5))

    assert seen == [State.OVERRIDDEN, State.FINISHED]
    assert SmartOverride.objects.get().ended_at is not None


def test_charge_now_until_a_percentage_ends_there_and_the_plan_goes_on(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now, until_percent=50)

    seen = held.let_pass(timedelta(hours=2))

    assert seen[0] == State.OVERRIDDEN
    assert held.vehicle.state == State.STOPPED
    assert 50 <= held.soc_percent < 56
    assert Plan.objects.get().ended_at is None


def test_charge_now_until_an_instant_ends_there(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now, until_at=held.now + timedelta(minutes=30))

    held.let_pass(timedelta(minutes=40))

    assert held.vehicle.state == State.STOPPED
    assert not held.is_charging


def test_back_to_smart_charging_restores_a_plan(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=20))

    ended = overrides.end_override(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=10))

    assert ended is not None
    assert held.vehicle.state == State.STOPPED
    assert Plan.objects.get().windows.filter(start__gt=held.now).exists()


def test_ending_no_override_changes_nothing(held: Night) -> None:
    assert overrides.end_override(vehicle=held.vehicle, now=held.now) is None


def test_a_second_charge_now_is_the_same_one_with_the_new_end(held: Night) -> None:
    first = overrides.charge_now(vehicle=held.vehicle, now=held.now)
    second = overrides.charge_now(vehicle=held.vehicle, now=held.now, until_percent=60)

    assert first.pk == second.pk
    assert SmartOverride.objects.get().until_percent == 60


def test_an_override_ends_when_the_cable_is_pulled(held: Night) -> None:
    overrides.charge_now(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=10))

    unplug(vehicle=held.vehicle, now=held.now)

    assert SmartOverride.objects.get().ended_at is not None
    assert Plan.objects.get().final_state == State.UNPLUGGED


def test_charge_now_needs_smart_charging_on_and_a_plugged_in_car() -> None:
    night = make_night()

    with pytest.raises(Refused) as refusal:
        overrides.charge_now(vehicle=night.vehicle, now=night.now, until_percent=0)

    assert [issue.code for issue in refusal.value.issues] == ["NOT_ENABLED", "NOT_PLUGGED_IN", "PERCENT_INVALID"]
    assert not SmartOverride.objects.exists()


def test_a_level_that_is_reached_already_is_refused(held: Night) -> None:
    with pytest.raises(Refused) as refusal:
        overrides.charge_now(vehicle=held.vehicle, now=held.now, until_percent=30)

    assert [issue.code for issue in refusal.value.issues] == ["PERCENT_REACHED"]
    assert not SmartOverride.objects.exists()
