"""The same of receivers, of places under their older names, and of what is asked for in a query."""

from __future__ import annotations

from typing import Any

from tests.api import bad_values as bad
from tests.api.bad_calls import Call

PLACE: dict[str, tuple[Any, ...]] = {
    "name": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", " ", "x" * 101, "\u202e", "\t"),
    "latitude": (*bad.NOT_A_NUMBER, 90.1, -91, 10**400),
    "longitude": (*bad.NOT_A_NUMBER, 180.1, -181),
    "timezoneName": (*bad.NOT_TEXT, "Mars/Base", "", "../etc/passwd", "Europe/Oslo\x00"),
    "radiusMeters": (*bad.NOT_A_NUMBER, 49, 501, 1.5, -1),
    "priceArea": (True, 1, [], {}, "nowhere", "", *bad.UNSTORABLE),
    "unknown": (1,),
}
WEBHOOK: dict[str, tuple[Any, ...]] = {
    "url": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "x", "ftp://a.example/", "https://", "https://127.0.0.1/"),
    "secret": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "x" * 15, "x" * 501, "whsec_AAAA", "whsec_!!"),
    "events": (None, True, 1, "*", {}, [], [1], ["x"], ["system:heartbeat"], ["*", None]),
    "apiVersion": (True, 1, [], {}, "", "2023-08-01"),
    "authentication": (True, 1, "x", [], {}, {"headerName": "A"}, {"headerValue": "b"}),
    "authentication.headerName": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "Host", "a b", "é"),
    "authentication.headerValue": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "a\nb", "é", "x" * 1001),
    "id": ("x",),
}
HEADER = {"headerName": "X-Key", "headerValue": "open sesame"}

MORE_CALLS = [
    Call(
        "POST",
        "/api/charging-locations",
        {"name": "Home", "latitude": 59.9, "longitude": 10.7, "userId": "anna"},
        PLACE | {"userId": bad.NOT_TEXT},
        numbers=("latitude", "longitude", "radiusMeters"),
        required=frozenset({"name", "latitude", "longitude"}),
    ),
    Call("PUT", "/api/charging-locations/{place}", {"name": "Home"}, PLACE, numbers=("latitude", "longitude")),
    Call(
        "POST",
        "/api/vehicles/{car}/max-current",
        {"maxCurrent": 16},
        {"maxCurrent": (*bad.NOT_A_NUMBER, 0, -1, 1001, 10**400), "action": ("START",)},
        numbers=("maxCurrent",),
        required=frozenset({"maxCurrent"}),
        success=400,
    ),
    Call(
        "POST",
        "/api/webhooks",
        {"url": "https://a.example/", "secret": "x" * 16, "authentication": HEADER},
        WEBHOOK,
        required=frozenset({"url", "secret"}),
    ),
    Call("PATCH", "/api/webhooks/{webhook}", {"authentication": HEADER}, WEBHOOK),
    Call(
        "POST",
        "/api/webhooks/{webhook}/replay",
        {"since": "2025-12-09T00:00:00Z"},
        {
            "since": (True, 1, [], {}, "", "now", "2025-12-09", "2025-12-09T00:00:00", "2025-02-30T00:00:00Z"),
            "until": (True, 1.5, [], "0001-01-01T00:00:00+14:00", "2025-12-09T25:00:00Z", "٢٠٢٥-12-09T00:00:00Z"),
            "unknown": (1,),
        },
    ),
    Call(
        "PUT",
        "/api/tariffs/t",
        [{"name": "day", "cost": "0.2"}],
        {
            "0": (None, True, 1, "x", [], {}),
            "0.name": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "x" * 101),
            "0.cost": (*bad.NOT_TEXT, *bad.UNSTORABLE, "", "x", "NaN", "Infinity", "1e3", ".5", "0,2", "٠.٢", "1 "),
            "0.currency": ("EUR",),
        },
    ),
]

PAGE = {
    "pageSize": ("", "0", "201", "-1", "1.5", "x", "null", "true", "+5", "5_0", "٥", "9" * 400, "1e1", " 5", "\x00"),
    "after": ("", "x", "null", "0", "\x00", "a:b:c", "x" * 2000),
    "before": ("", "x", "null", "0", "\x00", "a:b:c"),
}
LISTS = (
    *("/api/users", "/api/vehicles", "/api/locations", "/api/charging-locations", "/api/webhooks"),
    *("/api/users/anna/vehicles", "/api/users/anna/locations", "/api/vehicles/{car}/smart-charging-plans"),
)
NO_INSTANTS = (
    "",
    "now",
    "0",
    "2025-12-09",
    "2025-12-09T00:00:00",
    "2025-13-01T00:00:00Z",
    "2025-12-09T24:01:00Z",
    "\x00",
)
SESSIONS = {
    "startDate": (*NO_INSTANTS, "9999-12-31T23:59:59Z"),
    "endDate": (*NO_INSTANTS, "2000-01-01T00:00:00Z"),
    "type": ("", "car", "VEHICLE", "null", "\x00"),
}
BUCKETS = {
    "utcOffset": ("", "x", "15", "-14.5", "+25:00", "+02:60", "NaN", "1e1", "٢", "\x00"),
    "resolution": ("", "day", "SECOND", "null", "\x00"),
}
MAKES = {
    "language": ("", "english", "en", "EN-us", "\x00"),
    "vendorType": ("", "boat", "VEHICLE", "\x00"),
    "vendor": ("", "tesla", "x" * 41, "\x00"),
}
ASKED = {"startDate": "2025-12-01T00:00:00Z", "endDate": "2025-12-09T00:00:00Z", "type": "vehicle"}

QUERIES: list[tuple[str, dict[str, str], dict[str, tuple[str, ...]]]] = [
    *((path, {}, PAGE) for path in LISTS),
    ("/api/users/anna/statistics/charging/sessions", ASKED, SESSIONS),
    ("/api/users/anna/statistics/charging", ASKED, SESSIONS | BUCKETS),
    ("/api/interventions", {}, MAKES),
    ("/api/interventions/link-again", {}, MAKES),
    ("/api/integrations", {}, {"assetTypes": ("", "car", "vehicle,", ",", "VEHICLE", "\x00")}),
]
"""An address, a query that is taken, and for its keys values that are not."""
