"""Cars that are linked by Enode, over their whole life: commands that are followed, and a farewell that is heard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from charging.adapters.vehicles.disconnected import DisconnectedGateway
from charging.models import Command, ConnectedCar, Connection, Driver, Farewell, Vehicle
from charging.operations import (
    connected_cars,
    connections,
    enode_links,
    farewells,
    sending,
    telemetry,
    users,
)
from charging.operations.gateways import gateway_of
from charging.operations.issues import Refused
from tests.adapters.enode_server import CAR_ID, FakeEnode, as_json, make_action, make_content
from tests.connections import make_enode_connection, put_behind_enode
from tests.factories import NOW, make_command, make_vehicle
from tests.feeds.server import Reply

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_command_keeps_the_name_of_its_action_and_how_that_ended(enode_car: Vehicle, enode_server: FakeEnode) -> None:
    make_command(vehicle=enode_car, status="INTENDED", attempts=0, next_sending_at=NOW)
    assert sending.send_open_command(vehicle=enode_car, now=NOW)
    assert Command.objects.get().vendor_action_id == "act-1"

    enode_server.action = make_action("CANCELLED", "REQUESTED_CANCELLATION")
    enode_server.vehicles = [make_content(at=NOW, chargeState={"isCharging": False})]
    assert telemetry.poll(vehicle=enode_car, now=NOW + MINUTE)

    command = Command.objects.get()
    assert (command.vendor_action_state, command.is_schedule_conflict) == ("CANCELLED", True)
    asked = enode_server.asked.count("GET /vehicles/actions/act-1")
    telemetry.poll(vehicle=enode_car, now=NOW + 2 * MINUTE)
    assert enode_server.asked.count("GET /vehicles/actions/act-1") == asked


def test_a_sending_without_a_reply_keeps_the_action_of_the_one_before(
    enode_car: Vehicle, enode_server: FakeEnode
) -> None:
    make_command(vehicle=enode_car, next_sending_at=NOW, vendor_action_id="act-0")
    enode_server.replies["POST /vehicles"] = Reply(b"", 500)

    sending.send_open_command(vehicle=enode_car, now=NOW)

    assert Command.objects.get().vendor_action_id == "act-0"


def test_without_the_operators_credentials_the_car_is_not_connected(enode_car: Vehicle, settings: Settings) -> None:
    settings.READYBY_ENODE_CLIENT_SECRET = ""

    assert isinstance(gateway_of(enode_car), DisconnectedGateway)


def test_a_disconnected_car_is_forgotten_at_the_other_end(enode_car: Vehicle, enode_server: FakeEnode) -> None:
    user_id = Connection.objects.get().public_id

    connected_cars.disconnect_car(vehicle=enode_car, at_wall=NOW)

    assert not Connection.objects.exists()
    assert [farewell.user_id for farewell in Farewell.objects.all()] == [user_id]
    assert farewells.send_farewells(at_wall=Farewell.objects.get().next_try_at) == 1
    assert enode_server.asked[-1] == f"DELETE /users/{user_id}"
    assert not Farewell.objects.exists()


def test_the_link_stays_while_another_car_is_behind_it(enode_car: Vehicle) -> None:
    put_behind_enode(Connection.objects.get(), make_vehicle(driver=enode_car.driver, vendor="VOLVO"), car_id="second")

    connected_cars.disconnect_car(vehicle=enode_car, at_wall=NOW)

    assert Connection.objects.exists()
    assert not Farewell.objects.exists()


def test_a_farewell_that_was_not_heard_is_said_again_more_and_more_seldom(
    enode_server: FakeEnode, alice: Driver
) -> None:
    farewells.say_farewell(connections=[make_enode_connection(driver=alice)], at_wall=NOW)
    enode_server.replies["DELETE /users"] = Reply(b"", 500)
    waits, at = [], NOW
    for _ in range(12):
        assert farewells.send_farewells(at_wall=at) == 0
        waits.append(Farewell.objects.get().next_try_at - at)
        at += waits[-1]

    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits[-1] == timedelta(hours=6)
    asked = len(enode_server.asked)
    assert farewells.send_farewells(at_wall=at - MINUTE) == 0
    assert len(enode_server.asked) == asked


def test_a_farewell_waits_as_long_as_it_is_told(enode_server: FakeEnode, alice: Driver) -> None:
    farewells.say_farewell(connections=[make_enode_connection(driver=alice)], at_wall=NOW)
    enode_server.replies["DELETE /users"] = Reply(b"", 429, {"Retry-After": "600"})

    farewells.send_farewells(at_wall=NOW)

    assert Farewell.objects.get().next_try_at == NOW + 10 * MINUTE


def test_without_credentials_a_farewell_waits(alice: Driver) -> None:
    farewells.say_farewell(connections=[make_enode_connection(driver=alice)], at_wall=NOW)

    assert farewells.send_farewells(at_wall=NOW) == 0
    assert Farewell.objects.get().attempts == 0


def test_whoever_is_removed_is_forgotten_at_the_other_end(enode_car: Vehicle) -> None:
    user_id = Connection.objects.get().public_id

    users.remove_user(driver=enode_car.driver, last_known=[], at_wall=NOW)

    assert Farewell.objects.get().user_id == user_id


def test_the_access_of_an_app_comes_back_without_cars_that_were_disconnected(enode_car: Vehicle) -> None:
    users.end_authorization(driver=enode_car.driver, at_wall=NOW)
    ConnectedCar.objects.all().delete()

    users.authorize(driver=enode_car.driver, at_wall=NOW)

    enode_car.refresh_from_db()
    assert not enode_car.is_capable


def test_each_link_is_a_user_of_its_own(alice: Driver, enode_car: Vehicle) -> None:
    of_car = enode_links.connection_for(driver=alice, vehicle=enode_car, at_wall=NOW)
    begun = enode_links.connection_for(driver=alice, vehicle=None, at_wall=NOW)

    assert of_car == enode_car.connected.connection
    assert begun != of_car
    assert enode_links.connection_for(driver=alice, vehicle=None, at_wall=NOW) == begun


def test_a_new_key_of_the_installation_leaves_links_as_they_are(enode_car: Vehicle) -> None:
    connections.rotate_secrets()

    assert Connection.objects.get().encrypted_secret == ""


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"", 502), "cannot be reached"),
        (Reply(b"", 429), "asked too often"),
        (Reply(b"x"), "no answer that we understand"),
    ],
)
def test_what_is_the_matter_is_noted_and_told(alice: Driver, enode_server: FakeEnode, reply: Reply, words: str) -> None:
    enode_server.replies["GET /"] = reply
    connection = make_enode_connection(driver=alice)

    with pytest.raises(Refused) as raised:
        enode_links.look_behind(connection=connection, at_wall=NOW)

    assert words in raised.value.issues[0].message
    assert Connection.objects.get().trouble


def test_a_server_that_does_not_let_us_in_is_asked_more_and_more_seldom(
    enode_car: Vehicle, enode_server: FakeEnode
) -> None:
    enode_server.replies["POST /oauth2"] = as_json({"error": "invalid_client"}, 401)

    for minute in range(60):
        telemetry.poll(vehicle=enode_car, now=NOW + minute * MINUTE)

    assert 3 < len(enode_server.asked) < 40
    assert Connection.objects.get().trouble == "NOT_ALLOWED"


def test_credentials_that_are_refused_are_told_to_be_the_operators(alice: Driver, enode_server: FakeEnode) -> None:
    enode_server.replies["POST /oauth2"] = as_json({"error": "invalid_client"}, 401)

    with pytest.raises(Refused) as raised:
        enode_links.begin_link(connection=make_enode_connection(driver=alice), redirect_uri="https://x/", vendor="")

    assert "Ask whoever runs it" in raised.value.issues[0].message


def test_no_car_more_than_the_operator_may_have(alice: Driver, enode_server: FakeEnode) -> None:
    enode_server.replies["POST /users"] = as_json({}, 403)

    with pytest.raises(Refused) as raised:
        enode_links.begin_link(connection=make_enode_connection(driver=alice), redirect_uri="https://x/", vendor="")

    assert raised.value.issues[0].code == "CONNECTION_LIMIT"


def test_what_the_server_tells_of_the_car_is_kept(alice: Driver, enode_server: FakeEnode) -> None:
    connection = make_enode_connection(driver=alice)
    found = enode_links.look_behind(connection=connection, at_wall=NOW).cars[0]
    linked = enode_links.linked_car(car=found, name="Our car", battery_capacity_kwh=64, max_power_kw=11)

    vehicle = connected_cars.connect_car(
        driver=alice, connection=connection, car=linked, chosen=enode_links.kept_of(found), now=NOW
    )

    assert (vehicle.gateway, vehicle.vin, vehicle.model, vehicle.year) == ("enode", "YV1EX000000001234", "EX30", 2025)
    assert (vehicle.vendor_asset_id, vehicle.has_lease) == (CAR_ID, False)
    assert connected_cars.look_at_first(vehicle=vehicle, now=NOW)
