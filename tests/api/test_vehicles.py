"""Vehicles: what is shown of them, to whom, and in what order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.api import schemas
from charging.models import Vehicle
from tests.api.callers import assert_is_problem, make_caller
from tests.factories import NOW, make_client, make_driver, make_location, make_parked_car, make_policy, make_vehicle

pytestmark = pytest.mark.django_db


def test_a_vehicle_has_every_key_of_the_contract() -> None:
    alice = make_driver(external_id="alice")
    car = make_parked_car(driver=alice)

    answer = make_caller(alice.client).get(f"/api/vehicles/{car.public_id}")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    body = answer.json()
    assert schemas.Vehicle.model_validate(body).model_dump(by_alias=True) == body
    assert body["userId"] == "alice"
    assert body["lastSeen"] == "2025-12-09T21:00:00Z"
    assert body["isReachable"] is True
    assert body["isSimulated"] is True
    assert body["smartChargingPolicy"] == {"isEnabled": True, "deadline": "07:00", "minimumChargeLimit": 20.0}
    assert body["location"]["id"] == str(alice.locations.get().public_id)
    assert body["chargeState"]["batteryLevel"] == 38.0
    assert body["chargeState"]["powerDeliveryState"] == "PLUGGED_IN:STOPPED"
    assert body["chargeState"]["chargeRate"] is None
    assert body["chargeState"]["chargeTimeRemaining"] is None
    assert all(one["interventionIds"] == [] for one in body["capabilities"].values())
    assert not body["capabilities"]["setMaxCurrent"]["isCapable"]


def test_a_car_that_never_answered_was_last_seen_when_it_was_linked() -> None:
    alice = make_driver()
    car = make_vehicle(driver=alice, linked_at=NOW - timedelta(days=2))
    car.view.delete()

    body = make_caller(alice.client).get(f"/api/vehicles/{car.public_id}").json()

    assert body["lastSeen"] == "2025-12-07T21:04:00Z"
    assert body["isReachable"] is None
    assert body["chargeState"]["powerDeliveryState"] == "UNKNOWN"
    assert body["smartChargingPolicy"] == {"isEnabled": False, "deadline": None, "minimumChargeLimit": 0.0}
    assert body["location"] == {"longitude": None, "latitude": None, "lastUpdated": None, "id": None}


def test_a_silent_car_is_not_reachable() -> None:
    car = make_vehicle(driver=make_driver(), view={"observed_at": NOW - timedelta(hours=3)})

    assert make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}").json()["isReachable"] is False


def test_a_charging_car_shows_its_power_and_the_minutes_to_its_limit() -> None:
    view = {"is_charging": True, "charging_power_kw": 10.8, "power_delivery": "PLUGGED_IN:CHARGING"}
    car = make_vehicle(driver=make_driver(), view=view)

    state = make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}").json()["chargeState"]

    assert state["chargeRate"] == 10.8
    # 42 % of 77 kWh, 90 % of 11 kW of it arriving: 3 h 16 min.
    assert state["chargeTimeRemaining"] == 196
    assert state["isCharging"] is True


def test_a_car_out_of_control_says_so() -> None:
    car = make_vehicle(driver=make_driver(), is_capable=False)

    capabilities = make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}").json()["capabilities"]

    assert {key for key, value in capabilities.items() if value["isCapable"]} == {
        "information",
        "chargeState",
        "location",
    }


def test_a_client_sees_the_cars_of_all_its_users_and_of_nobody_else() -> None:
    ours = make_client(name="ours")
    alice, bob, charlie = make_driver(client=ours), make_driver(client=ours), make_driver()
    cars = [make_vehicle(driver=driver) for driver in (alice, bob, charlie)]

    body = make_caller(ours).get("/api/vehicles").json()

    assert [car["id"] for car in body["data"]] == [str(car.public_id) for car in sorted(cars[:2], key=_position)]
    assert body["pagination"] == {"after": None, "before": None}


def _position(car: Vehicle) -> tuple[object, object]:
    return car.linked_at, car.public_id


@pytest.mark.parametrize("rest", ["", "/smart-charging-policy", "/smart-charging-status"])
@pytest.mark.parametrize("vehicle_id", ["another client's", "00000000-0000-4000-8000-000000000000", "x", "%00", "é"])
def test_a_car_that_is_not_ours_is_not_found(vehicle_id: str, rest: str) -> None:
    strangers = make_vehicle(driver=make_driver())
    if vehicle_id == "another client's":
        vehicle_id = str(strangers.public_id)

    answer = make_caller(make_client()).get(f"/api/vehicles/{vehicle_id}{rest}")

    assert answer.status_code == 404
    assert_is_problem(answer)
    assert answer.json()["type"] == "urn:readyby:problem:not-found"


def test_a_list_takes_as_many_queries_for_twenty_cars_as_for_one() -> None:
    alice = make_driver()
    caller = make_caller(alice.client)
    # The first call of a minute takes a part of the minute's calls for its process.
    caller.get("/api/vehicles")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert caller.get("/api/vehicles").status_code == 200
        return len(found)

    for count in (1, 19):
        home = make_location(driver=alice)
        for _ in range(count):
            make_policy(vehicle=make_vehicle(driver=alice, view={"location": home}))
        if count == 1:
            for_one = queries()

    assert queries() == for_one == 2


def test_a_charging_car_of_unknown_level_has_no_time_remaining() -> None:
    car = make_vehicle(driver=make_driver(), view={"is_charging": True, "soc_percent": None})

    state = make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}").json()["chargeState"]

    assert (state["batteryLevel"], state["chargeTimeRemaining"]) == (None, None)
