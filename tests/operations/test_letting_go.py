"""Before the access to a held car ends it is started, or its driver is asked: none is left standing by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from charging.core.states import State
from charging.models import Command, ConnectedCar, Connection, Driver, Policy, Tombstone, Vehicle
from charging.operations import connected_cars, erasure, linking
from charging.operations.guarding import forgotten, guard
from charging.operations.letting_go import StillHeld, is_still_held
from tests.connections import make_connection, put_behind
from tests.factories import NOW, make_command, make_driver, make_due, make_parked_car

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def car() -> Vehicle:
    """A car that stands still because of us, behind a Home Assistant that nobody answers for."""
    driver = make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)
    vehicle = make_parked_car(state=State.STOPPED, driver=driver)
    vehicle.hold_until, vehicle.hold_renew_by = NOW + 3 * HOUR, NOW + HOUR / 2
    vehicle.save()
    make_due(vehicle=vehicle)
    put_behind(make_connection(driver=driver), vehicle)
    return vehicle


def disconnect(car: Vehicle, insists: bool) -> None:
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW, insists=insists)


def remove(car: Vehicle, insists: bool) -> None:
    linking.remove_car(vehicle=car, last_known={"id": str(car.public_id)}, at_wall=NOW, insists=insists)


def erase(car: Vehicle, insists: bool) -> None:
    erasure.erase_driver(driver=car.driver, at_wall=NOW, insists=insists)


@pytest.mark.parametrize("end", [disconnect, remove, erase])
def test_a_held_car_that_takes_no_start_keeps_its_access(car: Vehicle, end: Callable[[Vehicle, bool], None]) -> None:
    with pytest.raises(StillHeld) as still_held:
        end(car, False)

    assert still_held.value.vehicles == (car,)
    command = Command.objects.get()
    assert (command.kind, command.status) == ("START", "UNKNOWN")
    assert command.next_sending_at is not None, "it is tried again"
    assert ConnectedCar.objects.filter(vehicle=car).exists()
    assert Vehicle.objects.get().is_capable
    assert not Policy.objects.get().is_enabled
    assert not Tombstone.objects.exists(), "a restored backup must not lose the car"


@pytest.mark.parametrize(("end", "is_left"), [(disconnect, True), (remove, False), (erase, False)])
def test_who_insists_gets_the_end(car: Vehicle, end: Callable[[Vehicle, bool], None], is_left: bool) -> None:
    end(car, True)

    assert not Connection.objects.exists()
    assert Vehicle.objects.exists() is is_left
    assert Driver.objects.exists() is (end is not erase)


def test_a_disconnected_car_is_held_no_more_and_nobody_goes_on_starting_it(car: Vehicle) -> None:
    disconnect(car, True)

    car.refresh_from_db()
    assert (car.hold_until, car.hold_renew_by) == (None, None)
    assert list(Command.objects.values_list("kind", "status")) == [("START", "SUPERSEDED")]
    assert forgotten(at_wall=NOW + 4 * HOUR) == []
    assert guard(at_wall=NOW + 4 * HOUR) == 0


def test_another_press_sends_the_start_again_at_once(car: Vehicle) -> None:
    for attempts in (1, 2):
        with pytest.raises(StillHeld):
            disconnect(car, False)
        assert Command.objects.get().attempts == attempts


def test_a_start_that_was_given_up_is_followed_by_another(car: Vehicle) -> None:
    Policy.objects.update(is_enabled=False)
    Vehicle.objects.update(state=State.DISABLED, command_generation=1)
    make_command(vehicle=car, generation=1, status="FAILED", attempts=3)

    with pytest.raises(StillHeld):
        disconnect(car, False)

    newest = Command.objects.order_by("generation").last()
    assert newest is not None
    assert (newest.generation, newest.kind, newest.attempts) == (2, "START", 1)


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("START", "ACCEPTED", False),
        ("START", "CONFIRMED", False),
        ("START", "UNKNOWN", True),
        ("START", "INTENDED", True),
        ("START", "FAILED", True),
        ("STOP", "CONFIRMED", True),
    ],
)
def test_only_a_start_that_was_taken_lets_a_car_go(car: Vehicle, kind: str, status: str, expected: bool) -> None:
    make_command(vehicle=car, kind=kind, status=status, hold_until=NOW + HOUR, hold_renew_by=NOW + HOUR)

    assert is_still_held(car) is expected


def test_a_car_whose_hold_ends_by_itself_or_that_is_not_connected_asks_nothing(car: Vehicle) -> None:
    ConnectedCar.objects.all().delete()
    simulated = make_parked_car(driver=car.driver)
    Vehicle.objects.filter(pk=simulated.pk).update(hold_until=NOW + HOUR, hold_renew_by=NOW + HOUR)

    assert not is_still_held(car)
    assert not is_still_held(simulated)


def test_the_command_erases_such_a_car_only_when_that_is_insisted_on(car: Vehicle) -> None:
    with pytest.raises(CommandError, match=f"{car.public_id} stands still because of us"):
        call_command("erase_driver", str(car.driver.public_id), "--yes")
    assert Driver.objects.exists()

    call_command("erase_driver", str(car.driver.public_id), "--yes", "--insist")

    assert not Driver.objects.exists()
