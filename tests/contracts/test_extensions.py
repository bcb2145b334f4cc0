"""The extensions over HTTP: pushed readings one by one and in batches, commands to fetch, simulated cars."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from charging.models import Client, Due, PriceArea, Reading, Vehicle, VehicleView
from charging.operations import linking, users
from charging.operations.prices import ensure_price_areas
from tests.contracts.cars import KRISTIANSAND, make_simulated_car, pass_time
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_driver, make_location, make_prices, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)


def make_pushed_car(client: Client, user_id: str = "anna") -> Vehicle:
    ensure_price_areas()
    driver = users.ensure_user(client=client, external_id=user_id, at_wall=NOW)
    return linking.link_car(driver=driver, car=linking.LinkedCar("push", "KIA", 60.0, 11.0), now=NOW)


def reading(at: datetime, **values: Any) -> dict[str, Any]:
    told = {"observedAt": at.isoformat(), "batteryLevel": 40, "isPluggedIn": True, "isCharging": True, "chargeRate": 11}
    return told | KRISTIANSAND | values


def test_a_pushed_reading_counts_once_and_shows_in_the_car(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    http, path = connect_http(live_server, client), f"/vehicles/{car.public_id}/readings"

    first = http.post(path, json=reading(NOW, id="r1", odometer=1234.5))
    again = http.post(path, json=reading(NOW, id="r1"))
    unnamed = [http.post(path, json=reading(NOW + timedelta(seconds=1))).json()["status"] for _ in range(2)]
    future = http.post(path, json=reading(NOW + timedelta(hours=1)))

    assert (first.status_code, first.json()) == (200, {"status": "ACCEPTED", "issues": []})
    assert again.json()["status"] == "DUPLICATE"
    assert unnamed == ["ACCEPTED", "DUPLICATE"]
    assert future.json()["status"] == "SET_ASIDE"
    state = open_sdk(live_server, client).vehicles.get(vehicle_id=str(car.public_id))
    assert (state.charge_state.battery_level, state.charge_state.is_charging) == (40, True)
    assert state.charge_state.power_delivery_state == "PLUGGED_IN:CHARGING"
    assert (state.odometer.distance, state.is_reachable) == (1234.5, True)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"isPluggedIn": False, "isCharging": False}, "UNPLUGGED"),
        ({"isPluggedIn": True, "isCharging": False}, "PLUGGED_IN:STOPPED"),
        ({"isPluggedIn": True, "isCharging": False, "isFullyCharged": True}, "PLUGGED_IN:COMPLETE"),
        ({"isPluggedIn": None, "isCharging": None}, "UNKNOWN"),
    ],
)
def test_the_state_of_charging_follows_from_the_rest(
    live_server: LiveServer, client: Client, told: dict[str, Any], state: str
) -> None:
    car = make_pushed_car(client)
    http = connect_http(live_server, client)

    http.post(f"/vehicles/{car.public_id}/readings", json=reading(NOW, **told)).raise_for_status()

    assert http.get(f"/vehicles/{car.public_id}").json()["chargeState"]["powerDeliveryState"] == state


def test_the_rest_follows_from_the_state_of_charging(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    http = connect_http(live_server, client)

    told = {"observedAt": NOW.isoformat(), "powerDeliveryState": "PLUGGED_IN:CHARGING"}
    http.post(f"/vehicles/{car.public_id}/readings", json=told).raise_for_status()

    state = http.get(f"/vehicles/{car.public_id}").json()["chargeState"]
    assert (state["isPluggedIn"], state["isCharging"]) == (True, True)


RESULTS = [
    ("ACCEPTED",),
    ("ACCEPTED",),
    ("DUPLICATE",),
    ("REJECTED", "batteryLevel"),
    ("REJECTED", "vehicleId"),
    ("REJECTED", "vehicleId"),
    ("REJECTED", "vehicleId"),
    ("REJECTED", "observedAt"),
    ("REJECTED", ""),
    ("SET_ASIDE",),
    ("ACCEPTED",),
    ("REJECTED", "isCharging"),
]
"""Of the readings of `mixed_batch`, in their order."""


def mixed_batch(car: str, other: str, strangers: str, simulated: str) -> list[Any]:
    """Good readings of two cars among bad ones."""
    mine = {"vehicleId": car}
    return [
        reading(NOW - timedelta(minutes=2), **mine),
        reading(NOW, vehicleId=other),
        reading(NOW - timedelta(minutes=2), **mine),
        reading(NOW, **mine, batteryLevel=101),
        reading(NOW, vehicleId=strangers),
        reading(NOW, vehicleId=simulated),
        reading(NOW, vehicleId="x"),
        {"vehicleId": car},
        7,
        reading(NOW + timedelta(days=1), **mine),
        reading(NOW, **mine, batteryLevel=41),
        reading(NOW, **mine, isPluggedIn=False),
    ]


def test_a_batch_answers_each_reading_and_a_bad_one_keeps_no_other_back(
    live_server: LiveServer, client: Client
) -> None:
    car, other = make_pushed_car(client), make_pushed_car(client, "bob")
    simulated = make_vehicle(driver=make_driver(client=client))
    strangers = make_pushed_car(make_driver().client)
    ids = [str(one.public_id) for one in (car, other, strangers, simulated)]

    answer = connect_http(live_server, client).post("/readings", json=mixed_batch(*ids))

    assert answer.status_code == 200
    told = [(one["status"], *(issue["path"] for issue in one["issues"])) for one in answer.json()]
    assert told == RESULTS
    assert VehicleView.objects.get(vehicle=car).soc_percent == 41
    assert not Reading.objects.filter(vehicle__in=[strangers, simulated]).exists()
    assert Due.objects.get(vehicle=car).due_at <= NOW + timedelta(minutes=1)


def test_a_batch_has_a_thousand_readings_at_most_and_may_be_a_megabyte(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    http, mine = connect_http(live_server, client), {"vehicleId": str(car.public_id), "id": "x" * 80}
    many = [reading(NOW - timedelta(seconds=n), **mine | {"id": f"{n:080}"}) for n in range(1001)]

    assert http.post("/readings", json=many).status_code == 400
    assert http.post("/readings", json=many[:1000]).status_code == 200
    # What is no JSON is refused as that; what is longer than anything we take is not read to find out.
    assert http.post("/readings", content=b"[" + b" " * 1_000_000 + b"]").status_code == 415
    assert http.post("/readings", content=b"[" + b" " * 1_100_000 + b"]").status_code == 413
    large = http.post("/readings", content=b"[" + b" " * 1_100_000 + b"]", headers={"Content-Type": "application/json"})
    assert large.status_code == 413
    bodies: tuple[Any, ...] = ({}, None, 1, "x")
    assert [http.post("/readings", json=body).status_code for body in bodies] == [400] * 4


def evening(at: datetime) -> list[dict[str, Any]]:
    """Readings of two plug-ins, every half minute."""
    told = []
    for number in range(240):
        is_plugged_in = number % 100 >= 10
        told.append(
            reading(
                at + number * timedelta(seconds=30),
                batteryLevel=30 + number % 100 / 4,
                isPluggedIn=is_plugged_in,
                isCharging=is_plugged_in,
                chargeRate=11 if is_plugged_in else None,
            )
        )
    return told


def test_a_batch_tells_the_same_of_a_car_as_its_readings_one_by_one(live_server: LiveServer, client: Client) -> None:
    cars = [make_pushed_car(client, user_id) for user_id in ("anna", "bob")]
    for car in cars:
        make_location(driver=car.driver, **KRISTIANSAND)
    http, told = connect_http(live_server, client), evening(NOW - timedelta(hours=3))

    for one in told:
        http.post(f"/vehicles/{cars[0].public_id}/readings", json=one).raise_for_status()
    http.post("/readings", json=[one | {"vehicleId": str(cars[1].public_id)} for one in told]).raise_for_status()

    def known(car: Vehicle) -> list[Any]:
        hidden = {"vehicle_id", "location_id"}
        views = VehicleView.objects.filter(vehicle=car).values()
        view = {key: value for key, value in views[0].items() if key not in hidden}
        plugs = car.activities.filter(code__in=("plugged_in", "unplugged")).order_by("at").values_list("code", "at")
        sessions = car.charging_sessions.order_by("plugged_in_at").values_list("plugged_in_at", "unplugged_at")
        return [view, list(plugs), list(sessions), car.readings.count()]

    assert known(cars[0]) == known(cars[1])


def test_a_batch_takes_many_times_as_many_readings_a_second(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    http, path = connect_http(live_server, client), f"/vehicles/{car.public_id}/readings"
    http.post(path, json=reading(NOW - timedelta(hours=10)))
    singles = [reading(NOW - timedelta(hours=9) + n * timedelta(seconds=10)) for n in range(20)]
    batch = [
        reading(NOW - timedelta(hours=8) + n * timedelta(seconds=10), vehicleId=str(car.public_id)) for n in range(1000)
    ]

    began = time.perf_counter()
    for one in singles:
        http.post(path, json=one).raise_for_status()
    between = time.perf_counter()
    answer = http.post("/readings", json=batch)
    ended = time.perf_counter()

    assert [one["status"] for one in answer.json()] == ["ACCEPTED"] * 1000
    ratio = (1000 / (ended - between)) / (20 / (between - began))
    assert ratio >= 50, ratio


def test_a_pushed_car_fetches_what_it_is_to_do_until_it_has_done_it(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    enode, http, car_id = open_sdk(live_server, client), connect_http(live_server, client), str(car.public_id)
    http.post(f"/vehicles/{car_id}/readings", json=reading(NOW))

    stop = enode.vehicles.control_charging(vehicle_id=car_id, action="STOP")
    listed = http.get(f"/vehicles/{car_id}/commands").json()
    stopped = reading(NOW + timedelta(seconds=90), isCharging=False, chargeRate=0)
    http.post(f"/vehicles/{car_id}/readings", json=stopped).raise_for_status()

    assert [(one["id"], one["kind"]) for one in listed["commands"]] == [(stop.id, "STOP")]
    assert enode.vehicles.get_action(action_id=stop.id).state == "CONFIRMED"
    assert http.get(f"/vehicles/{car_id}/commands").json() == {"commands": [], "hold": None}


def test_a_plan_stops_a_pushed_car_and_tells_until_when(live_server: LiveServer, client: Client) -> None:
    car = make_pushed_car(client)
    enode, http, car_id = open_sdk(live_server, client), connect_http(live_server, client), str(car.public_id)
    enode.locations.create(user_id="anna", name="Home", timezone_name="Europe/Oslo", **KRISTIANSAND)
    make_prices_cheap_at_night()
    for minutes in (-12, -6, 0):
        http.post(f"/vehicles/{car_id}/readings", json=reading(NOW + timedelta(minutes=minutes))).raise_for_status()
    enode.vehicles.update_smart_charging_policy(vehicle_id=car_id, is_enabled=True, deadline="07:00")

    told = http.get(f"/vehicles/{car_id}/commands").json()

    assert enode.vehicles.get_smart_charging_status(vehicle_id=car_id).state == "PLAN:EXECUTING:STOPPING"
    assert [one["kind"] for one in told["commands"]] == ["STOP"]
    assert told["hold"]["renewBy"] <= told["hold"]["until"]


def make_prices_cheap_at_night() -> None:
    area = PriceArea.objects.get(code="NO2")
    for day in (0, 1):
        start = datetime.fromisoformat("2025-12-08T23:00:00+00:00") + timedelta(days=day)
        make_prices(area=area, day_start=start, prices=[0.05] * 20 + [0.5] * 76)


def test_a_simulated_car_does_what_its_driver_would(
    live_server: LiveServer, client: Client, tonight: time_machine.Traveller
) -> None:
    car = make_simulated_car(client, now=NOW)
    http, path = connect_http(live_server, client), f"/vehicles/{car.public_id}/simulator"
    place_id = str(car.driver.locations.get().public_id)

    def act(**body: Any) -> dict[str, Any]:
        answer = http.post(path, json=body)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        return told

    assert act(action="unplug")["chargeState"]["isPluggedIn"] is False
    away = act(action="moveTo", latitude=59.9, longitude=10.7)
    assert (away["location"]["latitude"], away["location"]["id"]) == (59.9, None)
    assert act(action="moveTo", locationId=place_id)["location"]["id"] == place_id
    assert act(action="setBatteryLevel", batteryLevel=77)["chargeState"]["batteryLevel"] == 77
    assert act(action="plugIn")["chargeState"]["isPluggedIn"] is True
    assert act(action="fault", fault="ignores_stop")["id"] == str(car.public_id)
    assert act(action="fault", fault=None)["id"] == str(car.public_id)
    act(action="setSpeed", speed=60)
    pass_time(tonight, until=NOW + timedelta(minutes=1))
    assert act(action="setSpeed", speed=1)["chargeState"]["batteryLevel"] > 77


def test_only_simulated_cars_are_simulated(live_server: LiveServer, client: Client) -> None:
    real = make_pushed_car(client)
    simulated = make_simulated_car(client, now=NOW)
    http = connect_http(live_server, client)

    assert http.post(f"/vehicles/{real.public_id}/simulator", json={"action": "plugIn"}).status_code == 422
    # The clock of a user with a real car runs with the wall's.
    fast = {"action": "setSpeed", "speed": 60}
    assert http.post(f"/vehicles/{simulated.public_id}/simulator", json=fast).status_code == 422
    for bad in ({"action": "fault", "fault": "none"}, {"action": "moveTo", "locationId": str(real.public_id)}):
        assert http.post(f"/vehicles/{simulated.public_id}/simulator", json=bad).status_code == 400
    pushed = http.post(f"/vehicles/{simulated.public_id}/readings", json=reading(NOW))
    assert (pushed.status_code, pushed.json()["issues"][0]["code"]) == (400, "NOT_A_PUSH_CAR")
    assert http.get(f"/vehicles/{simulated.public_id}/commands").json() == {"commands": [], "hold": None}
