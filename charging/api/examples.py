"""One example of each answer and body, shown in the documentation and checked against the schemas by a test."""

from __future__ import annotations

from typing import Any

VEHICLE_ID = "0b0a1c9e-6f0d-4f0e-9a51-1f3f3a6f7c11"
LOCATION_ID = "5c1f6a9b-3c58-4a43-9d0c-7be3b0c9a2d4"
PLAN_ID = "c2a0f8d4-21f5-49a5-8f0b-6d1b1f5f9e3a"
CAPABLE = {"isCapable": True, "interventionIds": []}
NOT_CAPABLE = {"isCapable": False, "interventionIds": []}

POLICY: dict[str, Any] = {"isEnabled": True, "deadline": "07:00", "minimumChargeLimit": 20.0}
PROBLEM: dict[str, Any] = {
    "type": "urn:readyby:problem:validation",
    "title": "Payload validation failed",
    "detail": "1 value was refused.",
    "issues": [{"code": "DEADLINE_INVALID", "path": "deadline", "message": "Use HH:MM, 00:00 to 23:59."}],
}
USER_LOCATION_BODY: dict[str, Any] = {"name": "Home", "latitude": 59.9139, "longitude": 10.7522}
LOCATION_BODY: dict[str, Any] = {"userId": "anna", **USER_LOCATION_BODY}
LOCATION: dict[str, Any] = {
    "id": LOCATION_ID,
    **LOCATION_BODY,
    "timezoneName": "Europe/Oslo",
    "radiusMeters": 150,
    "priceArea": "NO1",
}
USER_ENTRY: dict[str, Any] = {
    "id": "anna",
    "createdAt": "2026-01-01T12:00:00Z",
    "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
}
USER: dict[str, Any] = {
    "id": "anna",
    "linkedVendors": [{"vendor": "VOLKSWAGEN", "vendorType": "vehicle", "isValid": True}],
}
NEW_VEHICLE: dict[str, Any] = {
    "type": "simulator",
    "vendor": "VOLKSWAGEN",
    "displayName": "Family car",
    "batteryCapacityKwh": 77.0,
    "maxChargingPowerKw": 11.0,
    "chargeLimit": 80.0,
}
VEHICLE: dict[str, Any] = {
    "id": VEHICLE_ID,
    "userId": "anna",
    "vendor": "VOLKSWAGEN",
    "lastSeen": "2026-01-10T21:04:00Z",
    "isReachable": True,
    "information": {"vin": None, "brand": "Volkswagen", "model": "ID.3", "year": 2020, "displayName": None},
    "chargeState": {
        "batteryLevel": 48.0,
        "range": None,
        "isPluggedIn": True,
        "isCharging": True,
        "isFullyCharged": False,
        "batteryCapacity": 77.0,
        "chargeLimit": 80.0,
        "chargeRate": 11.0,
        "chargeTimeRemaining": 149.0,
        "lastUpdated": "2026-01-10T21:04:00Z",
        "maxCurrent": None,
        "powerDeliveryState": "PLUGGED_IN:CHARGING",
        "pluggedInChargerId": None,
    },
    "smartChargingPolicy": POLICY,
    "odometer": {"distance": None, "lastUpdated": None},
    "capabilities": {
        "information": CAPABLE,
        "chargeState": CAPABLE,
        "location": CAPABLE,
        "odometer": NOT_CAPABLE,
        "setMaxCurrent": NOT_CAPABLE,
        "startCharging": CAPABLE,
        "stopCharging": CAPABLE,
        "smartCharging": CAPABLE,
    },
    "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
    "location": {
        "longitude": 10.7522,
        "latitude": 59.9139,
        "lastUpdated": "2026-01-10T20:51:00Z",
        "id": LOCATION_ID,
    },
    "isSimulated": True,
}
CHARGE_ACTION: dict[str, Any] = {
    "id": "7f1d3c52-0f0a-4b59-8a0e-3f1f0b7a2c11",
    "userId": "anna",
    "createdAt": "2026-01-10T21:05:00Z",
    "updatedAt": "2026-01-10T21:06:10Z",
    "completedAt": "2026-01-10T21:06:10Z",
    "state": "CONFIRMED",
    "targetId": VEHICLE_ID,
    "targetType": "vehicle",
    "kind": "STOP",
    "failureReason": None,
}
OVERRIDE: dict[str, Any] = {
    "createdAt": "2026-01-10T22:00:00Z",
    "endedAt": None,
    "targetType": "vehicle",
    "targetId": VEHICLE_ID,
    "vendorActionId": "7f1d3c52-0f0a-4b59-8a0e-3f1f0b7a2c11",
    "userId": "anna",
    "vendor": "VOLKSWAGEN",
}
RATE: dict[str, Any] = {"name": "night", "cost": "0.11"}
PLACE_TARIFF: dict[str, Any] = {
    "tariffId": "two-rate",
    "tariffIntervals": [{"name": "night", "from": "22:00", "to": "06:00", "weekdays": [0, 1, 2, 3, 4]}],
}
SCHEDULE_ROW: dict[str, Any] = {
    "weekday": 0,
    "fromHourMinute": "22:00",
    "toHourMinute": "24:00",
    "tariffId": "two-rate",
    "tariffName": "night",
    "timezoneName": "Europe/Tallinn",
}
CHARGED: dict[str, Any] = {
    "kw": {"min": 3.2, "max": 11.1, "mean": 7.4},
    "kwhSum": 20.2,
    "price": {"min": 0.06, "max": 0.09, "mean": 0.075},
    "costSum": 1.52,
    "nonSmartPrice": {"min": 0.15, "max": 0.24, "mean": 0.19},
    "estimatedSavings": 2.39,
    "currency": "EUR",
    "priced": True,
}
BUCKET: dict[str, Any] = {**CHARGED, "date": "2026-01-11T00:00:00Z"}
SESSION: dict[str, Any] = {
    **CHARGED,
    "id": VEHICLE_ID,
    "locationId": LOCATION_ID,
    "from": "2026-01-11T01:00:00Z",
    "to": "2026-01-11T04:20:00Z",
}
READING: dict[str, Any] = {
    "observedAt": "2026-01-10T21:04:00Z",
    "batteryLevel": 48,
    "isPluggedIn": True,
    "isCharging": True,
    "chargeRate": 10.8,
    "latitude": 59.9139,
    "longitude": 10.7522,
}
READING_RESULT: dict[str, Any] = {"status": "ACCEPTED", "issues": []}
COMMANDS: dict[str, Any] = {
    "commands": [{"id": "7f1d3c52-0f0a-4b59-8a0e-3f1f0b7a2c11", "kind": "STOP", "createdAt": "2026-01-10T21:05:00Z"}],
    "hold": {"until": "2026-01-11T01:00:00Z", "renewBy": "2026-01-10T23:05:00Z"},
}
NEW_WEBHOOK: dict[str, Any] = {
    "url": "https://app.example/hooks",
    "secret": "a-long-random-text-of-your-own",
    "events": ["user:vehicle:smart-charging-status-updated"],
}
WEBHOOK: dict[str, Any] = {
    "id": "3f0c0d5e-62f8-4a5e-9a52-8a5f1f4f7d10",
    "url": "https://app.example/hooks",
    "events": ["*"],
    "lastSuccess": "2026-01-01T00:00:00Z",
    "isActive": True,
    "createdAt": "2026-01-01T00:00:00Z",
    "apiVersion": None,
    "authentication": {"headerName": "X-Key"},
}
WEBHOOK_TEST: dict[str, Any] = {
    "status": "SUCCESS",
    "description": "Delivered.",
    "response": {"code": 200, "body": "ok", "headers": ["content-type: text/plain"]},
}
LINK_BODY: dict[str, Any] = {
    "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
    "language": "en-US",
    "redirectUri": "https://app.example/done",
}
LINK_SESSION: dict[str, Any] = {
    "linkUrl": "https://readyby.example/link/bG9uZyB0b2tlbg/",
    "linkToken": "bG9uZyB0b2tlbg",
}
VENDOR_HEALTH: dict[str, Any] = {
    "vendor": "TESLA",
    "displayName": "Tesla",
    "status": "READY",
    "portalName": "Readyby",
    "linkingStatus": "READY",
}
INTEGRATION: dict[str, Any] = {
    **VENDOR_HEALTH,
    "assetTypes": ["vehicle"],
    "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
}
INTERVENTION: dict[str, Any] = {
    "id": "link-again",
    "vendor": None,
    "vendorType": None,
    "brand": None,
    "introducedAt": "2026-01-01T00:00:00Z",
    "domain": "Account",
    "resolution": {
        "title": "Link the car again",
        "description": "The access to this car was given up.",
        "access": "Remote",
        "agent": "User",
        "action": "Link",
    },
}
PLAN: dict[str, Any] = {
    "id": PLAN_ID,
    "vehicleId": VEHICLE_ID,
    "userId": "anna",
    "locationId": LOCATION_ID,
    "vendor": "VOLKSWAGEN",
    "currency": "EUR",
    "nonSmartCost": 3.91,
    "smartCost": 1.52,
    "stopAt": "2026-01-11T02:00:00Z",
    "startAt": "2026-01-11T01:00:00Z",
    "estimatedFinishAt": "2026-01-11T04:20:00Z",
    "stopConfirmedAt": "2026-01-10T21:06:10Z",
    "startConfirmedAt": None,
    "endedAt": None,
    "finalState": None,
    "failureCondition": None,
    "windows": [
        {"startAt": "2026-01-11T01:00:00Z", "stopAt": "2026-01-11T02:00:00Z", "energyKwh": 11.0, "cost": 0.9},
        {"startAt": "2026-01-11T03:30:00Z", "stopAt": "2026-01-11T04:20:00Z", "energyKwh": 9.2, "cost": 0.62},
    ],
    "reserveMinutes": 30,
    "reason": "The car waits for cheaper hours before the deadline.",
    "createdAt": "2026-01-10T21:05:00Z",
    "deadlineAt": "2026-01-11T06:00:00Z",
    "pricesRecordedOn": [],
}
STATUS: dict[str, Any] = {
    "updatedAt": "2026-01-10T21:10:00Z",
    "vehicleId": VEHICLE_ID,
    "userId": "anna",
    "vendor": "VOLKSWAGEN",
    "state": "PLAN:EXECUTING:STOPPED",
    "stateChangedAt": "2026-01-10T21:06:10Z",
    "consideration": None,
    "plan": PLAN,
    "smartOverride": None,
    "pausedUntil": None,
}
