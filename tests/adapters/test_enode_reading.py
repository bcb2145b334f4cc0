"""What Enode's API tells of a vehicle, as a reading: each value with its own age, and nothing that is not there."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from charging.adapters.vehicles.enode_reading import reading_of
from charging.core.facts import PowerDelivery, Reading
from tests.adapters.enode_server import MINUTE, TELLS, make_content, stamp
from tests.adapters.gateway_contract import NOW


def read(**changed: Any) -> Reading:
    reading = reading_of(make_content(**changed), TELLS, NOW)
    assert reading is not None
    return reading


def test_a_whole_answer_tells_everything_with_its_age() -> None:
    reading = read()

    assert reading == Reading(
        observed_at=NOW,
        event_id=reading.event_id,
        power_delivery=PowerDelivery.CHARGING,
        soc_percent=42,
        is_plugged_in=True,
        is_charging=True,
        is_fully_charged=False,
        charging_power_kw=10.4,
        charge_limit_percent=80,
        battery_capacity_kwh=64,
        latitude=58.1467,
        longitude=7.9956,
        odometer_km=12345.6,
        observed_each={
            "latitude": NOW - 30 * MINUTE,
            "longitude": NOW - 30 * MINUTE,
            "odometer_km": NOW - 20 * MINUTE,
        },
    )


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), float("inf"), float("nan"), True, "5"], ids=lambda value: str(value)[:5]
)
def test_a_number_beyond_all_reason_is_none(value: object) -> None:
    reading = read(chargeState={"batteryLevel": value, "chargeRate": value}, location={"latitude": value})

    assert (reading.soc_percent, reading.charging_power_kw, reading.latitude) == (None, None, None)
    assert reading.is_plugged_in is True


def test_a_position_that_is_newer_makes_the_charging_older() -> None:
    reading = read(location={"lastUpdated": stamp(NOW)}, chargeState={"lastUpdated": stamp(NOW - 9 * MINUTE)})

    assert reading.observed_at == NOW
    assert reading.observed_each["soc_percent"] == reading.observed_each["is_charging"] == NOW - 9 * MINUTE
    assert "latitude" not in reading.observed_each


def test_what_has_no_instant_was_when_the_car_was_last_seen() -> None:
    reading = read(
        lastSeen=stamp(NOW - 5 * MINUTE),
        **{part: {"lastUpdated": None} for part in ("chargeState", "location", "odometer")},
    )

    assert (reading.observed_at, reading.observed_each) == (NOW - 5 * MINUTE, {})


@pytest.mark.parametrize("last_seen", [None, "yesterday", "2026-03-01T18:00:00", 1, "0001-01-01T00:00:00+14:00"])
def test_without_any_instant_there_is_no_reading(last_seen: object) -> None:
    state = {"lastUpdated": last_seen}

    assert reading_of(make_content(lastSeen=last_seen, chargeState=state), TELLS, NOW) is None


@pytest.mark.parametrize(
    ("delivery", "is_plugged_in", "is_charging"),
    [
        ("PLUGGED_IN:CHARGING", True, True),
        ("PLUGGED_IN:STOPPED", True, False),
        ("PLUGGED_IN:NO_POWER", True, False),
        ("PLUGGED_IN:DISCHARGING", True, False),
        ("UNPLUGGED", False, False),
        ("UNKNOWN", None, None),
        ("SOMETHING:NEW", None, None),
        (None, None, None),
    ],
)
def test_the_state_of_delivery_says_what_the_others_leave_open(
    delivery: str | None, is_plugged_in: bool | None, is_charging: bool | None
) -> None:
    reading = read(chargeState={"powerDeliveryState": delivery, "isPluggedIn": None, "isCharging": None})

    assert (reading.is_plugged_in, reading.is_charging) == (is_plugged_in, is_charging)
    known = delivery is not None and delivery in set(PowerDelivery)
    assert reading.power_delivery == (delivery if known else PowerDelivery.UNKNOWN)


def test_what_is_said_outright_counts() -> None:
    reading = read(chargeState={"powerDeliveryState": "UNKNOWN", "isPluggedIn": True, "isCharging": False})

    assert (reading.is_plugged_in, reading.is_charging) == (True, False)


def test_nothing_known_of_the_charging_is_no_reading() -> None:
    state = {"batteryLevel": None, "isPluggedIn": None, "powerDeliveryState": "UNKNOWN"}

    assert reading_of(make_content(chargeState=state), TELLS, NOW) is None


@pytest.mark.parametrize("value", [None, "42", True, -1, 101, float("nan"), float("inf"), [], {}])
@pytest.mark.parametrize(
    ("part", "key", "name"),
    [
        ("chargeState", "batteryLevel", "soc_percent"),
        ("chargeState", "chargeLimit", "charge_limit_percent"),
        ("chargeState", "isFullyCharged", "is_fully_charged"),
        ("location", "latitude", "latitude"),
    ],
)
def test_a_value_without_sense_is_left_out(part: str, key: str, name: str, value: object) -> None:
    if key == "isFullyCharged" and value is True:
        value = "yes"
    if key == "latitude" and value == -1:
        value = -91

    assert getattr(read(**{part: {key: value}}), name) is None


def test_half_a_position_is_none() -> None:
    reading = read(location={"longitude": None})

    assert (reading.latitude, reading.longitude) == (None, None)


@pytest.mark.parametrize("tells", [("chargeState",), ("chargeState", "odometer"), ("chargeState", "location")])
def test_what_the_car_was_not_said_to_tell_is_never_there(tells: tuple[str, ...]) -> None:
    reading = reading_of(make_content(), tells, NOW)

    assert reading is not None
    assert (reading.latitude is not None) is ("location" in tells)
    assert (reading.odometer_km is not None) is ("odometer" in tells)
    assert set(reading.observed_each) <= {each.name for each in fields(Reading)}


def test_a_car_that_tells_nothing_of_its_charging_gives_no_reading() -> None:
    assert reading_of(make_content(), ("location",), NOW) is None


def test_a_clock_that_is_a_little_ahead_is_taken_for_ours() -> None:
    assert read(at=NOW + 2 * MINUTE).observed_at == NOW
    assert read(at=NOW + timedelta(hours=1)).observed_at == NOW + timedelta(hours=1)


def test_each_change_is_an_event_of_its_own() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"chargeState": {"batteryLevel": 43}},
        {"chargeState": {"powerDeliveryState": "PLUGGED_IN:STOPPED"}},
        {"location": {"latitude": 58.2}},
        {"at": NOW - MINUTE},
        {"id": "another"},
    ]

    assert len({read(**changed).event_id for changed in changes}) == len(changes)
    assert read().event_id == read().event_id
