"""The three ways to a real car, each with a loopback fake at the other end: told in the same words to behave badly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pytest_django import Settings

from charging.adapters.vehicles.enode import EnodeGateway
from charging.adapters.vehicles.enode_car import EnodeCar
from charging.adapters.vehicles.faults import Faults
from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from tests.adapters.enode_server import CAR_ID, TELLS, USER_ID
from tests.adapters.home_assistant_server import BY_SWITCH, serve_home_assistant
from tests.adapters.living_enode import serve_living_enode
from tests.adapters.mqtt_layouts import EVCC, HOME
from tests.adapters.mqtt_server import serve_broker
from tests.feeds.server import Reply

SOON = timedelta(seconds=0.2)
Way = dict[str, Any]


@dataclass
class FarEnd:
    """`bare` is the gateway as it is reached now; `starts` counts how often the car was told to charge.

    `way` overrules how the server is reached, `name` is what the driver knows it by.
    """

    kind: str
    name: str
    server: Any
    way: Way
    bare: Callable[[], Gateway]
    starts: Callable[[], int]

    def break_by(self, fault: str, **how: Any) -> None:
        """Makes it behave badly. Raises KeyError for a fault that this way in does not have yet."""
        BREAKING[self.kind][fault](self, **how)

    def mend(self) -> None:
        """Makes it behave well again."""
        self.way.clear()
        self.server.car = replace(self.server.car, faults=Faults())
        if self.kind == "mqtt":
            self.server.manner, self.server.refusal = "well", 0
        else:
            self.server.replies.clear()
            self.server.loses.clear()


@contextmanager
def home_assistant_end(_settings: Settings) -> Iterator[FarEnd]:
    way: Way = {}
    with serve_home_assistant() as server:
        yield FarEnd(
            *("home_assistant", "Home Assistant", server, way),
            lambda: HomeAssistantGateway(server.api(**way), BY_SWITCH),
            lambda: sum(service == "turn_on" for service, _ in server.called),
        )


@contextmanager
def enode_end(settings: Settings) -> Iterator[FarEnd]:
    way: Way = {}
    with serve_living_enode() as server:
        server.set_up(settings)
        api = server.api()
        yield FarEnd(
            *("enode", "Enode", server, way),
            lambda: EnodeGateway(replace(api, **way), EnodeCar(CAR_ID, USER_ID, "VOLVO", TELLS)),
            lambda: server.wished.count("START"),
        )


@contextmanager
def mqtt_end(_settings: Settings) -> Iterator[FarEnd]:
    way: Way = {}
    memory = Memory()
    with serve_broker() as server:
        yield FarEnd(
            *("mqtt", "MQTT", server, way),
            lambda: MqttGateway(server.broker(**way), EVCC.topics, memory.load, memory.save, HOME),
            lambda: server.said.count((EVCC.topics.start, EVCC.topics.start_payload)),
        )


ENDS = {"home_assistant": home_assistant_end, "enode": enode_end, "mqtt": mqtt_end}


def _http(reply: Reply, **way: Any) -> Callable[[FarEnd], None]:
    """Every answer is this one."""

    def break_it(end: FarEnd) -> None:
        end.server.replies |= {"/api/": reply} if end.kind == "home_assistant" else {"GET /": reply, "POST /": reply}
        end.way.update(way)

    return break_it


def _asked_too_often(end: FarEnd, headers: Mapping[str, str]) -> None:
    _http(Reply(b"", 429, headers))(end)


def _at(end: FarEnd, address: str) -> None:
    end.way["address"] = address
    if end.kind == "enode":
        end.way["token_address"] = f"{address}/oauth2/token"


def _nobody(end: FarEnd) -> None:
    _at(end, f"{'mqtt' if end.kind == 'mqtt' else 'http'}://127.0.0.1:1")


def _no_tls(end: FarEnd) -> None:
    port = end.server.server_address[1]
    end.way.update({"within": SOON} if end.kind == "mqtt" else {})
    _at(end, f"{'mqtts' if end.kind == 'mqtt' else 'https'}://127.0.0.1:{port}")


def _manner(manner: str, **way: Any) -> Callable[[FarEnd], None]:
    def break_it(end: FarEnd) -> None:
        end.server.manner = manner
        end.way.update(way)

    return break_it


def _refused(code: int) -> Callable[[FarEnd], None]:
    def break_it(end: FarEnd) -> None:
        end.server.refusal = code

    return break_it


def _loses(beginning: str) -> Callable[[FarEnd], None]:
    """What is asked for there happens, and no answer comes."""

    def break_it(end: FarEnd) -> None:
        end.server.loses.add(beginning)

    return break_it


def _deaf(starts: int) -> Callable[[FarEnd], None]:
    """The car follows none of so many starts, which are all taken."""

    def break_it(end: FarEnd) -> None:
        end.server.car = replace(end.server.car, faults=Faults(starts_to_ignore=starts))

    return break_it


OF_ALL: dict[str, Callable[..., None]] = {
    "nobody listens": _nobody,
    "no TLS there": _no_tls,
    "accepted and ignored": _deaf(99),
    "accepted and followed late": _deaf(2),
}
OF_HTTP: dict[str, Callable[..., None]] = OF_ALL | {
    "asked too often": _asked_too_often,
    "500": _http(Reply(b"", 500)),
    "too slow": _http(Reply(b"x" * 1000, manner="drip body"), within=timedelta(seconds=0.1)),
    "reset": _http(Reply(manner="reset")),
    "garbage": _http(Reply(b'{"state": ')),
}
BREAKING: dict[str, dict[str, Callable[..., None]]] = {
    "home_assistant": OF_HTTP | {"reply lost": _loses("/api/services")},
    "enode": OF_HTTP | {"reply lost": _loses("POST /vehicles")},
    # A broker has no word for "later" and none for "my fault": it hangs up, or says that it is not available.
    "mqtt": OF_ALL
    | {
        "asked too often": lambda end, headers: _manner("hang up")(end),
        "500": _refused(3),
        "too slow": _manner("silence", within=SOON),
        "reset": _manner("leaves in between"),
        "garbage": _manner("another protocol"),
        "reply lost": _manner("no receipt", within=timedelta(seconds=3)),
    },
}
