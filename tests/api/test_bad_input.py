"""Whatever is sent, the answer says what to change, and nothing is stored: one table over all calls with a body."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as HttpClient

from charging.core.states import State
from charging.models.vehicles import GatewayName
from charging.operations.tariffs import set_rates
from tests.api import bad_values as bad
from tests.api.callers import assert_is_problem, codes_of, everything_stored, make_caller, send
from tests.contracts.cars import make_simulated_car
from tests.factories import NOW, make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Call:
    """A call with a body that is taken, and for its keys values that are not."""

    method: str
    path: str
    body: dict[str, Any]
    bad: dict[str, tuple[Any, ...]]
    numbers: tuple[str, ...] = ()
    required: frozenset[str] = field(default_factory=frozenset)


CALLS = [
    Call(
        "POST",
        "/api/users/anna/vehicles",
        {"type": "simulator", "vendor": "TESLA", "batteryCapacityKwh": 60, "maxChargingPowerKw": 11},
        {
            "type": (*bad.NOT_TEXT, "enode", ""),
            "vendor": (*bad.NOT_TEXT, "SIM", "tesla", "MERCEDES", ""),
            "batteryCapacityKwh": (*bad.NOT_A_NUMBER, 0, -1, 1001, 1e300, 10**400),
            "maxChargingPowerKw": (*bad.NOT_A_NUMBER, 0, -1, 501),
            "displayName": (*bad.NOT_TEXT, *bad.UNSTORABLE, "x" * 101),
            "chargeLimit": (*bad.NOT_A_NUMBER, 49, 101, -1),
            "vin": (*bad.NOT_TEXT, *bad.UNSTORABLE, "x" * 18),
            "batteryLevel": (*bad.NOT_A_NUMBER, -1, 101),
            "unknown": (1,),
        },
        numbers=("batteryCapacityKwh", "chargeLimit"),
        required=frozenset({"type", "vendor", "batteryCapacityKwh", "maxChargingPowerKw"}),
    ),
    Call(
        "POST",
        "/api/users/anna/locations",
        {"name": "Home", "latitude": 59.9, "longitude": 10.7},
        {
            "name": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", " ", "x" * 101, "\u202e"),
            "latitude": (*bad.NOT_A_NUMBER, 90.1, -91, 10**400),
            "longitude": (*bad.NOT_A_NUMBER, 180.1, -181),
            "timezoneName": (*bad.NOT_TEXT, "Mars/Base", "", "../etc"),
            "radiusMeters": (*bad.NOT_A_NUMBER, 49, 501, 1.5, -1),
            "priceArea": (True, 1, [], {}, "nowhere", ""),
            "userId": ("anna",),
        },
        numbers=("latitude", "longitude"),
        required=frozenset({"name", "latitude", "longitude"}),
    ),
    Call(
        "PUT",
        "/api/locations/{place}",
        {"name": "Home"},
        {
            "name": (*bad.NOT_TEXT, *bad.UNSTORABLE, ""),
            "latitude": (*bad.NOT_A_NUMBER, 91),
            "longitude": (*bad.NOT_A_NUMBER, -181),
            "userId": (*bad.NOT_TEXT, "bob"),
        },
        numbers=("latitude",),
    ),
    Call(
        "POST",
        "/api/vehicles/{car}/charging",
        {"action": "START"},
        {"action": (*bad.NOT_TEXT, "start", "PAUSE", ""), "kind": ("START",)},
        required=frozenset({"action"}),
    ),
    Call(
        "PUT",
        "/api/locations/{place}/tariff",
        {"tariffId": "t", "tariffIntervals": [{"name": "day", "from": "07:00", "to": "22:00", "weekdays": [0]}]},
        {
            "tariffId": (*bad.NOT_TEXT, "", "x" * 201, *bad.UNSTORABLE),
            "tariffIntervals": (None, True, 1, "x", {}, [1], [None], [[]], [{}], [{"name": "day"}]),
            "tariffIntervals.0.name": (*bad.NOT_TEXT, "", "x" * 101, "night", *bad.UNSTORABLE),
            "tariffIntervals.0.from": (*bad.NOT_TEXT, "7:00", "24:00", "22:00", "07:00:00", "", "aa:bb"),
            "tariffIntervals.0.to": (*bad.NOT_TEXT, "24:01", "25:00", "7:00", "07:00", ""),
            "tariffIntervals.0.weekdays": (True, 1, "0", [], [7], [-1], [0.5], ["0"], [None], {}),
            "tariffIntervals.0.months": ([1],),
        },
        required=frozenset({"tariffId", "tariffIntervals"}),
    ),
    Call(
        "POST",
        "/api/vehicles/{car}/readings",
        {"observedAt": "2025-12-09T21:00:00Z", "isPluggedIn": True, "isCharging": False},
        {
            "observedAt": (*bad.NOT_TEXT, "", "now", "2025-12-09", "2025-12-09T21:00:00", "2025-13-09T21:00:00Z"),
            "id": (True, 1, [], {}, "", "x" * 91, *bad.UNSTORABLE),
            "batteryLevel": (True, "1", [], -1, 101),
            "isPluggedIn": (1, 0, "true", [], {}),
            "isCharging": (1, "no", []),
            "chargeRate": (True, "1", -1, 501, []),
            "chargeLimit": (True, "1", -1, 101),
            "powerDeliveryState": (*bad.NOT_TEXT, "UNPLUGGED", "CHARGING", ""),
            "latitude": (True, "1", 91, 59.9),
            "longitude": (True, "1", 181),
            "odometer": (True, "1", -1),
            "vehicleId": ("x",),
        },
        numbers=("batteryLevel", "odometer"),
        required=frozenset({"observedAt"}),
    ),
    Call(
        "POST",
        "/api/vehicles/{simulated}/simulator",
        {"action": "plugIn"},
        {
            "action": (*bad.NOT_TEXT, "plugin", "", "explode"),
            "locationId": (True, 1, [], {}),
            "latitude": (True, "1", 91),
            "longitude": (True, "1", 181),
            "batteryLevel": (True, "1", 101, -1),
            "speed": (True, "1", 2, 0, -1, 1.5),
            "fault": (True, 1, [], {}),
        },
        numbers=("batteryLevel",),
        required=frozenset({"action"}),
    ),
    Call(
        "POST",
        "/api/users/anna/link",
        {"scopes": ["vehicle:read:data"], "language": "en-US", "redirectUri": "https://app.example/done"},
        {
            "scopes": (None, "vehicle:read:data", [], ["x"], [1], ["charger:read:data"], {}),
            "language": (*bad.NOT_TEXT, "", "et-EE", "en", "en-us"),
            "redirectUri": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "x", "/x", "//a.example", "javascript:alert(1)"),
            "colorScheme": (*bad.NOT_TEXT, "", "blue"),
            "vendor": (True, 1, [], "", "tesla"),
            "vendorType": (True, 1, "charger", "boat"),
        },
        required=frozenset({"scopes", "language", "redirectUri"}),
    ),
    Call(
        "POST",
        "/api/assets/{car}/relink",
        {"language": "en-US", "redirectUri": "myapp://done"},
        {
            "language": (*bad.NOT_TEXT, ""),
            "redirectUri": ("data:text/html,x", "https://", "https://a b.example/", "x" * 2001, "https://ä.example/"),
            "scopes": (["vehicle:read:data"],),
        },
        required=frozenset({"language", "redirectUri"}),
    ),
    Call(
        "PUT",
        "/api/vehicles/{car}/smart-charging-policy",
        {"isEnabled": True, "deadline": "07:00", "minimumChargeLimit": 20},
        {
            "isEnabled": (None, 1, 0, "true", [], {}),
            "deadline": (True, 7, 7.5, [], {}, "7:00", "24:00", "07:60", "07:00:00", "", "٠٧:٠٠", "07:00\n"),
            "minimumChargeLimit": (*bad.NOT_A_NUMBER, -0.1, 100.1, 81),
        },
        numbers=("minimumChargeLimit",),
    ),
]


@pytest.fixture
def places() -> dict[str, Any]:
    driver = make_driver(external_id="anna")
    car = make_parked_car(driver=driver, state=State.DISABLED)
    car.gateway = GatewayName.PUSH
    car.save()
    set_rates(client=driver.client, external_id="t", rates={"day": Decimal("0.2")}, at_wall=NOW)
    simulated = make_simulated_car(driver.client, now=NOW, user_id="bob")
    return {
        "simulated": simulated.public_id,
        "client": driver.client,
        "car": car.public_id,
        "place": make_location(driver=driver).public_id,
    }


calls = pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.method} {call.path}")


@calls
def test_a_bad_value_is_named_and_nothing_is_stored(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)
    before = everything_stored()

    for key, values in call.bad.items():
        for body in (*bad.bodies_with(call.body, key, values), *(bad.endless(call.body, key) * (key in call.numbers))):
            answer = send(caller, call.method, path, body)
            assert answer.status_code == 400, (key, body[:200], answer.content)
            first_keys = {path.split(".")[0] for _code, path in codes_of(answer)}
            assert first_keys & {key.split(".")[0], ""}, (key, body[:200], first_keys)
    assert everything_stored() == before


@calls
def test_what_is_missing_is_named(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)

    for key in call.required:
        body = {name: value for name, value in call.body.items() if name != key}
        assert key in {path for _code, path in codes_of(send(caller, call.method, path, body))}


@calls
def test_what_is_no_object_or_no_json_is_refused(call: Call, places: dict[str, Any]) -> None:
    caller, path = make_caller(places["client"]), call.path.format(**places)
    before = everything_stored()

    for body in (*bad.NOT_JSON, *bad.NO_OBJECTS):
        answer = send(caller, call.method, path, body)
        assert answer.status_code == (413 if len(body) > 65536 else 400), body[:40]
        assert_is_problem(answer)
    for content_type in bad.OTHER_TYPES:
        answer = caller.generic(call.method, path, b"{}", content_type=content_type)
        assert answer.status_code == 415, content_type
        assert_is_problem(answer)
    answer = send(caller, call.method, path, bad.TOO_LARGE)
    assert answer.status_code == 413
    assert_is_problem(answer)
    assert everything_stored() == before


@calls
def test_the_body_itself_is_taken(call: Call, places: dict[str, Any]) -> None:
    answer = send(make_caller(places["client"]), call.method, call.path.format(**places), call.body)

    assert answer.status_code in {200, 204}, answer.content


@calls
def test_without_a_token_nothing_is_told(call: Call, places: dict[str, Any]) -> None:
    answer = send(HttpClient(), call.method, call.path.format(**places), call.body)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert_is_problem(answer)


@calls
def test_what_is_not_there_or_not_ours_is_the_same(call: Call, places: dict[str, Any]) -> None:
    if "{" not in call.path:
        return
    stranger = make_caller(make_driver().client)
    missing = {"car": uuid.uuid4(), "place": uuid.uuid4(), "simulated": uuid.uuid4()}

    theirs = send(stranger, call.method, call.path.format(**places), call.body)
    none = send(stranger, call.method, call.path.format(**missing), call.body)

    assert (theirs.status_code, theirs.content) == (none.status_code, none.content)
    assert theirs.status_code == 404


def test_the_table_holds_hundreds_of_bad_values() -> None:
    count = sum(len(values) for call in CALLS for values in call.bad.values())
    count += len(CALLS) * (len(bad.NOT_JSON) + len(bad.NO_OBJECTS) + len(bad.OTHER_TYPES) + 1)

    assert count >= 250
