"""Somebody else starts the car: the driver's answers, and how often we work against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from charging.adapters.vehicles.simulated_car import advance, with_event
from charging.core.states import State
from charging.models import Activity, Command, SmartOverride, Vehicle
from charging.models.vehicles import OtherControl
from charging.operations import overrides
from charging.operations.facts import load_facts
from charging.operations.gateways import load_simulated_car, save_simulated_car
from charging.operations.issues import Refused
from charging.operations.plug_in_history import was_claimed
from charging.operations.simulation import plug_in, unplug
from tests.operations.night import Night, make_held_night, make_night

pytestmark = pytest.mark.django_db

A_WHILE = timedelta(minutes=25)


def start_elsewhere(night: Night) -> list[State]:
    """Lets the car begin to charge without a command of ours. Returns the states that follow."""
    car = with_event(advance(load_simulated_car(night.vehicle), night.now))
    save_simulated_car(night.vehicle, replace(car, wants_charge=True, hold=None))
    return night.let_pass(A_WHILE)


def counters(night: Night) -> int:
    return Command.objects.filter(vehicle=night.vehicle, purpose="counter").count()


@pytest.fixture
def held() -> Night:
    return make_held_night()


def test_letting_smart_charging_take_over_stops_the_car_again(held: Night) -> None:
    taken_over = start_elsewhere(held)

    overrides.end_override(vehicle=held.vehicle, now=held.now)
    seen = held.let_pass(A_WHILE)

    assert taken_over[-1] == State.OVERRIDDEN
    assert seen[-1] == State.STOPPED
    assert not held.is_charging
    assert counters(held) == 1


def test_ux_32_the_fifth_time_we_step_back_until_the_car_is_unplugged(held: Night) -> None:
    for _ in range(4):
        start_elsewhere(held)
        overrides.end_override(vehicle=held.vehicle, now=held.now)
        held.let_pass(A_WHILE)
    start_elsewhere(held)

    with pytest.raises(Refused) as refused:
        overrides.end_override(vehicle=held.vehicle, now=held.now)

    assert [issue.code for issue in refused.value.issues] == ["COUNTER_LIMIT"]
    assert counters(held) == 4
    assert held.vehicle.state == State.OVERRIDDEN
    held.let_pass(timedelta(hours=5))
    assert counters(held) == 4
    assert held.soc_percent >= 79.9
    unplug(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=5))
    plug_in(vehicle=held.vehicle, now=held.now)
    assert load_facts(vehicle=held.vehicle, now=held.now)[0].this_plug_in.counter_commands == 0


def test_that_was_me_stands_and_is_not_asked_again_in_this_plug_in(held: Night) -> None:
    start_elsewhere(held)

    claimed = overrides.claim(vehicle=held.vehicle, now=held.now)
    overrides.end_override(vehicle=held.vehicle, now=held.now)
    held.let_pass(A_WHILE)
    start_elsewhere(held)

    assert claimed is not None
    assert held.vehicle.state == State.OVERRIDDEN
    assert list(SmartOverride.objects.values_list("is_from_elsewhere", "is_claimed")) == [(False, True)] * 2
    assert Activity.objects.filter(code="that_was_me").count() == 1
    assert counters(held) == 0


def test_after_the_next_plug_in_it_is_asked_again(held: Night) -> None:
    start_elsewhere(held)
    overrides.claim(vehicle=held.vehicle, now=held.now)
    unplug(vehicle=held.vehicle, now=held.now)
    held.let_pass(timedelta(minutes=5))
    plug_in(vehicle=held.vehicle, now=held.now)
    held.let_pass(A_WHILE)

    start_elsewhere(held)

    assert SmartOverride.objects.order_by("-created_at")[0].is_from_elsewhere


def test_there_is_nothing_to_claim_while_nobody_took_over(held: Night) -> None:
    assert overrides.claim(vehicle=held.vehicle, now=held.now) is None
    overrides.charge_now(vehicle=held.vehicle, now=held.now)

    assert overrides.claim(vehicle=held.vehicle, now=held.now) is None


@pytest.mark.parametrize(
    ("net_time", "first"),
    [(time(19, 30), State.STOPPING), (time(23, 0), State.OVERRIDDEN)],
    ids=["at its time", "at another time"],
)
def test_the_declared_safety_net_is_stopped_once_without_a_word(held: Night, net_time: time, first: State) -> None:
    Vehicle.objects.update(other_control=OtherControl.SAFETY_NET, safety_net_time=net_time)

    seen = start_elsewhere(held)

    assert next(state for state in seen if state != State.STOPPED) == first
    assert (counters(held) == 1) == (first == State.STOPPING)
    assert SmartOverride.objects.exists() == (first == State.OVERRIDDEN)
    assert Activity.objects.filter(code="net_started").exists() == (first == State.STOPPING)


def test_nothing_is_claimed_for_a_car_that_is_not_plugged_in(held: Night) -> None:
    assert not was_claimed(vehicle=held.vehicle, plugged_in_at=None)


def test_a_safety_net_without_a_time_explains_nothing(held: Night) -> None:
    Vehicle.objects.update(other_control=OtherControl.SAFETY_NET, safety_net_time=None)

    assert load_facts(vehicle=Vehicle.objects.get(), now=held.now)[0].safety_net_at is None


def test_the_starts_that_the_car_followed_are_counted(held: Night) -> None:
    before = load_facts(vehicle=held.vehicle, now=held.now)[0].this_plug_in

    overrides.charge_now(vehicle=held.vehicle, now=held.now)
    held.let_pass(A_WHILE)

    after = load_facts(vehicle=held.vehicle, now=held.now)[0].this_plug_in
    assert after.starts == before.starts + 1
    assert not after.was_taken_over


def test_protective_charging_ends_a_percent_above_the_minimum() -> None:
    night = make_night()
    night.add_place()
    night.turn_on(minimum=45)
    levels: list[float] = []
    while not levels or night.vehicle.is_protecting:
        night.let_pass(timedelta(minutes=1))
        levels.append(night.soc_percent)

    assert levels[0] < 45
    assert 46 <= levels[-1] < 47
    night.let_pass(A_WHILE)
    assert night.vehicle.state == State.STOPPED


def test_without_a_plug_in_nothing_was_claimed(held: Night) -> None:
    assert not was_claimed(vehicle=held.vehicle, plugged_in_at=None)
