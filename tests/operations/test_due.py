"""When a car is looked at again: the earliest of what is planned, to be read and to be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import Due, Vehicle
from charging.operations import clocks
from charging.operations.due import look_again, poll_interval, schedule
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def vehicle() -> Vehicle:
    return factories.make_vehicle(driver=factories.make_driver())


def test_a_car_is_due_when_its_plan_says_so(vehicle: Vehicle) -> None:
    schedule(vehicle=vehicle, own_at=NOW + HOUR)

    due = Due.objects.get()
    assert (due.own_at, due.due_at, due.next_poll_at) == (NOW + HOUR, NOW + HOUR, NOW + HOUR)


def test_an_earlier_poll_comes_first(vehicle: Vehicle) -> None:
    schedule(vehicle=vehicle, own_at=NOW + 2 * HOUR, next_poll_at=NOW + HOUR)

    due = Due.objects.get()
    assert (due.own_at, due.next_poll_at) == (NOW + HOUR, NOW + HOUR)


def test_a_later_poll_is_remembered_and_does_not_delay(vehicle: Vehicle) -> None:
    schedule(vehicle=vehicle, own_at=NOW + HOUR, next_poll_at=NOW + 2 * HOUR)

    due = Due.objects.get()
    assert (due.own_at, due.next_poll_at) == (NOW + HOUR, NOW + 2 * HOUR)


def test_the_poll_that_was_agreed_stays_when_none_is_named(vehicle: Vehicle) -> None:
    schedule(vehicle=vehicle, own_at=NOW + 3 * HOUR, next_poll_at=NOW + 2 * HOUR)

    schedule(vehicle=vehicle, own_at=NOW + 4 * HOUR)

    due = Due.objects.get()
    assert (due.own_at, due.next_poll_at) == (NOW + 2 * HOUR, NOW + 2 * HOUR)


def test_an_earlier_sending_comes_first(vehicle: Vehicle) -> None:
    factories.make_command(vehicle=vehicle, next_sending_at=NOW + timedelta(minutes=1))

    schedule(vehicle=vehicle, own_at=NOW + HOUR, next_poll_at=NOW + HOUR)

    assert Due.objects.get().own_at == NOW + timedelta(minutes=1)


def test_the_sending_of_another_car_is_not_ours(vehicle: Vehicle) -> None:
    other = factories.make_vehicle(driver=vehicle.driver)
    factories.make_command(vehicle=other, next_sending_at=NOW)

    schedule(vehicle=vehicle, own_at=NOW + HOUR, next_poll_at=NOW + HOUR)

    assert Due.objects.get().own_at == NOW + HOUR


def test_on_the_wall_a_fast_car_is_due_sooner(vehicle: Vehicle) -> None:
    clocks.set_speed(driver=vehicle.driver, speed=60, at_wall=NOW)

    schedule(vehicle=vehicle, own_at=NOW + HOUR)

    assert Due.objects.get().due_at == NOW + timedelta(minutes=1)


def test_looking_again_is_due_at_once_with_a_fresh_reading(vehicle: Vehicle) -> None:
    schedule(vehicle=vehicle, own_at=NOW + HOUR, next_poll_at=NOW + HOUR)

    look_again(vehicle=vehicle, now=NOW)

    due = Due.objects.get()
    assert (due.own_at, due.due_at, due.next_poll_at) == (NOW, NOW, NOW)


@pytest.mark.parametrize(
    ("is_plugged_in", "is_changing", "is_simulated", "interval"),
    [
        pytest.param(False, False, False, timedelta(minutes=15), id="on the road"),
        pytest.param(True, False, False, timedelta(minutes=5), id="plugged in"),
        pytest.param(True, True, False, timedelta(minutes=2), id="a command on its way"),
        pytest.param(True, False, True, timedelta(minutes=5), id="simulated, plugged in"),
        pytest.param(True, True, True, timedelta(seconds=5), id="simulated, a command on its way"),
    ],
)
def test_a_car_is_read_the_more_often_the_more_happens(
    is_plugged_in: bool, is_changing: bool, is_simulated: bool, interval: timedelta
) -> None:
    wait = poll_interval(is_plugged_in=is_plugged_in, is_changing=is_changing, is_simulated=is_simulated)

    assert wait == interval


def test_a_car_that_pushes_is_looked_at_as_one_on_the_road_but_for_its_commands() -> None:
    assert poll_interval(is_plugged_in=True, is_changing=False, is_pushed=True) == timedelta(minutes=15)
    assert poll_interval(is_plugged_in=True, is_changing=True, is_pushed=True) == timedelta(minutes=2)
