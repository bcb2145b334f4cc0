"""The gateway to a car behind a Home Assistant: the promises of every gateway, and every fault that one may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import Entities
from charging.core.facts import PowerDelivery
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import (
    FIRST,
    MINUTE,
    NOW,
    PROMISES,
    REACTION,
    GatewayFactory,
    promise_id,
    read,
)
from tests.adapters.gateway_troubles import TROUBLE_PROMISES
from tests.adapters.home_assistant_server import (
    BY_BUTTONS,
    BY_SWITCH,
    ENTITIES,
    LITTLE,
    FakeHomeAssistant,
    serve_home_assistant,
)
from tests.adapters.simulated_cars import make_car
from tests.feeds.server import Reply

SOON = timedelta(seconds=0.3)
RATE_LIMITED = Reply(b"", 429, {"Retry-After": "120"})
TROUBLES: dict[str, tuple[Trouble, Reply]] = {
    "a token that is refused": (Trouble.SIGN_IN_NEEDED, Reply(b"401: Unauthorized", 401)),
    "an address that was banned": (Trouble.RATE_LIMITED, Reply(b"403: Forbidden", 403)),
    "too many questions": (Trouble.RATE_LIMITED, RATE_LIMITED),
    "a server error": (Trouble.NO_ANSWER, Reply(b"500 Internal Server Error", 500)),
    "a proxy with nobody behind it": (Trouble.OFFLINE, Reply(b"<html>Bad Gateway</html>", 502)),
    "a start that is not over": (Trouble.OFFLINE, Reply(b"", 503)),
    "a redirect": (Trouble.NO_ANSWER, Reply(b"", 302, {"Location": "http://127.0.0.1:1/"})),
    "a page instead of JSON": (Trouble.NO_ANSWER, Reply(b"<html>Welcome</html>")),
    "JSON that is no state": (Trouble.NO_ANSWER, Reply(b"[1, 2]")),
    "a state without an instant": (Trouble.NO_ANSWER, Reply(b'{"entity_id": "a.b", "state": "1", "attributes": {}}')),
    "an instant without a zone": (
        Trouble.NO_ANSWER,
        Reply(b'{"entity_id": "a.b", "state": "1", "attributes": {}, "last_updated": "2026-03-01T18:00:00"}'),
    ),
    "half an answer": (Trouble.NO_ANSWER, Reply(b'{"state": "on"}' * 20, manner="cut off")),
    "a reset": (Trouble.NO_ANSWER, Reply(b"x" * 1000, manner="reset")),
    "silence": (Trouble.NO_ANSWER, Reply(manner="hang up")),
    "another protocol": (Trouble.NO_ANSWER, Reply(manner="not HTTP")),
    "an answer that never ends": (Trouble.NO_ANSWER, Reply(b"x" * 10_000, manner="drip body")),
    "a head that never ends": (Trouble.NO_ANSWER, Reply(manner="drip head")),
}


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def make_gateway_by() -> Iterator[Callable[[Entities], GatewayFactory]]:
    """Gives factories whose every gateway has a server and a car of its own."""
    with ExitStack() as servers:
        yield lambda entities: lambda: servers.enter_context(serve_home_assistant()).gateway(entities)


@pytest.mark.parametrize("entities", [BY_SWITCH, BY_BUTTONS], ids=["by a switch", "by buttons"])
@pytest.mark.parametrize("promise", PROMISES, ids=promise_id)
def test_home_assistant_keeps_the_promises_of_a_gateway(
    promise: Callable[[GatewayFactory], None],
    entities: Entities,
    make_gateway_by: Callable[[Entities], GatewayFactory],
) -> None:
    promise(make_gateway_by(entities))


@pytest.mark.parametrize(("kind", "reply"), TROUBLES.values(), ids=list(TROUBLES))
@pytest.mark.parametrize("promise", TROUBLE_PROMISES, ids=promise_id)
def test_every_trouble_is_told_by_its_kind(
    promise: Callable[[GatewayFactory, Trouble], None], kind: Trouble, reply: Reply, server: FakeHomeAssistant
) -> None:
    server.replies["/api/"] = reply

    promise(lambda: HomeAssistantGateway(server.api(within=SOON), BY_SWITCH), kind)


def test_a_token_that_was_taken_back_needs_the_driver(server: FakeHomeAssistant) -> None:
    server.token = "another one"

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED
    assert "token" not in str(raised.value)


def test_nobody_at_the_address_is_offline(server: FakeHomeAssistant) -> None:
    with pytest.raises(GatewayError) as raised:
        HomeAssistantGateway(server.api(address="http://127.0.0.1:1"), BY_SWITCH).read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE


def test_what_speaks_no_tls_is_offline(server: FakeHomeAssistant) -> None:
    with pytest.raises(GatewayError) as raised:
        HomeAssistantGateway(server.api(address=server.url.replace("http", "https")), BY_SWITCH).read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE


def test_the_token_is_not_shown_with_the_gateway(server: FakeHomeAssistant) -> None:
    assert "long-lived" not in repr(server.gateway().inner)


@pytest.mark.parametrize("state", ["unknown", "unavailable"])
def test_a_car_that_says_nothing_gives_no_answer(server: FakeHomeAssistant, state: str) -> None:
    gateway = server.gateway()
    server.changed = dict.fromkeys((ENTITIES.level, ENTITIES.plug, ENTITIES.charging, ENTITIES.power), state)
    server.changed[ENTITIES.switch] = state

    assert gateway.read(now=NOW) is None


@pytest.mark.parametrize("state", ["unknown", "unavailable", None])
def test_what_is_not_known_is_left_out_and_never_means_off(server: FakeHomeAssistant, state: str | None) -> None:
    gateway = server.gateway(replace(BY_SWITCH, charging="", power="", switch="", start=ENTITIES.start))
    server.changed = {ENTITIES.plug: state}

    reading = read(gateway, NOW)

    assert (reading.is_plugged_in, reading.is_charging) == (None, None)
    assert reading.power_delivery is PowerDelivery.UNKNOWN
    assert reading.soc_percent == 40


@pytest.mark.parametrize("entities", [BY_SWITCH, BY_BUTTONS], ids=["by a switch", "by buttons"])
def test_an_entity_that_is_gone_refuses_commands(server: FakeHomeAssistant, entities: Entities) -> None:
    server.changed = {ENTITIES.switch: None, ENTITIES.start: None}

    answer = server.gateway(entities).start(command_id=FIRST, now=NOW)

    assert not answer.accepted
    assert "any more" in answer.detail
    assert server.called == []


def test_an_entity_that_goes_while_it_is_called_refuses_the_command(server: FakeHomeAssistant) -> None:
    """The real one answers 200 with an empty list."""
    server.goes.add(ENTITIES.switch)

    answer = server.gateway().stop(command_id=FIRST, hold=None, now=NOW)

    assert not answer.accepted


def test_a_switch_that_is_unavailable_is_offline(server: FakeHomeAssistant) -> None:
    server.changed = {ENTITIES.switch: "unavailable"}

    with pytest.raises(GatewayError) as raised:
        server.gateway().start(command_id=FIRST, now=NOW)

    assert raised.value.kind is Trouble.OFFLINE
    assert server.called == []


def test_an_unplugged_car_refuses_commands() -> None:
    with serve_home_assistant(make_car(is_plugged_in=False)) as server:
        answer = server.gateway().start(command_id=FIRST, now=NOW)

    assert not answer.accepted
    assert server.called == []


def test_a_service_that_is_not_there_refuses_the_command(server: FakeHomeAssistant) -> None:
    server.replies["/api/services/"] = Reply(b'{"message": "400: Bad Request"}', 400)

    assert not server.gateway().stop(command_id=FIRST, hold=None, now=NOW).accepted


@pytest.mark.parametrize("status", [401, 403])
def test_a_call_that_is_not_permitted_is_refused_and_the_token_is_still_good(
    server: FakeHomeAssistant, status: int
) -> None:
    server.replies["/api/services/"] = Reply(b"", status)

    answer = server.gateway().start(command_id=FIRST, now=NOW)

    assert (answer.accepted, "does not permit" in answer.detail) == (False, True)
    assert read(server.gateway(), NOW).is_plugged_in is True


def test_a_stop_is_believed_when_the_car_shows_it_and_not_before(server: FakeHomeAssistant) -> None:
    gateway = server.gateway()

    assert gateway.stop(command_id=FIRST, hold=None, now=NOW).accepted

    assert read(gateway, NOW).is_charging is True
    assert read(gateway, NOW + REACTION).is_charging is False


def test_a_stop_that_is_sent_twice_stops_once_more_and_changes_nothing(server: FakeHomeAssistant) -> None:
    gateway = server.gateway()
    gateway.stop(command_id=FIRST, hold=None, now=NOW)

    gateway.stop(command_id=FIRST, hold=None, now=NOW + REACTION)

    assert read(gateway, NOW + 2 * REACTION).power_delivery is PowerDelivery.STOPPED


def test_without_a_charging_sensor_the_power_tells(server: FakeHomeAssistant) -> None:
    gateway = server.gateway(replace(BY_SWITCH, charging=""))
    server.changed = {ENTITIES.switch: "on", ENTITIES.power: "45"}

    assert read(gateway, NOW).is_charging is False


def test_a_car_at_its_limit_is_full() -> None:
    with serve_home_assistant(make_car(80)) as server:
        server.changed = {ENTITIES.limit: "80", ENTITIES.charging: "off"}

        reading = read(server.gateway(), NOW)

    assert reading.is_fully_charged is True
    assert reading.power_delivery is PowerDelivery.COMPLETE


def test_each_value_has_the_age_of_its_own_entity(server: FakeHomeAssistant) -> None:
    reading = read(server.gateway(), NOW)

    assert reading.observed_at == NOW
    assert reading.observed_each == {
        "charge_limit_percent": NOW - 30 * MINUTE,
        "latitude": NOW - 20 * MINUTE,
        "longitude": NOW - 20 * MINUTE,
    }


def test_a_tracker_that_only_says_home_stands_at_the_home_of_the_instance(server: FakeHomeAssistant) -> None:
    server.more = [
        {
            "entity_id": "device_tracker.by_wifi",
            "state": "home",
            "attributes": {"source_type": "router"},
            "last_updated": NOW.isoformat(),
            "_device": "",
        }
    ]

    reading = read(server.gateway(replace(BY_SWITCH, position="device_tracker.by_wifi")), NOW)

    assert (reading.latitude, reading.longitude) == (58.15, 8.0)


def test_a_car_without_a_switch_or_both_buttons_cannot_be_commanded(server: FakeHomeAssistant) -> None:
    gateway = server.gateway(replace(LITTLE, switch="", start=ENTITIES.start))

    assert not gateway.capabilities.is_controllable
    assert gateway.capabilities.readings == {"soc_percent", "is_fully_charged", "is_plugged_in"}


@pytest.mark.parametrize(("plug", "position"), [("on", (58.15, 8.0)), ("off", (None, None))])
def test_a_car_without_a_tracker_may_be_at_home_whenever_it_is_plugged_in(
    server: FakeHomeAssistant, plug: str, position: tuple[float | None, float | None]
) -> None:
    server.changed = {ENTITIES.plug: plug}

    reading = read(server.gateway(replace(BY_SWITCH, position="zone.home")), NOW)

    assert (reading.latitude, reading.longitude) == position
    assert "latitude" not in reading.observed_each
