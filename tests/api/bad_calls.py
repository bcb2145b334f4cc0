"""Calls with a body that is taken, and for each of their keys values that are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.api import bad_values as bad


@dataclass(frozen=True)
class Call:
    """A call with a body that is taken, and for its keys values that are not."""

    method: str
    path: str
    body: Any
    bad: dict[str, tuple[Any, ...]]
    numbers: tuple[str, ...] = ()
    required: frozenset[str] = field(default_factory=frozenset)
    success: int = 200
    """400 where even the body itself is refused, because no car can do it; 204 is success as well."""


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
            "displayName": (*bad.NOT_TEXT, *bad.UNSTORABLE, "x" * 101, "a\nb", "a\u202eb"),
            "chargeLimit": (*bad.NOT_A_NUMBER, 49, 101, -1),
            "vin": (*bad.NOT_TEXT, *bad.UNSTORABLE, "x" * 18, "W\r\n1"),
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
