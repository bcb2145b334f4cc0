"""What fails for one car, one action or one job keeps no other from its turn; a database that is away stops all."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from charging.adapters.vehicles.gateway import GatewayError
from charging.management.commands import guardian
from charging.management.commands import sweep as sweep_command
from charging.models import ChargeAction, Command, Due, Heartbeat, Vehicle
from charging.operations import charge_actions, guarding, releasing, releasing_many, sending, sweep
from charging.operations.guardian_snapshot import Snapshot
from charging.operations.one_of_many import unless_it_fails
from tests.factories import NOW, make_command, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def cars() -> list[Vehicle]:
    """Two of one driver, held until an hour ago."""
    driver = make_driver()
    over = NOW - timedelta(hours=1)
    cars = [make_vehicle(driver=driver, hold_until=over, hold_renew_by=over) for _ in range(2)]
    for car in cars:
        make_due(vehicle=car)
    return cars


class Broken:
    """A gateway with a fault of its own, for one car; `told` are the others."""

    def __init__(self, broken: Vehicle) -> None:
        self.broken, self.told = broken.pk, list[int]()

    def __call__(self, vehicle: Vehicle) -> Any:
        if vehicle.pk == self.broken:
            raise KeyError("of this car")
        self.told.append(vehicle.pk)
        return self

    def start(self, **_: Any) -> Any:
        raise GatewayError


def test_a_car_that_cannot_be_released_keeps_no_other_waiting(
    cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch
) -> None:
    gateways = Broken(cars[0])
    monkeypatch.setattr(releasing, "gateway_of", gateways)
    # One after the other: threads of their own would not see the rows of this test.
    monkeypatch.setattr(releasing_many, "MANY_AT_ONCE", 1)

    assert guarding.guard(at_wall=NOW) == 1
    assert gateways.told == [cars[1].pk]
    assert Command.objects.filter(purpose="release").count() == 2


def test_a_car_that_can_be_neither_decided_about_nor_released_ends_no_sweep(
    cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch
) -> None:
    Due.objects.filter(vehicle=cars[0]).update(attempts=7)
    monkeypatch.setattr(releasing, "gateway_of", Broken(cars[0]))
    looked: list[int] = []

    def look(*, vehicle_id: int, at_wall: Any) -> int:
        looked.append(vehicle_id)
        return 1

    monkeypatch.setattr(sweep, "run_vehicle", look)

    assert sweep.sweep(at_wall=NOW) == 2
    assert looked == [cars[0].pk, cars[1].pk], "a sweep begins with one that failed before, and goes on after it"


def test_a_car_that_cannot_be_told_keeps_no_other_waiting(cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch) -> None:
    for car in cars:
        make_command(vehicle=car, status="INTENDED", attempts=0, next_sending_at=NOW)
    gateways = Broken(cars[0])
    monkeypatch.setattr(sending, "gateway_of", gateways)

    assert sending.send_due_commands(at_wall=NOW) == 1
    assert gateways.told == [cars[1].pk]


def test_an_action_that_fails_keeps_no_other_waiting(cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch) -> None:
    for car in cars:
        values = {"client": car.driver.client, "user_id": "alice", "target_id": car.public_id, "kind": "START"}
        ChargeAction.objects.create(vehicle=car, created_at=NOW, updated_at=NOW, next_sending_at=NOW, **values)
    gateways = Broken(cars[0])
    monkeypatch.setattr(charge_actions, "gateway_of", gateways)

    assert charge_actions.advance_actions(at_wall=NOW) == 2
    assert gateways.told == [cars[1].pk]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_stops_all(error: type[Exception]) -> None:
    def away() -> int:
        raise error

    with pytest.raises(error):
        unless_it_fails(away, otherwise=0)


@pytest.fixture
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of the test holds its rows."""
    monkeypatch.setattr(connection, "close", lambda: None)
    for module in (guardian, sweep_command):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)


@pytest.mark.usefixtures("kept_connection")
def test_a_guardian_outlives_a_connection_that_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(**_: Any) -> int:
        raise InterfaceError("the connection is closed")

    monkeypatch.setattr(guardian, "guard", cut)

    guardian.look(Snapshot())
    assert not Heartbeat.objects.exists()


class Turns:
    """So many turns until the end."""

    def __init__(self, count: int) -> None:
        self.left = count

    def wait(self, _seconds: float) -> bool:
        self.left -= 1
        return self.left == 0


@pytest.mark.usefixtures("kept_connection")
def test_a_sweep_that_fails_is_done_again(cars: list[Vehicle], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_command, "stopped_by_signals", lambda: Turns(2))
    asked: list[str] = []

    def fails_once(at_wall: Any) -> int:
        asked.append("sweep")
        if len(asked) == 1:
            raise OperationalError("the server closed the connection")
        return 0

    monkeypatch.setattr(sweep, "sweep", fails_once)
    call_command("sweep", every=1.0)

    assert len(asked) == 2
    assert Heartbeat.objects.get(name="sweep").count == 1


def test_the_only_sweep_says_that_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(at_wall: Any) -> int:
        raise OperationalError

    monkeypatch.setattr(sweep_command, "stopped_by_signals", Event)
    monkeypatch.setattr(sweep, "sweep", fails)

    with pytest.raises(OperationalError):
        call_command("sweep")
