"""The gateway to a car at an MQTT broker: the promises of every gateway, and every fault that a broker may have."""

from __future__ import annotations

import gc
import socket
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from charging.adapters.outside_address import AddressRefused
from charging.adapters.vehicles import mqtt_broker
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt_broker import checked_broker
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import FIRST, NOW, PROMISES, REACTION, GatewayFactory, promise_id, read
from tests.adapters.gateway_troubles import TROUBLE_PROMISES
from tests.adapters.mqtt_layouts import EVCC, LAYOUTS, Layout
from tests.adapters.mqtt_server import PASSWORD, FakeBroker, serve_broker
from tests.adapters.simulated_cars import make_car
from tests.certificates import make_tls

SOON = timedelta(seconds=0.35)
POINT = "evcc/loadpoints/1"
MANNERS = {
    "silence": Trouble.NO_ANSWER,
    "hang up": Trouble.NO_ANSWER,
    "another protocol": Trouble.NO_ANSWER,
    "drip": Trouble.NO_ANSWER,
    "leaves in between": Trouble.NO_ANSWER,
    "says too much": Trouble.NO_ANSWER,
    "says what is no text": Trouble.NO_ANSWER,
}
REFUSALS = {2: Trouble.NO_ANSWER, 3: Trouble.OFFLINE, 4: Trouble.SIGN_IN_NEEDED, 5: Trouble.SIGN_IN_NEEDED}


@pytest.fixture
def server() -> Iterator[FakeBroker]:
    with serve_broker() as server:
        yield server


@pytest.fixture
def make_gateway_of() -> Iterator[Callable[[Layout], GatewayFactory]]:
    """Gives factories whose every gateway has a broker and a car of its own."""
    with ExitStack() as servers:
        yield lambda layout: lambda: servers.enter_context(serve_broker(layout)).gateway()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("promise", PROMISES, ids=promise_id)
def test_a_broker_keeps_the_promises_of_a_gateway(
    promise: Callable[[GatewayFactory], None], layout: str, make_gateway_of: Callable[[Layout], GatewayFactory]
) -> None:
    promise(make_gateway_of(LAYOUTS[layout]))


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("promise", TROUBLE_PROMISES, ids=promise_id)
def test_every_trouble_is_told_by_its_kind(
    promise: Callable[[GatewayFactory, Trouble], None], manner: str, server: FakeBroker
) -> None:
    server.manner = manner

    promise(lambda: server.gateway(within=SOON), MANNERS[manner])


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refused_connection_says_who_can_mend_it(code: int, server: FakeBroker) -> None:
    server.refusal = code

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert raised.value.kind is REFUSALS[code]


@pytest.mark.parametrize("values", [{"password": "another"}, {"user": "", "password": ""}], ids=["wrong", "nobody"])
def test_who_is_not_let_in_has_to_sign_in_again(server: FakeBroker, values: dict[str, Any]) -> None:
    with pytest.raises(GatewayError) as raised:
        server.gateway(**values).start(command_id=FIRST, now=NOW)

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED
    assert server.said == []


def test_a_broker_that_knows_everybody_needs_no_user(server: FakeBroker) -> None:
    server.secret = None

    assert server.gateway(user="", password="").read(now=NOW) is not None


def test_nobody_at_the_address_is_offline(server: FakeBroker) -> None:
    with pytest.raises(GatewayError) as raised:
        server.gateway(address="mqtt://127.0.0.1:1").read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE


def test_what_speaks_no_tls_is_offline(server: FakeBroker) -> None:
    with pytest.raises(GatewayError) as raised:
        server.gateway(address=server.url.replace("mqtt", "mqtts")).read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE


def test_what_nothing_can_be_called_is_offline(server: FakeBroker) -> None:
    def look_up(host: str, _port: int) -> list[str]:
        return [host.encode("idna").decode()]

    with pytest.raises(GatewayError) as raised:
        server.gateway(address="mqtt://a..b", resolve_name=look_up).read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE


@pytest.mark.parametrize("resolved", ["127.0.0.1", "93.184.215.14", "169.254.169.254"])
def test_an_address_is_judged_when_it_is_connected_to(server: FakeBroker, resolved: str) -> None:
    """A public one without TLS too: the password would be read by everybody on the way."""
    values: dict[str, Any] = {"address": "mqtt://broker.example", "allows_local": resolved != "127.0.0.1"}

    with pytest.raises(GatewayError) as raised:
        server.gateway(**values, resolve_name=lambda _host, _port: [resolved]).read(now=NOW)

    assert raised.value.kind is Trouble.NOT_ALLOWED
    assert server.asked == 0


@pytest.mark.parametrize(
    ("typed", "allows_local", "expected"),
    [
        (" MQTT://Broker.lan:1884/ ", True, "mqtt://broker.lan:1884"),
        ("192.168.1.10", True, "mqtt://192.168.1.10"),
        ("mqtts://mqtt.home.example:8883", False, "mqtts://mqtt.home.example:8883"),
        ("mqtt://mqtt.home.example", False, None),
        ("mqtts://192.168.1.10", False, None),
        ("http://192.168.1.10", True, None),
        ("mqtt://user:password@192.168.1.10", True, None),
        ("mqtt://192.168.1.10/topic", True, None),
        ("://", True, None),
        ("", True, None),
    ],
)
def test_an_address_has_one_form_or_is_refused(typed: str, allows_local: bool, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(AddressRefused):
            checked_broker(typed, allows_local=allows_local)
    else:
        assert checked_broker(typed, allows_local=allows_local) == expected


def test_the_password_is_not_shown_with_the_gateway(server: FakeBroker) -> None:
    assert PASSWORD not in repr(server.gateway().inner)


def test_what_the_broker_does_not_confirm_may_have_reached_the_car(server: FakeBroker) -> None:
    server.manner = "no receipt"
    long_enough_to_be_said = timedelta(seconds=3)

    with pytest.raises(GatewayError) as raised:
        server.gateway(within=long_enough_to_be_said).stop(command_id=FIRST, hold=None, now=NOW)

    assert raised.value.kind is Trouble.NO_ANSWER
    assert server.said == [(f"{POINT}/mode/set", "off")]


def test_a_stop_is_believed_when_the_car_shows_it_and_not_before(server: FakeBroker) -> None:
    gateway = server.gateway()

    assert gateway.stop(command_id=FIRST, hold=None, now=NOW).accepted

    assert read(gateway, NOW).is_charging is True
    assert read(gateway, NOW + REACTION).is_charging is False


def test_an_unplugged_car_refuses_commands() -> None:
    with serve_broker(car=make_car(is_plugged_in=False)) as server:
        answer = server.gateway().start(command_id=FIRST, now=NOW)

    assert not answer.accepted
    assert server.said == []


def test_a_car_of_which_nothing_is_said_is_commanded_all_the_same(server: FakeBroker) -> None:
    """Nothing said is never the same as "not plugged in"."""
    server.changed = {EVCC.topics.plug: None}

    assert server.gateway().start(command_id=FIRST, now=NOW).accepted


def test_a_wish_is_sent_at_once_where_no_topic_tells_what_to_look_at_first(server: FakeBroker) -> None:
    assert server.gateway(replace(EVCC.topics, plug="", alive="")).start(command_id=FIRST, now=NOW).accepted

    assert server.said == [(EVCC.topics.start, "now")]


def test_without_topics_for_both_wishes_there_is_no_command(server: FakeBroker) -> None:
    gateway = server.gateway(replace(EVCC.topics, stop=""))

    assert not gateway.capabilities.is_controllable
    assert not gateway.start(command_id=FIRST, now=NOW).accepted
    assert server.asked == 0


def test_what_is_said_over_tls_is_read_and_heard(
    tmp_path: Path, server: FakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = make_tls(tmp_path)
    server.tls = theirs
    monkeypatch.setattr(mqtt_broker, "tls", lambda: ours)
    gateway = server.gateway(address=server.url.replace("mqtt://127.0.0.1", "mqtts://localhost"))

    assert read(gateway, NOW).is_charging is True
    assert gateway.stop(command_id=FIRST, hold=None, now=NOW).accepted

    assert server.said == [(EVCC.topics.stop, "off")]


def test_a_broker_that_cannot_prove_who_it_is_is_told_nothing(tmp_path: Path, server: FakeBroker) -> None:
    _, server.tls = make_tls(tmp_path)

    with pytest.raises(GatewayError) as raised:
        server.gateway(address=server.url.replace("mqtt://127.0.0.1", "mqtts://localhost")).read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE
    assert server.asked == 0


def test_who_was_hung_up_on_is_gone_with_its_sockets(server: FakeBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    clients: list[weakref.ref[mqtt_broker._Client]] = []

    class Watched(mqtt_broker._Client):
        def __init__(self, connected: Callable[[], socket.socket]) -> None:
            super().__init__(connected)
            clients.append(weakref.ref(self))

    monkeypatch.setattr(mqtt_broker, "_Client", Watched)
    gateway = server.gateway()

    gc.disable()
    try:
        gateway.read(now=NOW)
        assert [client() for client in clients] == [None]
    finally:
        gc.enable()
