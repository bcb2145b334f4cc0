"""Health, integrations, interventions through the SDK, and the plans of the past."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.core.vendors import VENDORS
from charging.models import Client
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_driver, make_parked_car, make_plan, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_call_of_service_health(live_server: LiveServer, client: Client) -> None:
    health = open_sdk(live_server, client).service_health

    assert [one.vendor for one in health.get_vehicle_vendors()] == list(VENDORS)
    assert {one.status for one in health.get_vehicle_vendors()} == {"READY"}
    for other in (
        health.check_charger_vendors,
        health.get_battery_vendors,
        health.get_inverter_vendors,
        health.get_hvac_vendors,
        health.get_meter_vendors,
    ):
        assert other() == []
    health.check_readiness()


def test_integrations_are_those_of_cars(live_server: LiveServer, client: Client) -> None:
    enode = open_sdk(live_server, client)

    found = enode.service_health.list_integrations()

    assert {one.vendor for one in found} == set(VENDORS)
    assert connect_http(live_server, client).get("/integrations?assetTypes=charger,meter").json() == []
    assert connect_http(live_server, client).get("/integrations?assetTypes=boat").status_code == 400


def test_a_capability_that_was_given_up_names_what_brings_it_back(live_server: LiveServer, client: Client) -> None:
    anna = make_driver(client=client, external_id="anna", unauthorized_at=NOW)
    car = make_vehicle(driver=anna, is_capable=False)
    enode = open_sdk(live_server, client)

    capability = enode.vehicles.get(vehicle_id=str(car.public_id)).capabilities.start_charging
    listed = enode.interventions.list()
    read = enode.interventions.get(intervention_id=capability.intervention_ids[0])

    assert capability.is_capable is False
    assert read in listed
    assert (read.vendor, read.domain, read.resolution.action) == (None, "Account", "Link")
    assert enode.interventions.list(vendor="TESLA", vendor_type="vehicle", language="de-DE") == listed
    assert enode.interventions.list(vendor_type="charger") == []
    with pytest.raises(errors.EnodeError) as caught:
        enode.interventions.get(intervention_id="nothing")
    assert caught.value.status_code == 404


def test_the_plans_of_a_car_come_newest_first(live_server: LiveServer, client: Client) -> None:
    car = make_parked_car(driver=make_driver(client=client), state=State.STOPPED)
    for days in (1, 2, 3):
        made_at, cost = NOW - timedelta(days=days), Decimal(days)
        make_plan(vehicle=car, created_at=made_at, smart_cost=cost, final_state="PLAN:ENDED:FINISHED")
    http, path = connect_http(live_server, client), f"/vehicles/{car.public_id}/smart-charging-plans"

    first = http.get(path, params={"pageSize": 3}).json()
    rest = http.get(path, params={"pageSize": 3, "after": first["pagination"]["after"]}).json()
    back = http.get(path, params={"pageSize": 3, "before": rest["pagination"]["before"]}).json()

    assert [plan["smartCost"] for plan in first["data"]] == [1.1127, 1.0, 2.0]
    assert [plan["smartCost"] for plan in rest["data"]] == [3.0]
    assert back["data"] == first["data"]
    assert http.get(f"{path}/latest").json() == first["data"][0]
    assert http.get(f"{path}/{rest['data'][0]['id']}").json() == rest["data"][0]
    for nothing in ("x", car.public_id):
        assert http.get(f"{path}/{nothing}").status_code == 404
