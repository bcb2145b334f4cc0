"""What at a broker looks like a car: evcc, what is announced for Home Assistant, TeslaMate, and topics by name."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from charging.adapters.vehicles import mqtt_broker, mqtt_discovery
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt_discovery import Found, look_around
from charging.adapters.vehicles.mqtt_reading import word_said
from charging.adapters.vehicles.mqtt_topics import topics_from_json, topics_to_json
from tests.adapters.mqtt_layouts import EVCC
from tests.adapters.mqtt_server import FakeBroker, serve_broker

TESLAMATE = {
    "teslamate/cars/2/display_name": "Blue one",
    "teslamate/cars/2/battery_level": "61",
    "teslamate/cars/2/plugged_in": "false",
    "teslamate/cars/2/charger_power": "0",
    "teslamate/cars/2/charge_limit_soc": "80",
    "teslamate/cars/2/location": '{"latitude": 58.1, "longitude": 8.0}',
}
DEVICE = {"name": "Family car", "identifiers": ["1"]}
ANNOUNCED: dict[str, dict[str, object]] = {
    "sensor/car/battery": {
        "~": "cars/one",
        "stat_t": "~/state",
        "val_tpl": "{{ value_json['battery'].level | float(0) }}",
        "dev_cla": "battery",
        "avty_t": "~/alive",
    },
    "binary_sensor/car/plug": {"state_topic": "cars/one/plug", "device_class": "plug", "payload_on": "IN"},
    "binary_sensor/car/charging": {"stat_t": "cars/one/charging", "dev_cla": "battery_charging"},
    "sensor/car/power": {"stat_t": "cars/one/power", "dev_cla": "power", "unit_of_meas": "kW"},
    "sensor/car/charge_limit": {"stat_t": "cars/one/limit", "unit_of_meas": "%"},
    "device_tracker/car/where": {"json_attr_t": "cars/one/where"},
    "switch/car/charge": {"name": "Charging", "cmd_t": "cars/one/set", "pl_on": "GO", "pl_off": "HALT"},
}
FAMILY_CAR = {
    "level": "cars/one/state $.battery.level",
    "alive": "cars/one/alive",
    "plug": "cars/one/plug",
    "plug_words": "IN",
    "charging": "cars/one/charging",
    "charging_words": "ON",
    "power": "cars/one/power",
    "power_unit": "kW",
    "limit": "cars/one/limit",
    "position": "cars/one/where",
    "start": "cars/one/set",
    "start_payload": "GO",
    "stop": "cars/one/set",
    "stop_payload": "HALT",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBroker]:
    """A broker at which nothing is published yet."""
    monkeypatch.setattr(mqtt_broker, "QUIET", 0.1)
    with serve_broker() as server:
        server.changed = dict.fromkeys(server.kept())
        yield server


def announce(server: FakeBroker, announced: dict[str, dict[str, object]]) -> None:
    server.changed |= {
        f"homeassistant/{where}/config": json.dumps(config | {"device": DEVICE}) for where, config in announced.items()
    }


def found(server: FakeBroker) -> Found:
    return look_around(server.broker())


def test_evcc_is_suggested_as_a_whole(server: FakeBroker) -> None:
    server.changed = {}

    car = found(server).cars[0]

    assert (car.kind, car.name, car.title) == ("evcc", "Garage", "")
    assert car.is_controllable
    assert topics_from_json(car.chosen) == EVCC.topics


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("evcc/updated", ("alive", "evcc/status")),
        ("evcc/loadpoints/1/effectiveLimitSoc", ("limit", "evcc/loadpoints/1/vehicleLimitSoc")),
    ],
)
def test_what_evcc_does_not_publish_is_taken_elsewhere_or_left_out(
    server: FakeBroker, gone: str, expected: tuple[str, str]
) -> None:
    server.changed = {gone: None, "evcc/loadpoints/1/vehicleLimitSoc": "80"}

    assert expected in found(server).cars[0].chosen.items()


def test_a_charging_point_without_a_title_is_called_by_its_number(server: FakeBroker) -> None:
    server.changed = {"evcc/loadpoints/1/title": None, "evcc/status": None, "evcc/updated": None}

    car = found(server).cars[0]

    assert car.name == "1"
    assert "alive" not in car.chosen


def test_teslamate_is_looked_at_and_not_commanded(server: FakeBroker) -> None:
    server.changed |= TESLAMATE

    car = found(server).cars[0]

    assert (car.kind, car.name, car.is_controllable) == ("TeslaMate", "Blue one", False)
    assert car.title == "Blue one"
    assert car.chosen == {
        "level": "teslamate/cars/2/battery_level",
        "plug": "teslamate/cars/2/plugged_in",
        "power": "teslamate/cars/2/charger_power",
        "power_unit": "kW",
        "limit": "teslamate/cars/2/charge_limit_soc",
        "position": "teslamate/cars/2/location",
    }


def test_an_older_teslamate_tells_latitude_and_longitude_apart(server: FakeBroker) -> None:
    server.changed |= TESLAMATE | {"teslamate/cars/2/location": None, "teslamate/cars/2/display_name": None}

    car = found(server).cars[0]

    assert (car.name, car.title, car.chosen["longitude"]) == ("2", "", "teslamate/cars/2/longitude")


def test_what_is_announced_for_home_assistant_is_grouped_by_device(server: FakeBroker) -> None:
    announce(server, ANNOUNCED)

    car = found(server).cars[0]

    assert (car.kind, car.name) == ("Home Assistant", "Family car")
    assert car.chosen == FAMILY_CAR
    assert topics_to_json(topics_from_json(car.chosen)) == FAMILY_CAR


def test_the_word_for_no_is_taken_along_where_it_is_announced(server: FakeBroker) -> None:
    plug = ANNOUNCED["binary_sensor/car/plug"]
    announce(server, ANNOUNCED | {"binary_sensor/car/plug": plug | {"payload_off": "OUT"}})

    assert found(server).cars[0].chosen == FAMILY_CAR | {"plug_words": "IN | OUT"}


@pytest.mark.parametrize("payload_off", ["", "A|B"])
def test_a_word_for_no_that_cannot_be_written_down_is_left_out(server: FakeBroker, payload_off: str) -> None:
    plug = ANNOUNCED["binary_sensor/car/plug"]
    announce(server, ANNOUNCED | {"binary_sensor/car/plug": plug | {"pl_off": payload_off}})

    assert found(server).cars[0].chosen == FAMILY_CAR


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (" In ", "IN | OUT", "on"),
        ("out", "IN | OUT, AWAY", "off"),
        ("away", "IN | OUT, AWAY", "off"),
        ("fault", "IN | OUT", ""),
        ("unknown", "IN | unknown", ""),
        ("fault", "IN", "off"),
        ("fault", "IN |", "off"),
        ("1", "| OUT", "on"),
    ],
)
def test_a_word_that_means_neither_says_nothing(text: str, words: str, expected: str) -> None:
    assert word_said(text, words) == expected


def test_a_device_that_is_announced_as_a_whole_is_found_too(server: FakeBroker) -> None:
    parts = {where.rpartition("/")[2]: {**each, "p": where.partition("/")[0]} for where, each in ANNOUNCED.items()}
    parts["battery"].pop("~")
    whole = {"dev": DEVICE, "~": "cars/one", "cmps": {**parts, "nothing": "of use"}}
    server.changed["homeassistant/device/car/config"] = json.dumps(whole)

    assert found(server).cars[0].chosen == FAMILY_CAR


def test_buttons_that_are_announced_start_and_stop(server: FakeBroker) -> None:
    buttons: dict[str, dict[str, object]] = {
        "button/car/start": {"cmd_t": "cars/one/button"},
        "button/car/stop": {"cmd_t": "cars/one/button", "pl_prs": "STOP"},
        "button/car/wake": {"cmd_t": "cars/one/wake"},
        "number/car/start_current": {"cmd_t": "cars/one/ampere"},
    }
    announce(server, {where: each for where, each in ANNOUNCED.items() if "switch" not in where} | buttons)

    chosen = found(server).cars[0].chosen

    assert (chosen["start"], chosen["start_payload"]) == ("cars/one/button", "PRESS")
    assert (chosen["stop"], chosen["stop_payload"]) == ("cars/one/button", "STOP")


@pytest.mark.parametrize(
    "config",
    [
        {"stat_t": "cars/one/level", "dev_cla": "battery", "val_tpl": "{% if value %}1{% endif %}"},
        {"stat_t": "cars/+/level", "dev_cla": "battery"},
        {"stat_t": ["cars/one/level"], "dev_cla": "battery"},
        {"stat_t": "cars/one/level", "dev_cla": "temperature"},
    ],
    ids=["a program", "a wildcard", "no text", "another class"],
)
def test_what_cannot_be_read_is_left_out(server: FakeBroker, config: dict[str, object]) -> None:
    announce(server, ANNOUNCED | {"sensor/car/battery": config})

    assert found(server).cars == ()


@pytest.mark.parametrize(
    "payload", ["[1]", "{", "[" * 20_000, '{"device": "Family car", "stat_t": "x"}', '{"cmps": 1}']
)
def test_an_announcement_that_makes_no_sense_is_none(server: FakeBroker, payload: str) -> None:
    announce(server, ANNOUNCED)
    server.changed |= {f"homeassistant/{component}/broken/config": payload for component in ("sensor", "device")}

    assert found(server).cars[0].chosen == FAMILY_CAR


def test_topics_are_recognised_by_their_names(server: FakeBroker) -> None:
    server.changed |= {
        "wallbox/garage/SoC": "44",
        "wallbox/garage/plugged_in": "1",
        "wallbox/garage/charging_power_kW": "7",
        "wallbox/garage/last_seen": "2026-03-01T18:00:00Z",
        "wallbox/garage/temperature": "7",
        "phone/battery": "80",
    }

    [car] = found(server).cars

    assert (car.kind, car.name, car.is_controllable) == ("", "wallbox/garage", False)
    assert car.chosen == {
        "level": "wallbox/garage/SoC",
        "plug": "wallbox/garage/plugged_in",
        "power": "wallbox/garage/charging_power_kW",
        "power_unit": "kW",
        "alive": "wallbox/garage/last_seen",
    }


def test_values_inside_json_are_recognised_too(server: FakeBroker) -> None:
    server.changed |= {"cars/two": '{"battery_level": 44, "connected": true, "power": 7000, "a b": 1}'}

    [car] = found(server).cars

    assert (car.name, car.chosen["level"], car.chosen["power_unit"]) == ("cars/two", "cars/two $.battery_level", "W")


def test_every_topic_is_suggested_with_what_is_kept_there(server: FakeBroker) -> None:
    server.changed |= {"a/picture": b"\xff\xd8\x00", "a/text": "x" * 100}
    announce(server, ANNOUNCED)

    assert found(server).topics == (("a/picture", ""), ("a/text", "x" * 40))


def test_so_much_is_looked_at_and_no_more(server: FakeBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_discovery, "MOST_TOPICS", 5)
    server.changed |= {f"a/{number}": "1" for number in range(100)}

    assert 5 <= len(found(server).topics) < 100


def test_a_broker_that_says_too_much_is_listened_to_for_so_long(server: FakeBroker) -> None:
    server.manner = "says too much"

    assert [topic for topic, _ in found(server).topics] == ["noise"]


def test_a_broker_that_leaves_in_between_is_a_trouble(server: FakeBroker) -> None:
    server.manner = "leaves in between"

    with pytest.raises(GatewayError):
        found(server)


def test_a_broker_at_which_nothing_is_kept_has_nothing(server: FakeBroker) -> None:
    assert found(server) == Found((), ())
