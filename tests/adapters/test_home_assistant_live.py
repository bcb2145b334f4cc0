"""What is told piece by piece gives the reading that asking gives, and nothing that is told grows without end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_live import LiveStates, reading_told, wanted_of
from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import BY_SWITCH, ENTITIES, LITTLE, FakeHomeAssistant, serve_home_assistant
from tests.adapters.home_assistant_socket import car_states, said

LATER = NOW + timedelta(seconds=7, microseconds=123_457)


def live(states: dict[str, Any] | None = None) -> LiveStates:
    found = LiveStates(wanted_of(BY_SWITCH))
    found.take({"a": car_states() if states is None else states})
    return found


def as_told(server: FakeHomeAssistant) -> dict[str, dict[str, Any]]:
    """All entities of the other fake, as they are told by websocket."""
    return {
        state["entity_id"]: {
            "s": state["state"],
            "a": state["attributes"],
            "lc": datetime.fromisoformat(state["last_changed"]).timestamp() - 60,
            "lu": datetime.fromisoformat(state["last_updated"]).timestamp(),
        }
        for state in server.states()
    }


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(minutes=50), NOW.replace(microsecond=999_999)])
@pytest.mark.parametrize("changed", [{}, {"device_tracker.family_car": "home"}, {ENTITIES.plug: "unavailable"}])
def test_what_is_told_is_the_reading_that_asking_gives(at: datetime, changed: dict[str, str | None]) -> None:
    with serve_home_assistant() as server:
        server.set_clock(at)
        server.changed = changed
        asked = server.gateway().read(now=at)
        states = live(as_told(server))

    assert asked is not None
    assert reading_told(BY_SWITCH, states.known, at) == asked


def test_what_changes_is_told_with_its_instant() -> None:
    states = live()

    told = states.take({"c": {ENTITIES.plug: {"+": {"s": "on", "lc": LATER.timestamp()}}}})

    reading = reading_told(BY_SWITCH, states.known, LATER)
    assert told == {ENTITIES.plug: True}
    assert reading is not None
    assert (reading.is_plugged_in, reading.power_delivery) == (True, PowerDelivery.STOPPED)
    assert reading.observed_at == LATER
    assert reading.observed_each["soc_percent"] == NOW


def test_attributes_come_and_go_and_the_state_stays() -> None:
    states = live()
    home = {"latitude": 1.5, "longitude": 2.5}

    first = states.take({"c": {ENTITIES.position: {"+": {"a": home, "lu": LATER.timestamp()}}}})
    there = states.known[ENTITIES.position]
    states.take({"c": {ENTITIES.position: {"-": {"a": ["latitude"]}}}})

    assert first == {ENTITIES.position: False}
    assert (there.attributes["latitude"], there.observed_at) == (1.5, LATER)
    assert "latitude" not in states.known[ENTITIES.position].attributes
    assert states.known[ENTITIES.position].observed_at == LATER


def test_what_is_unavailable_or_gone_says_nothing() -> None:
    states = live()

    states.take({"c": {ENTITIES.plug: {"+": {"s": "unavailable"}}}})
    told = states.take({"r": [ENTITIES.charging, ENTITIES.switch, ENTITIES.power, "sensor.of_others", 7]})

    reading = reading_told(BY_SWITCH, states.known, NOW)
    assert told == {ENTITIES.charging: True, ENTITIES.switch: True, ENTITIES.power: True}
    assert reading is not None
    assert (reading.is_plugged_in, reading.is_charging) == (None, None)
    assert reading_told(BY_SWITCH, {}, NOW) is None


def test_it_is_told_of_chosen_entities_only_and_of_no_change_before_the_whole() -> None:
    states = LiveStates(wanted_of(LITTLE))

    told = states.take({"a": car_states(), "c": {"sensor.other": {"+": {"s": "1"}}}})
    unknown = LiveStates(wanted_of(LITTLE)).take({"c": {ENTITIES.plug: {"+": {"s": "on"}}}})

    assert set(told) == set(states.known) == {LITTLE.level, LITTLE.plug, LITTLE.switch}
    assert unknown == {ENTITIES.plug: False}


def test_where_home_is_is_told_only_for_a_tracker() -> None:
    assert "zone.home" in wanted_of(BY_SWITCH)
    assert "zone.home" not in wanted_of(LITTLE)


def test_nothing_is_kept_that_no_reading_needs() -> None:
    states = live()
    for number in range(20):
        more = {f"made_up_{number}": "x" * 1000, "unit_of_measurement": "x" * 1000, "latitude": [1] * 1000}
        states.take({"c": {ENTITIES.level: {"+": {"s": "9" * 5000, "a": more}}}})

    kept = states.known[ENTITIES.level]
    assert len(kept.state) == 255
    assert kept.attributes == {"unit_of_measurement": "%", "device_class": "battery"}


@pytest.mark.parametrize(
    "event",
    [
        {"a": {ENTITIES.plug: {"s": "on", "a": {}}}},
        {"a": {ENTITIES.plug: {"s": "on", "a": {}, "lc": "noon"}}},
        {"a": {ENTITIES.plug: {"s": "on", "a": {}, "lc": 1e300}}},
        {"a": {ENTITIES.plug: {"s": "on", "a": {}, "lc": float("nan")}}},
        {"a": {ENTITIES.plug: {"s": {"deep": 1}, "a": {}, "lc": 1}}},
        {"a": {ENTITIES.plug: {"s": "on", "a": [1], "lc": 1}}},
        {"a": {ENTITIES.plug: 5}},
        {"a": [ENTITIES.plug]},
        {"c": {ENTITIES.plug: {"+": 5}}},
        {"c": {ENTITIES.plug: {"-": {"a": 5}}}},
        {"r": 5},
    ],
)
def test_nonsense_is_no_state(event: dict[str, Any]) -> None:
    with pytest.raises(GatewayError):
        live().take(event)


def test_an_entity_that_was_told_before_is_told_anew_as_a_whole() -> None:
    states = live()

    told = states.take({"a": {ENTITIES.plug: said("off", LATER), ENTITIES.charging: said("on", LATER)}})

    assert told == {ENTITIES.plug: False, ENTITIES.charging: True}
