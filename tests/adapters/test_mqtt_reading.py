"""What a gateway reads of the topics of a car: how old it is, where the car is, and what makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt_reading import instant_of, seen_of
from charging.adapters.vehicles.mqtt_topics import source_of, value_of
from charging.core.facts import PowerDelivery
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import FIRST, MINUTE, NOW, read
from tests.adapters.mqtt_layouts import EVCC, HOME, OWN
from tests.adapters.mqtt_server import FakeBroker, serve_broker
from tests.adapters.simulated_cars import make_car


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1772388000", NOW),
        ("1772388000.0", NOW),
        ("1772388000000", NOW),
        ("2026-03-01T18:00:00Z", NOW),
        ("2026-03-01T20:00:00+02:00", NOW),
        ("2026-03-01T18:00:00", None),
        ("17", None),
        ("1e300", None),
        ("nan", None),
        ("-5", None),
        ("just now", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
    ],
)
def test_an_instant_is_told_from_a_counter(text: str, expected: datetime | None) -> None:
    assert instant_of(text) == expected


@pytest.mark.parametrize(
    ("payload", "written", "expected"),
    [
        (b" on ", "a", "on"),
        (b'{"b": [{"c": 1.5}]}', "a $.b[0].c", "1.5"),
        (b'{"b": true}', "a $.b", "true"),
        (b'{"b": null}', "a $.b", None),
        (b'{"b": {"lat": 1}}', "a $.b", '{"lat": 1}'),
        (b'{"b": "text"}', "a with spaces $.b", "text"),
        (b'["b"]', "a $[0]", "b"),
        (b'["b"]', "a $[1]", None),
        (b'["b"]', "a $.b", None),
    ],
)
def test_a_payload_gives_the_value_at_its_place(payload: bytes, written: str, expected: str | None) -> None:
    assert value_of(payload, source_of(written)) == expected


@pytest.fixture
def server() -> Iterator[FakeBroker]:
    with serve_broker() as server:
        yield server


def test_a_car_that_says_nothing_gives_no_answer(server: FakeBroker) -> None:
    server.changed = dict.fromkeys((EVCC.topics.level, EVCC.topics.plug, EVCC.topics.charging, EVCC.topics.power))

    assert server.gateway().read(now=NOW) is None


def test_a_broker_that_lets_nobody_read_gives_no_answer(server: FakeBroker) -> None:
    server.manner = "keeps it all to itself"

    assert server.gateway().read(now=NOW) is None


def test_one_who_publishes_and_is_gone_is_offline(server: FakeBroker) -> None:
    server.changed = {"evcc/status": "offline"}
    gateway = server.gateway(replace(EVCC.topics, alive="evcc/status"))

    for ask in (lambda: gateway.read(now=NOW), lambda: gateway.start(command_id=FIRST, now=NOW)):
        with pytest.raises(GatewayError) as raised:
            ask()
        assert raised.value.kind is Trouble.OFFLINE
    assert server.said == []


def test_while_its_last_will_says_online_all_is_of_now(server: FakeBroker) -> None:
    gateway = server.gateway(replace(EVCC.topics, alive="evcc/status"))

    assert read(gateway, NOW + 90 * MINUTE).observed_at == NOW + 90 * MINUTE


def test_a_time_stamp_that_stands_still_makes_all_of_it_old(server: FakeBroker) -> None:
    server.changed = {"evcc/updated": str(int(NOW.timestamp()))}

    assert read(server.gateway(), NOW + 90 * MINUTE).observed_at == NOW


def test_without_a_time_stamp_a_value_is_as_old_as_the_first_sight_of_it(server: FakeBroker) -> None:
    gateway = server.gateway(replace(EVCC.topics, alive=""))
    server.changed = {EVCC.topics.level: "40", EVCC.topics.power: "7000"}
    first = read(gateway, NOW)

    again = read(gateway, NOW + 30 * MINUTE)
    server.changed[EVCC.topics.level] = "47"
    later = read(gateway, NOW + 60 * MINUTE)

    assert again == first
    assert (first.observed_at, later.observed_at) == (NOW, NOW + 60 * MINUTE)
    assert set(later.observed_each.values()) == {NOW}
    assert "soc_percent" not in later.observed_each


def test_a_counter_that_goes_on_says_that_the_rest_is_still_so(server: FakeBroker) -> None:
    gateway = server.gateway(replace(EVCC.topics, alive="evcc/uptime"))
    frozen = {topic: payload.decode() for topic, payload in server.kept().items()}
    server.changed = {**frozen, "evcc/uptime": "17"}
    read(gateway, NOW)

    server.changed["evcc/uptime"] = "18"

    assert read(gateway, NOW + 30 * MINUTE).observed_at == NOW + 30 * MINUTE
    assert read(gateway, NOW + 60 * MINUTE).observed_at == NOW + 30 * MINUTE


def test_what_is_said_just_now_is_of_now(server: FakeBroker) -> None:
    server.is_live = {EVCC.topics.level}
    server.changed = {"evcc/updated": str(int(NOW.timestamp()))}

    reading = read(server.gateway(), NOW + 10 * MINUTE)

    assert reading.observed_at == NOW + 10 * MINUTE
    assert reading.observed_each["is_plugged_in"] == NOW


def test_the_level_of_no_car_and_a_limit_of_nothing_are_left_out() -> None:
    with serve_broker(car=make_car(is_plugged_in=False)) as server:
        server.changed = {EVCC.topics.level: "0", EVCC.topics.limit: "0"}

        reading = read(server.gateway(), NOW)

    assert (reading.soc_percent, reading.charge_limit_percent) == (None, None)
    assert reading.power_delivery is PowerDelivery.UNPLUGGED


def test_a_car_that_counts_as_at_home_does_so_while_it_is_plugged_in(server: FakeBroker) -> None:
    reading = read(server.gateway(), NOW)
    server.changed = {EVCC.topics.plug: "false"}

    away = read(server.gateway(), NOW)

    assert (reading.latitude, reading.longitude) == HOME
    assert (away.latitude, away.longitude) == (None, None)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('{"latitude": 58.2, "longitude": 8.1}', (58.2, 8.1)),
        ("58.2, 8.1", (58.2, 8.1)),
        ("[58.2, 8.1]", (58.2, 8.1)),
        ('{"latitude": 91, "longitude": 8.1}', (None, None)),
        ('{"latitude": "north"}', (None, None)),
        ("[" * 20_000, (None, None)),
        ("home", (None, None)),
    ],
    ids=["JSON", "a pair", "a list", "beyond the pole", "no numbers", "far too deep", "a word"],
)
def test_a_position_is_read_in_several_ways(payload: str, expected: tuple[float | None, float | None]) -> None:
    with serve_broker(OWN) as server:
        server.changed = {OWN.topics.position: payload}

        reading = read(server.gateway(), NOW)

    assert (reading.latitude, reading.longitude) == expected


def test_a_longitude_may_have_a_topic_of_its_own() -> None:
    with serve_broker(OWN) as server:
        server.changed = {"a/latitude": "58.2", "a/longitude": "8.1"}

        reading = read(server.gateway(replace(OWN.topics, position="a/latitude", longitude="a/longitude")), NOW)

    assert (reading.latitude, reading.longitude) == (58.2, 8.1)


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"[", b"[1]", b'{"battery": null}', b"x" * 65_537, b""])
def test_a_payload_that_makes_no_sense_is_none(payload: bytes) -> None:
    with serve_broker(OWN) as server:
        server.changed = {"our garage/car": payload, "a/plug": "1"}

        reading = read(server.gateway(replace(OWN.topics, plug="a/plug", plug_words="")), NOW)

    assert (reading.soc_percent, reading.is_plugged_in) == (None, True)


@pytest.mark.parametrize("text", ["None", "unknown", "unavailable", "invalid", "Unsupported", " none "])
@pytest.mark.parametrize("words", ["ON", "1, 2", ""])
def test_what_is_not_known_is_never_no(text: str, words: str) -> None:
    with serve_broker(OWN) as server:
        server.changed = {"a/plug": text, "a/charging": text}
        topics = replace(OWN.topics, plug="a/plug", plug_words=words, charging="a/charging", charging_words=words)

        reading = read(server.gateway(replace(topics, power="")), NOW)

    assert (reading.is_plugged_in, reading.is_charging, reading.power_delivery) == (None, None, PowerDelivery.UNKNOWN)


def test_a_place_beyond_all_numbers_is_none() -> None:
    with serve_broker(OWN) as server:
        server.changed = {"our garage/where": f"[1{'0' * 400}, 8]"}

        assert read(server.gateway(), NOW).latitude is None


def test_what_was_not_heard_this_time_is_as_old_as_it_was() -> None:
    seen = seen_of({"level": ("42", True), "plug": ("true", True)}, {}, NOW)

    assert seen_of({}, seen, NOW + MINUTE) == seen
    assert seen_of({"level": ("43", True)}, seen, NOW + MINUTE)["level"][1] == NOW + MINUTE
    assert seen_of({"level": ("43", True)}, seen, NOW + MINUTE)["plug"] == seen["plug"]
