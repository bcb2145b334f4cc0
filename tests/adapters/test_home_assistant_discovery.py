"""What a Home Assistant has, as the wizard offers it: cars first, phones last, each use with what fits it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_discovery import Found, look_around
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import CAR, ENTITIES, PHONE, FakeHomeAssistant, serve_home_assistant
from tests.feeds.server import Reply


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


def entity(entity_id: str, device: str = "", state: str = "on", **attributes: Any) -> dict[str, Any]:
    told = NOW.isoformat()
    return {
        "entity_id": entity_id,
        "state": state,
        "attributes": attributes,
        "last_changed": told,
        "last_updated": told,
        "context": {},
        "_device": device,
    }


def ids_for(found: Found, use: str) -> list[str]:
    return [each.entity_id for each in found.for_use(use)]


def test_a_car_is_suggested_as_a_whole_and_by_its_switch(server: FakeHomeAssistant) -> None:
    found = look_around(server.api())

    assert found.name == "Our house"
    assert found.suggested() == dict(ENTITIES.that_are_read())


def test_a_car_without_a_switch_is_suggested_with_its_buttons(server: FakeHomeAssistant) -> None:
    server.changed = {ENTITIES.switch: None}

    suggested = look_around(server.api()).suggested()

    assert (suggested["start"], suggested["stop"]) == (ENTITIES.start, ENTITIES.stop)


def test_a_phone_comes_after_the_car(server: FakeHomeAssistant) -> None:
    devices = [each.device for each in look_around(server.api()).candidates]

    assert devices.index(CAR) < devices.index(PHONE)
    assert look_around(server.api()).suggested()["level"] == ENTITIES.level


def test_each_use_is_offered_what_fits_it(server: FakeHomeAssistant) -> None:
    server.more = [entity("light.kitchen"), entity("sensor.price", state="1.2", unit_of_measurement="EUR/kWh")]

    found = look_around(server.api())

    assert set(ids_for(found, "level")) == {ENTITIES.level, ENTITIES.limit, "sensor.phone_battery_level"}
    assert set(ids_for(found, "plug")) == {ENTITIES.plug, ENTITIES.charging, ENTITIES.switch}
    assert ids_for(found, "power") == [ENTITIES.power]
    assert set(ids_for(found, "position")) == {ENTITIES.position, "device_tracker.phone", "zone.home"}
    assert set(ids_for(found, "start")) == {ENTITIES.start, ENTITIES.stop}
    assert not {"light.kitchen", "sensor.price"} & {each.entity_id for each in found.candidates}


def test_a_token_without_rights_groups_nothing_and_still_finds_all(server: FakeHomeAssistant) -> None:
    server.is_admin = False

    found = look_around(server.api())

    assert {each.device for each in found.candidates} == {""}
    assert ENTITIES.level in ids_for(found, "level")


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[["a"]]', b"nonsense"])
def test_devices_that_make_no_sense_group_nothing(server: FakeHomeAssistant, body: bytes) -> None:
    server.replies["/api/template"] = Reply(body)

    assert {each.device for each in look_around(server.api()).candidates} == {""}


def test_an_instance_without_anything_suggests_nothing(server: FakeHomeAssistant) -> None:
    server.replies["/api/states"] = Reply(b"[]")

    assert look_around(server.api()).suggested() == {}


@pytest.mark.parametrize("path", ["/api/states", "/api/config"])
def test_what_is_no_home_assistant_is_not_believed(server: FakeHomeAssistant, path: str) -> None:
    server.replies[path] = Reply(b'"hello"')

    with pytest.raises(GatewayError) as raised:
        look_around(server.api())

    assert raised.value.kind is Trouble.NO_ANSWER
