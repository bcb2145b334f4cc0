"""Charging locations: all five calls, whose place it is, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.core.states import State
from charging.models import Location, Vehicle
from charging.operations.prices import ensure_price_areas
from charging.operations.vehicles import CarDetails, add_simulated_car
from tests.api.callers import codes_of, everything_stored, make_caller, send
from tests.factories import NOW, make_client, make_driver, make_location, make_parked_car, make_vehicle

pytestmark = pytest.mark.django_db
URL = "/api/charging-locations"
OSLO = {"name": "Home", "longitude": 10.7522, "latitude": 59.9139}


def url_of(place: Location) -> str:
    return f"{URL}/{place.public_id}"


def test_name_longitude_and_latitude_make_a_place_with_its_time_zone_and_price_area() -> None:
    ensure_price_areas()
    alice = make_driver(external_id="alice")

    answer = send(make_caller(alice.client), "POST", URL, OSLO)

    assert answer.status_code == 200
    place = alice.locations.get()
    assert answer.json() == {
        "id": str(place.public_id),
        "userId": "alice",
        **OSLO,
        "timezoneName": "Europe/Oslo",
        "radiusMeters": 150,
        "priceArea": "NO1",
    }
    assert NOW <= place.created_at < NOW + timedelta(minutes=5)


def test_every_value_can_be_said() -> None:
    ensure_price_areas()
    alice = make_driver(external_id="alice")
    body = {**OSLO, "userId": "alice", "timezoneName": "UTC", "radiusMeters": 500, "priceArea": "NO2"}

    answer = send(make_caller(alice.client), "POST", URL, body)

    assert answer.json() == {"id": str(alice.locations.get().public_id), **body}


def test_a_point_in_the_middle_of_the_sea_has_no_price_area() -> None:
    ensure_price_areas()
    alice = make_driver()

    body = send(make_caller(alice.client), "POST", URL, {"name": "Raft", "longitude": -30, "latitude": 0}).json()

    assert body["priceArea"] is None
    assert body["longitude"] == -30


def test_a_simulated_car_arrives_at_the_first_place() -> None:
    alice = make_driver()
    details = CarDetails("VOLKSWAGEN", "Volkswagen", "ID.3", 77.0, 11.0, soc_percent=38.0, charge_limit_percent=80.0)
    car = add_simulated_car(driver=alice, details=details, now=NOW)
    caller = make_caller(alice.client)

    place = send(caller, "POST", URL, OSLO).json()

    seen = caller.get(f"/api/vehicles/{car.public_id}").json()
    assert seen["location"]["id"] == place["id"]
    assert seen["chargeState"]["isPluggedIn"] is True


@pytest.mark.parametrize("way", ["body", "header", "both"])
def test_a_client_with_several_users_says_whose_place_it_is(way: str) -> None:
    ours = make_client()
    make_driver(client=ours, external_id="alice")
    bob = make_driver(client=ours, external_id="bob")
    body = OSLO if way == "header" else {**OSLO, "userId": "bob"}
    headers = {} if way == "body" else {"Enode-User-Id": "bob"}

    answer = make_caller(ours).post(URL, body, content_type="application/json", headers=headers)

    assert answer.status_code == 200
    assert answer.json()["userId"] == "bob"
    assert Location.objects.get().driver == bob


@pytest.mark.parametrize("users", [(), ("alice", "bob")], ids=["no user", "two users"])
def test_a_place_of_nobody_in_particular_is_refused_with_both_ways_to_say_it(users: tuple[str, ...]) -> None:
    ours = make_client()
    for user in users:
        make_driver(client=ours, external_id=user)

    answer = send(make_caller(ours), "POST", URL, OSLO)

    assert answer.status_code == 400
    assert codes_of(answer) == {("USER_MISSING", "userId")}
    assert "userId" in answer.text
    assert "Enode-User-Id" in answer.text
    assert not Location.objects.exists()


@pytest.mark.parametrize("user", ["charlie", "nobody", "", "é", "x" * 300])
def test_a_place_for_somebody_elses_user_is_not_found(user: str) -> None:
    make_driver(external_id="charlie")
    ours = make_driver(external_id="alice").client

    answer = send(make_caller(ours), "POST", URL, {**OSLO, "userId": user})

    assert answer.status_code == 404
    assert not Location.objects.exists()


def test_body_and_header_that_disagree_are_refused() -> None:
    alice = make_driver(external_id="alice")

    answer = make_caller(alice.client).post(
        URL, {**OSLO, "userId": "alice"}, content_type="application/json", headers={"Enode-User-Id": "bob"}
    )

    assert codes_of(answer) == {("USER_INVALID", "userId")}


BAD_VALUES: list[tuple[dict[str, str], set[tuple[str, str]]]] = [
    *[({"latitude": text}, {("LATITUDE_INVALID", "latitude")}) for text in (
        "91", "-90.0001", '"59"', "true", "null", "1" + "0" * 400,
    )],
    *[({"longitude": text}, {("LONGITUDE_INVALID", "longitude")}) for text in ("180.0001", "-181", "[]", "{}")],
    *[({"name": text}, {("NAME_MISSING", "name")}) for text in ('""', '"   "', '"\\u00a0\\t"')],
    *[({"name": text}, {("NAME_INVALID", "name")}) for text in (
        "5", "null", "true", '"a\\u0007b"', '"a\\u202eb"', '"line\\nbreak"',
    )],
    ({"name": '"' + "x" * 101 + '"'}, {("NAME_TOO_LONG", "name")}),
    ({"name": '"' + "x" * 10_000 + '"'}, {("NAME_TOO_LONG", "name")}),
    ({"name": '"a\\u0000b"'}, {("TEXT_INVALID", "name")}),
    ({"name": '"a\\ud800b"'}, {("TEXT_INVALID", "name")}),
    *[({"timezoneName": text}, {("TIMEZONE_INVALID", "timezoneName")}) for text in (
        '"Mars/X"', '"../../etc/passwd"', '""', '"europe/oslo"', "1", "null", '"Factory"',
    )],
    *[({"radiusMeters": text}, {("RADIUS_INVALID", "radiusMeters")}) for text in (
        "49", "501", "-150", "150.5", '"150"', "true", "null", "1" + "0" * 400,
    )],
    ({"priceArea": '"Narnia"'}, {("PRICE_AREA_UNKNOWN", "priceArea")}),
    ({"priceArea": "1"}, {("PRICE_AREA_INVALID", "priceArea")}),
    ({"userId": "1"}, {("USER_INVALID", "userId")}),
    ({"address": '"Street 1"'}, {("KEY_UNKNOWN", "address")}),
    (
        {"latitude": "91", "longitude": '"x"', "name": '""', "timezoneName": '"Mars/X"'},
        {
            ("LATITUDE_INVALID", "latitude"),
            ("LONGITUDE_INVALID", "longitude"),
            ("NAME_MISSING", "name"),
            ("TIMEZONE_INVALID", "timezoneName"),
        },
    ),
]  # fmt: skip
IDS = [", ".join(f"{key} {value[:20]}" for key, value in values.items()) for values, _ in BAD_VALUES]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(("values", "codes"), BAD_VALUES, ids=IDS)
def test_bad_values_are_named_and_nothing_is_stored(
    method: str, values: dict[str, str], codes: set[tuple[str, str]]
) -> None:
    place = make_location(driver=make_driver())
    before = everything_stored()
    texts = {"name": '"Home"', "longitude": "10.7522", "latitude": "59.9139"} | values
    body = "{" + ", ".join(f'"{key}": {value}' for key, value in texts.items()) + "}"

    answer = send(make_caller(place.driver.client), method, URL if method == "POST" else url_of(place), body)

    assert answer.status_code == 400
    assert codes_of(answer) == codes
    assert everything_stored() == before


def test_a_new_place_needs_name_longitude_and_latitude() -> None:
    answer = send(make_caller(make_driver().client), "POST", URL, {})

    assert codes_of(answer) == {
        ("NAME_MISSING", "name"),
        ("LONGITUDE_MISSING", "longitude"),
        ("LATITUDE_MISSING", "latitude"),
    }


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"name": "  Garage "}, {"name": "Garage"}, id="a name, without the space around it"),
        pytest.param({"name": "Ga\u0308rage", "userId": "alice"}, {"name": "G\u00e4rage"}, id="composed, and the user"),
        pytest.param({"radiusMeters": 50}, {"radiusMeters": 50}, id="the radius"),
        pytest.param({"timezoneName": "UTC"}, {"timezoneName": "UTC"}, id="the time zone"),
        pytest.param({"latitude": 60, "longitude": 10}, {"latitude": 60.0, "longitude": 10.0}, id="the point"),
        pytest.param({"priceArea": None}, {"priceArea": None}, id="no price area"),
    ],
)
def test_a_change_leaves_what_is_not_sent(sent: dict[str, Any], changed: dict[str, Any]) -> None:
    place = make_location(driver=make_driver(external_id="alice"), is_area_hand_set=True)
    caller = make_caller(place.driver.client)
    before = caller.get(url_of(place)).json()

    answer = send(caller, "PUT", url_of(place), sent)

    assert answer.status_code == 200
    assert answer.json() == caller.get(url_of(place)).json() == before | changed


def test_a_place_stays_with_its_user() -> None:
    alice = make_driver(external_id="alice")
    make_driver(external_id="bob", client=alice.client)
    place = make_location(driver=alice)

    answer = send(make_caller(alice.client), "PUT", url_of(place), {"userId": "bob", "name": "Ours"})

    assert codes_of(answer) == {("USER_INVALID", "userId")}
    assert Location.objects.get().name == "Home"


def test_another_time_zone_moves_the_deadline_and_ends_the_plan() -> None:
    car = make_parked_car(state=State.STOPPED)
    place = car.driver.locations.get()

    send(make_caller(car.driver.client), "PUT", url_of(place), {"timezoneName": "UTC"})

    assert car.plans.get(ended_at__isnull=False).final_state == State.DEADLINE_CHANGED


def test_removing_a_place_answers_with_it_and_ends_the_plan_there() -> None:
    car = make_parked_car(state=State.STOPPED)
    place = car.driver.locations.get()
    caller = make_caller(car.driver.client)
    before = caller.get(url_of(place)).json()

    answer = caller.delete(url_of(place))

    assert (answer.status_code, answer.json()) == (200, before)
    assert caller.get(url_of(place)).status_code == 404
    assert caller.delete(url_of(place)).status_code == 404
    plan = caller.get(f"/api/vehicles/{car.public_id}/smart-charging-status").json()["plan"]
    assert (plan["finalState"], plan["locationId"]) == ("PLAN:ENDED:DISABLED", None)


def test_places_are_listed_for_all_users_or_one() -> None:
    ours = make_client()
    alice, bob = make_driver(client=ours, external_id="alice"), make_driver(client=ours, external_id="bob")
    for driver, name in ((alice, "A"), (bob, "B"), (make_driver(external_id="charlie"), "C")):
        make_location(driver=driver, name=name)
    caller = make_caller(ours)

    def names(query: str = "", **headers: str) -> set[str]:
        return {place["name"] for place in caller.get(URL + query, headers=headers).json()["data"]}

    assert names() == {"A", "B"}
    assert names("?userId=bob") == names(**{"Enode-User-Id": "bob"}) == {"B"}
    assert names("?userId=bob", **{"Enode-User-Id": "alice"}) == set()
    assert names("?userId=charlie") == names("?userId=%00") == names("?userId=") == set()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_place_of_a_stranger_does_not_exist(method: str) -> None:
    place = make_location(driver=make_driver())

    answer = send(make_caller(make_client()), method, url_of(place), {"name": "Mine"})

    assert answer.status_code == 404
    assert Location.objects.get().name == "Home"


def test_a_list_takes_as_many_queries_for_twenty_places_as_for_one() -> None:
    alice = make_driver()
    caller = make_caller(alice.client)
    # The first call of a minute takes a part of the minute's calls for its process.
    caller.get(URL)
    counts = []
    for count in (1, 19):
        for _ in range(count):
            make_location(driver=alice)
        with CaptureQueriesContext(connection) as queries:
            assert caller.get(URL).status_code == 200
        counts.append(len(queries))

    assert counts == [2, 2]


def test_a_place_is_made_for_the_user_of_a_simulated_car_of_which_nothing_is_written() -> None:
    ensure_price_areas()
    alice = make_driver()
    car = make_vehicle(driver=alice, view={"latitude": None, "longitude": None, "is_plugged_in": False})

    answer = send(make_caller(alice.client), "POST", URL, OSLO)

    assert answer.status_code == 200
    assert Vehicle.objects.get(pk=car.pk).view.location == alice.locations.get()
