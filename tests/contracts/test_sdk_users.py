"""Users, cars and places through Enode's own SDK."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.models import Client, Command, Driver, Location, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations.prices import ensure_price_areas
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_driver, make_location, make_parked_car, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)
CAR = {
    "type": "simulator",
    "vendor": "TESLA",
    "displayName": "Blue",
    "batteryCapacityKwh": 57.5,
    "maxChargingPowerKw": 11,
    "chargeLimit": 80,
}


def test_the_sdk_lists_users_and_reads_one(live_server: LiveServer, client: Client) -> None:
    anna = make_driver(client=client, external_id="anna")
    make_vehicle(driver=anna)
    make_driver(client=client, external_id="bob")
    make_driver(external_id="stranger")
    enode = open_sdk(live_server, client)

    listed = enode.user_management.list()
    read = enode.user_management.get(user_id="anna")

    assert {user.id for user in listed.data} == {"anna", "bob"}
    assert "vehicle:control:charging" in listed.data[0].scopes
    assert [(one.vendor, one.vendor_type.value, one.is_valid) for one in read.linked_vendors] == [
        ("VOLKSWAGEN", "vehicle", True)
    ]


def test_a_user_of_another_client_does_not_exist(live_server: LiveServer, client: Client) -> None:
    make_driver(external_id="stranger")
    enode = open_sdk(live_server, client)

    calls: tuple[Callable[[], Any], ...] = (
        lambda: enode.user_management.get(user_id="stranger"),
        lambda: enode.user_management.unlink_user(user_id="stranger"),
        lambda: enode.user_management.delete_users_userid_authorization(user_id="stranger"),
        lambda: enode.vehicles.list_for_user(user_id="stranger"),
        lambda: enode.locations.list_for_user(user_id="stranger"),
    )
    for call in calls:
        with pytest.raises(errors.EnodeError) as caught:
            call()
        assert caught.value.status_code == 404
    assert Driver.objects.filter(external_id="stranger").exists()


def test_unlinking_a_user_removes_everything_of_theirs(live_server: LiveServer, client: Client) -> None:
    make_parked_car(driver=make_driver(client=client, external_id="anna"))
    bob = make_vehicle(driver=make_driver(client=client, external_id="bob"))

    open_sdk(live_server, client).user_management.unlink_user(user_id="anna")

    assert list(Driver.objects.of_client(client)) == [bob.driver]
    assert list(Vehicle.objects.of_client(client)) == [bob]
    assert not Location.objects.exists()


def test_without_authorization_a_held_car_is_started_and_its_data_stay(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client, external_id="anna"), state=State.STOPPED)
    car.gateway = GatewayName.PUSH
    car.hold_until = car.hold_renew_by = NOW + timedelta(hours=1)
    car.save()
    enode = open_sdk(live_server, client)

    enode.user_management.delete_users_userid_authorization(user_id="anna")

    assert enode.vehicles.get_smart_charging_policy(vehicle_id=str(car.public_id)).is_enabled is False
    assert enode.user_management.get(user_id="anna").linked_vendors[0].is_valid is False
    assert enode.user_management.list().data[0].scopes == []
    assert enode.vehicles.get(vehicle_id=str(car.public_id)).capabilities.start_charging.is_capable is False
    assert Command.objects.filter(vehicle=car, kind="START").exists()


def test_adding_a_car_makes_the_user_and_gives_the_access_back(live_server: LiveServer, client: Client) -> None:
    enode, http = open_sdk(live_server, client), connect_http(live_server, client)

    first = http.post("/users/anna/vehicles", json=CAR)
    enode.user_management.delete_users_userid_authorization(user_id="anna")
    second = http.post("/users/anna/vehicles", json=CAR | {"type": "push", "vendor": "KIA"})

    assert (first.status_code, second.status_code) == (200, 200)
    cars = enode.vehicles.list_for_user(user_id="anna").data
    assert [car.id for car in cars] == [first.json()["id"], second.json()["id"]]
    assert [car.vendor for car in cars] == ["TESLA", "KIA"]
    assert [car.information.display_name for car in cars] == ["Blue", "Blue"]
    assert all(car.capabilities.smart_charging.is_capable for car in cars)
    assert cars[0].charge_state.charge_limit == cars[1].charge_state.charge_limit == 80
    assert (cars[0].is_reachable, cars[1].is_reachable) == (True, None)


def test_hints_for_fresh_data_are_taken_and_a_removed_car_is_gone(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client))
    enode, http = open_sdk(live_server, client), connect_http(live_server, client)

    enode.vehicles.refresh_hint(vehicle_id=str(car.public_id))
    enode.vehicles.refresh_hint(vehicle_id=str(car.public_id))

    assert http.delete(f"/vehicles/{car.public_id}").status_code == 204
    with pytest.raises(errors.EnodeError) as caught:
        enode.vehicles.refresh_hint(vehicle_id=str(car.public_id))
    assert caught.value.status_code == 404


def test_every_call_of_locations(live_server: LiveServer, client: Client) -> None:
    ensure_price_areas()
    make_driver(client=client, external_id="anna")
    make_location(driver=make_driver())
    enode = open_sdk(live_server, client)

    made = enode.locations.create(
        user_id="anna", name="Home", latitude=59.437, longitude=24.7536, timezone_name="Europe/Tallinn"
    )

    assert (made.user_id, made.timezone_name) == ("anna", "Europe/Tallinn")
    assert enode.locations.get(location_id=made.id) == made
    assert enode.locations.list().data == enode.locations.list_for_user(user_id="anna").data == [made]
    # The SDK sends UTC with every change that names no time zone.
    changed = enode.locations.update(location_id=made.id, name="Garage")
    assert (changed.name, changed.latitude, changed.timezone_name) == ("Garage", 59.437, "UTC")
    assert enode.locations.delete(location_id=made.id) == changed
    with pytest.raises(errors.EnodeError) as caught:
        enode.locations.get(location_id=made.id)
    assert caught.value.status_code == 404


def test_both_names_of_a_place_show_the_same_place(live_server: LiveServer, client: Client) -> None:
    place = make_location(driver=make_driver(client=client))
    http = connect_http(live_server, client)

    older, newer = http.get(f"/charging-locations/{place.public_id}"), http.get(f"/locations/{place.public_id}")

    assert older.json() == newer.json()


def test_a_client_at_its_limit_adds_no_car_and_makes_no_user(live_server: LiveServer, client: Client) -> None:
    http = connect_http(live_server, client)
    http.post("/users/anna/vehicles", json=CAR).raise_for_status()
    Client.objects.filter(pk=client.pk).update(connection_limit=1)

    refused = http.post("/users/bob/vehicles", json=CAR)

    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:readyby:problem:connections-limit-reached"
    assert Vehicle.objects.count() == 1
    assert not Driver.objects.filter(external_id="bob").exists()
