"""One night through the SDK and the extensions alone: from a new user to a charged car, told by signed webhooks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.models import Client
from charging.operations.prices import ensure_price_areas
from tests.contracts.cars import KRISTIANSAND, pass_time
from tests.contracts.connection import connect_http, open_sdk
from tests.contracts.receiver import listening
from tests.contracts.signatures import signatures_that_hold, with_another_byte
from tests.contracts.test_sdk_webhooks import SECRET, STATUS_UPDATED, deliver
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_night_from_a_new_user_to_a_charged_car(
    live_server: LiveServer, client: Client, tonight: time_machine.Traveller, settings: Settings
) -> None:
    settings.READYBY_WEBHOOK_PRIVATE = True
    ensure_price_areas()
    enode, http = open_sdk(live_server, client), connect_http(live_server, client)
    with listening() as receiver:
        enode.webhooks.create(url=receiver.url, secret=SECRET, events=[STATUS_UPDATED])
        body = {"type": "simulator", "vendor": "TESLA", "batteryCapacityKwh": 60, "maxChargingPowerKw": 11}
        car_id = http.post("/users/anna/vehicles", json=body | {"chargeLimit": 80, "batteryLevel": 40}).json()["id"]
        home = http.post("/charging-locations", json={"name": "Home", "userId": "anna", **KRISTIANSAND}).json()
        rates = [{"name": "day", "cost": "0.30"}, {"name": "night", "cost": "0.05"}]
        enode.tariffs.create(tariff_id="two", request_body=rates)
        spans = [{"name": "night", "from": "01:00", "to": "06:00"}, {"name": "day", "from": "06:00", "to": "01:00"}]
        enode.tariffs.link_to_location(location_id=home["id"], tariff_id="two", tariff_intervals=spans)
        before = enode.vehicles.get_smart_charging_status(vehicle_id=car_id).state
        enode.vehicles.update_smart_charging_policy(vehicle_id=car_id, is_enabled=True, deadline="07:00")
        http.post(f"/vehicles/{car_id}/simulator", json={"action": "setSpeed", "speed": 600}).raise_for_status()
        pass_time(tonight, until=NOW + timedelta(seconds=70), step=timedelta(seconds=2))
        deliver()

    status = enode.vehicles.get_smart_charging_status(vehicle_id=car_id)
    told = [one["smartChargingStatus"]["state"] for one in receiver.named(STATUS_UPDATED)]
    assert before == "DISABLED"
    assert told[0] == "CONSIDERING"
    assert "PLAN:EXECUTING:STOPPED" in told
    assert "PLAN:EXECUTING:STARTED" in told
    assert "PLAN:ENDED:FINISHED" in told
    assert status.state in {"PLAN:ENDED:FINISHED", "FULLY_CHARGED"}
    for delivery in receiver.got:
        assert signatures_that_hold(delivery, SECRET) == (True, True)
        assert signatures_that_hold(with_another_byte(delivery, len(delivery[1]) // 2), SECRET) == (False, False)
    (night,) = enode.statistics.get_charging_sessions(
        user_id="anna", start_date=NOW - timedelta(days=1), end_date=NOW + timedelta(days=2), type_="vehicle"
    )
    assert night.kwh_sum > 20
    assert night.estimated_savings is not None
    assert night.cost_sum > 0
