"""Enode's own Python SDK against a running Readyby: nothing is changed but the two addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.models import Client, Vehicle
from charging.operations.clients import add_credentials
from charging.operations.prices import ensure_price_areas
from tests.contracts.connection import connect
from tests.factories import (
    make_considerations,
    make_driver,
    make_override,
    make_parked_car,
    make_vehicle,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sdk_lists_the_cars_page_by_page(live_server: LiveServer, client: Client) -> None:
    cars = [make_vehicle(driver=make_driver(client=client)) for _ in range(3)]
    make_vehicle(driver=make_driver())
    enode = connect(live_server, client)

    first = enode.vehicles.list(page_size=2)
    second = enode.vehicles.list(page_size=2, after=first.pagination.after)

    assert {car.id for car in (*first.data, *second.data)} == {str(car.public_id) for car in cars}
    assert second.pagination.after is None
    back = enode.vehicles.list(page_size=2, before=second.pagination.before)
    assert [car.id for car in back.data] == [car.id for car in first.data]


def test_the_sdk_reads_a_car(live_server: LiveServer, client: Client) -> None:
    view = {"is_charging": True, "charging_power_kw": 10.8, "power_delivery": "PLUGGED_IN:CHARGING"}
    car = make_parked_car(driver=make_driver(client=client, external_id="anna"), view=view)

    found = connect(live_server, client).vehicles.get(vehicle_id=str(car.public_id))

    assert (found.user_id, found.vendor) == ("anna", "VOLKSWAGEN")
    assert found.last_seen == datetime(2025, 12, 9, 21, 0, tzinfo=UTC)
    assert found.charge_state.charge_rate == 10.8
    assert found.charge_state.power_delivery_state == "PLUGGED_IN:CHARGING"
    assert found.smart_charging_policy.deadline == "07:00"
    assert found.capabilities.smart_charging.is_capable is True
    assert found.odometer.distance is None


def test_the_sdk_reads_a_car_that_never_answered(live_server: LiveServer, client: Client) -> None:
    car = make_vehicle(driver=make_driver(client=client))
    car.view.delete()

    found = connect(live_server, client).vehicles.get(vehicle_id=str(car.public_id))

    assert found.is_reachable is None
    assert found.charge_state.power_delivery_state == "UNKNOWN"


def test_the_sdk_sets_and_reads_the_policy(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.DISABLED)
    enode = connect(live_server, client)

    sent = enode.vehicles.update_smart_charging_policy(
        vehicle_id=str(car.public_id), is_enabled=True, deadline="06:30", minimum_charge_limit=30
    )

    read = enode.vehicles.get_smart_charging_policy(vehicle_id=str(car.public_id))
    assert read == sent
    assert (read.is_enabled, read.deadline, read.minimum_charge_limit) == (True, "06:30", 30)


def test_a_deadline_alone_turns_smart_charging_off_as_the_sdk_sends_it(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.CONSIDERING)

    policy = connect(live_server, client).vehicles.update_smart_charging_policy(
        vehicle_id=str(car.public_id), deadline="07:00"
    )

    assert (policy.is_enabled, policy.deadline, policy.minimum_charge_limit) == (False, "07:00", 0)


def test_a_refused_policy_is_the_typed_error_of_the_sdk(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.DISABLED)

    with pytest.raises(errors.UpdateVehicleSmartChargingPolicyBadRequestError) as caught:
        connect(live_server, client).vehicles.update_smart_charging_policy(
            vehicle_id=str(car.public_id), is_enabled=True, deadline="24:00", minimum_charge_limit=90
        )

    assert caught.value.status_code == 400
    assert caught.value.data.type == "urn:readyby:problem:validation"
    assert "MINIMUM_ABOVE_CHARGE_LIMIT" in caught.value.body
    assert "DEADLINE_INVALID" in caught.value.body


def make_car_in(state: State, client: Client) -> Vehicle:
    car = make_parked_car(driver=make_driver(client=client), state=state)
    car.considerations = make_considerations()
    car.save()
    if state == State.OVERRIDDEN:
        make_override(vehicle=car)
    return car


@pytest.mark.parametrize("state", State)
def test_the_sdk_reads_the_status_in_every_state(live_server: LiveServer, client: Client, state: State) -> None:
    car = make_car_in(state, client)

    status = connect(live_server, client).vehicles.get_smart_charging_status(vehicle_id=str(car.public_id))

    assert status.state == state.value
    assert status.vehicle_id == str(car.public_id)
    assert (status.plan is not None) == state.value.startswith("PLAN:")
    assert (status.consideration is not None) == (state == State.CONSIDERING)
    assert (status.smart_override is not None) == (state == State.OVERRIDDEN)
    if status.plan is not None:
        assert status.plan.currency == "EUR"
        assert status.plan.stop_at.tzinfo is not None


def test_an_unknown_car_is_an_error_of_the_sdk(live_server: LiveServer, client: Client) -> None:
    strangers = make_vehicle(driver=make_driver())

    with pytest.raises(errors.EnodeError) as caught:
        connect(live_server, client).vehicles.get(vehicle_id=str(strangers.public_id))

    assert caught.value.status_code == 404


def test_wrong_credentials_get_no_token(live_server: LiveServer, client: Client) -> None:
    enode = connect(live_server, client, client_secret="wrong")

    with pytest.raises(Exception, match="401"):
        enode.vehicles.list()


def test_all_five_calls_of_charging_locations_over_http(live_server: LiveServer, client: Client) -> None:
    ensure_price_areas()
    make_driver(client=client, external_id="anna")
    credentials = add_credentials(client=client)
    token: Any = httpx.post(
        f"{live_server.url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials.client_id, credentials.client_secret),
    ).json()
    url = f"{live_server.url}/api/charging-locations"
    with httpx.Client(headers={"Authorization": f"Bearer {token['access_token']}"}) as http:
        made = http.post(url, json={"name": "Home", "longitude": 10.7522, "latitude": 59.9139})
        place = made.json()
        assert (made.status_code, place["priceArea"], place["timezoneName"]) == (200, "NO1", "Europe/Oslo")
        assert http.get(url).json()["data"] == [place]
        assert http.get(f"{url}/{place['id']}").json() == place
        assert http.put(f"{url}/{place['id']}", json={"name": "Garage"}).json() == place | {"name": "Garage"}
        assert http.delete(f"{url}/{place['id']}").json() == place | {"name": "Garage"}
        assert http.get(url).json()["data"] == []
