"""Real cars behind a connection: added, connected again with their history, disconnected, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.facts import Hold
from charging.core.states import State
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Driver, Policy, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations import connected_cars, sending, users
from charging.operations.issues import Refused
from charging.operations.linking import LinkedCar
from charging.operations.readiness import readiness
from tests.adapters.home_assistant_server import BY_SWITCH, ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connection, put_behind
from tests.factories import (
    NOW,
    make_activity,
    make_command,
    make_driver,
    make_due,
    make_parked_car,
    make_vehicle,
)

pytestmark = pytest.mark.django_db

CHOSEN = dict(BY_SWITCH.that_are_read())


def make_linked(**values: object) -> LinkedCar:
    known = {"gateway": GatewayName.HOME_ASSISTANT.value, "vendor": "VOLVO", "display_name": "Our car"}
    return LinkedCar(**{**known, "battery_capacity_kwh": 77.0, "max_power_kw": 11.0, **values})  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        server.now = NOW
        yield server


@pytest.fixture
def connection(alice: Driver, server: FakeHomeAssistant) -> Connection:
    return make_connection(driver=alice, address=server.url)


@pytest.fixture
def car(connection: Connection) -> Vehicle:
    vehicle = make_parked_car(state=State.STOPPED, driver=connection.driver)
    vehicle.hold_until, vehicle.hold_renew_by = NOW + timedelta(hours=3), NOW + timedelta(minutes=30)
    vehicle.save()
    make_due(vehicle=vehicle)
    put_behind(connection, vehicle)
    return vehicle


def add(connection: Connection, chosen: dict[str, str] = CHOSEN, **values: object) -> Vehicle:
    return connected_cars.connect_car(
        driver=connection.driver, connection=connection, car=make_linked(**values), chosen=chosen, now=NOW
    )


def test_a_car_is_added_and_answers_at_the_first_look(connection: Connection) -> None:
    vehicle = add(connection)

    assert connected_cars.look_at_first(vehicle=vehicle, now=NOW)

    vehicle = Vehicle.objects.select_related("view").get(pk=vehicle.pk)
    assert (vehicle.gateway, vehicle.has_lease, vehicle.is_simulated) == ("home_assistant", False, False)
    assert vehicle.view.is_plugged_in is True
    assert vehicle.connected.entities == CHOSEN


def test_a_car_that_does_not_answer_at_first_is_there_all_the_same(
    connection: Connection, server: FakeHomeAssistant
) -> None:
    server.token = "another"
    vehicle = add(connection)

    assert not connected_cars.look_at_first(vehicle=vehicle, now=NOW)

    assert Vehicle.objects.get().state == State.DISABLED


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"level": ""}, "LEVEL_MISSING"),
        ({"plug": ""}, "PLUG_MISSING"),
        ({"switch": ""}, "CONTROL_MISSING"),
        ({"switch": "", "start": ENTITIES.start}, "CONTROL_MISSING"),
        ({"level": "../../config"}, "ENTITY_INVALID"),
    ],
)
def test_what_does_not_make_a_car_is_refused(connection: Connection, changed: dict[str, str], expected: str) -> None:
    with pytest.raises(Refused) as refused:
        add(connection, CHOSEN | changed)

    assert [issue.code for issue in refused.value.issues] == [expected]
    assert not Vehicle.objects.exists()


def test_a_car_that_cannot_be_is_refused(connection: Connection) -> None:
    with pytest.raises(Refused):
        add(connection, battery_capacity_kwh=0.0)


def test_a_guest_connects_no_car() -> None:
    guest = make_driver(is_guest=True)

    with pytest.raises(Refused):
        add(make_connection(driver=guest))


def test_connecting_again_keeps_the_history_and_drops_what_is_unused(car: Vehicle, server: FakeHomeAssistant) -> None:
    make_activity(vehicle=car)
    other = make_connection(driver=car.driver, address="http://127.0.0.1:2")

    connected_cars.connect_again(vehicle=car, connection=other, car=make_linked(vendor="KIA"), chosen=CHOSEN, now=NOW)

    car.refresh_from_db()
    assert (car.vendor, str(car), car.is_capable) == ("KIA", "Our car", True)
    assert car.activities.count() >= 1
    assert list(Connection.objects.all()) == [other]


def test_connecting_again_is_refused_for_what_makes_no_car(car: Vehicle, connection: Connection) -> None:
    for linked, chosen in ((make_linked(), {}), (make_linked(vendor="x"), CHOSEN)):
        with pytest.raises(Refused):
            connected_cars.connect_again(vehicle=car, connection=connection, car=linked, chosen=chosen, now=NOW)


def test_disconnecting_lets_a_held_car_charge_and_keeps_everything_but_the_secret(
    car: Vehicle, server: FakeHomeAssistant
) -> None:
    make_activity(vehicle=car)

    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)

    car.refresh_from_db()
    assert ("turn_on", ENTITIES.switch) in server.called
    assert not Policy.objects.get(vehicle=car).is_enabled
    assert not car.is_capable
    assert not ConnectedCar.objects.filter(vehicle=car).exists()
    assert car.activities.count() >= 1
    assert not Connection.objects.exists()


def test_disconnecting_twice_is_disconnecting_once(car: Vehicle) -> None:
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)

    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)

    assert Vehicle.objects.filter(pk=car.pk).exists()


def test_a_client_that_has_its_access_back_does_not_connect_what_its_driver_disconnected(car: Vehicle) -> None:
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)
    second = make_vehicle(driver=car.driver, is_capable=False)
    put_behind(make_connection(driver=car.driver), second)
    users.end_authorization(driver=car.driver, at_wall=NOW)

    users.authorize(driver=car.driver, at_wall=NOW)

    assert dict(Vehicle.objects.values_list("pk", "is_capable")) == {car.pk: False, second.pk: True}


def test_a_connection_stays_while_another_car_uses_it(car: Vehicle, connection: Connection) -> None:
    second = make_vehicle(driver=car.driver)
    put_behind(connection, second)

    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)

    assert ConnectedCar.objects.filter(vehicle=second).exists()


def test_forgetting_deletes_the_car_and_its_secret(car: Vehicle) -> None:
    connected_cars.forget_car(vehicle=car, at_wall=NOW)

    assert not Vehicle.objects.exists()
    assert not Connection.objects.exists()


def test_forgetting_a_car_that_was_disconnected_deletes_it_too(car: Vehicle) -> None:
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)

    connected_cars.forget_car(vehicle=car, at_wall=NOW)

    assert not Vehicle.objects.exists()


def test_a_hold_without_a_lease_goes_on_with_this_server(car: Vehicle, server: FakeHomeAssistant) -> None:
    hold = Hold(until=NOW + timedelta(hours=3), renew_by=NOW + timedelta(minutes=30))

    assert sending.renew_hold(vehicle=car, hold=hold, now=NOW)

    assert server.asked == []


def test_why_a_command_did_not_reach_the_car_stands_beside_it(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.changed = {ENTITIES.switch: "unavailable"}
    command = make_command(vehicle=car, status="INTENDED", next_sending_at=NOW)

    sending.send_open_command(vehicle=car, now=NOW)

    command.refresh_from_db()
    assert "unavailable" in command.failure_detail
    assert command.is_schedule_conflict is False


def test_a_schedule_that_stands_against_a_command_is_remembered(car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Acknowledgement:
        raise GatewayError("A timer is on.", kind=Trouble.SCHEDULE_CONFLICT)

    monkeypatch.setattr(sending, "_call", refuse)
    command = make_command(vehicle=car, status="INTENDED", next_sending_at=NOW)

    sending.send_open_command(vehicle=car, now=NOW)

    command.refresh_from_db()
    assert command.is_schedule_conflict
    assert command.failure_detail == "A timer is on."


def answers_of(car: Vehicle, after: timedelta = timedelta()) -> str:
    check = next(check for check in readiness(vehicle=car, now=NOW + after) if check.code == "answers")
    return check.reason


@pytest.mark.parametrize(
    ("trouble", "after", "reason"),
    [
        ("", timedelta(), ""),
        ("", timedelta(hours=1), "silent"),
        ("OFFLINE", timedelta(), ""),
        ("OFFLINE", timedelta(hours=1), "unreachable"),
        ("SIGN_IN_NEEDED", timedelta(), "sign_in_needed"),
    ],
)
def test_the_check_says_what_the_matter_is(
    car: Vehicle, connection: Connection, trouble: str, after: timedelta, reason: str
) -> None:
    since = NOW if trouble else None
    Connection.objects.filter(pk=connection.pk).update(trouble=trouble, trouble_since=since)

    assert answers_of(car, after) == reason


def test_the_check_says_that_a_car_was_never_heard_through_a_trouble(car: Vehicle, connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(trouble="OFFLINE", trouble_since=NOW)
    car.view.observed_at = None
    car.view.save()

    assert answers_of(car) == "unreachable"


def test_the_check_says_that_a_car_is_disconnected(car: Vehicle) -> None:
    ConnectedCar.objects.all().delete()

    assert answers_of(car) == "disconnected"
