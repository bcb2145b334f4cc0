"""A gateway behind a connection: nothing is asked that may not be, and what came of it is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from charging.models import Connection, Driver, Vehicle
from charging.operations import guarded_gateway, telemetry
from charging.operations.connections import note_trouble
from charging.operations.gateways import gateway_of
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connected_car, make_connection
from tests.factories import NOW, make_driver
from tests.feeds.server import Reply

pytestmark = pytest.mark.django_db

RATE_LIMITED = Reply(b"", 429, {"Retry-After": "120"})
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        yield server


@pytest.fixture
def car(alice: Driver, server: FakeHomeAssistant) -> Vehicle:
    return make_connected_car(driver=alice, address=server.url)


def test_what_a_car_says_through_its_connection_is_stored(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.now = NOW

    assert telemetry.poll(vehicle=car, now=NOW)

    car.view.refresh_from_db()
    assert (car.view.is_plugged_in, car.view.observed_at) == (True, NOW)
    connection = Connection.objects.get()
    assert (connection.trouble, connection.last_answer_at) == ("", NOW)


def test_a_refused_token_is_never_tried_again_by_itself(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.token = "another"

    for minute in range(5):
        assert not telemetry.poll(vehicle=car, now=NOW + minute * MINUTE)

    assert len(server.asked) == 1
    connection = Connection.objects.get()
    assert connection.is_sign_in_needed
    assert connection.trouble_since == NOW


def test_a_start_that_cannot_wait_is_tried_now_and_then_in_spite_of_a_refusal(
    car: Vehicle, server: FakeHomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(minute: int) -> bool:
        try:
            return gateway_of(car).start(command_id=uuid4(), now=NOW + minute * MINUTE).accepted
        except GatewayError as error:
            return error.kind is not Trouble.SIGN_IN_NEEDED

    server.replies["/api/"] = Reply(b"", 401)
    telemetry.poll(vehicle=car, now=NOW)
    server.asked.clear()
    assert not any(start(minute) for minute in range(30))
    assert server.asked == []

    monkeypatch.setattr(guarded_gateway, "is_start_urgent", lambda **_: True)
    assert not any(start(minute) for minute in range(1, 31))
    assert len(server.asked) == 2
    with pytest.raises(GatewayError):
        gateway_of(car).stop(command_id=uuid4(), hold=None, now=NOW + 60 * MINUTE)
    assert len(server.asked) == 2

    server.replies.clear()
    assert start(45)
    assert Connection.objects.get().trouble == ""


def test_nothing_is_asked_while_it_wants_to_be_left_alone(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.replies["/api/"] = RATE_LIMITED
    telemetry.poll(vehicle=car, now=NOW)
    server.replies.clear()
    server.asked.clear()

    with pytest.raises(GatewayError) as raised:
        gateway_of(car).start(command_id=uuid4(), now=NOW + MINUTE)

    assert raised.value.kind is Trouble.RATE_LIMITED
    assert raised.value.retry_after == MINUTE
    assert server.asked == []
    assert telemetry.poll(vehicle=car, now=NOW + 2 * MINUTE)
    assert Connection.objects.get().rests_until is None


def test_a_trouble_keeps_the_instant_at_which_it_began(car: Vehicle, server: FakeHomeAssistant) -> None:
    server.replies["/api/"] = Reply(b"", 502)

    for minute in range(3):
        telemetry.poll(vehicle=car, now=NOW + minute * MINUTE)
    server.replies["/api/"] = Reply(b"", 500)
    telemetry.poll(vehicle=car, now=NOW + 5 * MINUTE)

    connection = Connection.objects.get()
    assert (connection.trouble, connection.trouble_since) == ("NO_ANSWER", NOW + 5 * MINUTE)


def test_every_wish_goes_through_the_connection(car: Vehicle, server: FakeHomeAssistant) -> None:
    gateway = gateway_of(car)

    assert gateway.stop(command_id=uuid4(), hold=None, now=NOW).accepted
    assert gateway.start(command_id=uuid4(), now=NOW).accepted

    assert server.called == [("turn_off", ENTITIES.switch), ("turn_on", ENTITIES.switch)]
    assert (gateway.has_lease, gateway.poll_interval) == (False, timedelta(minutes=2))
    assert gateway.capabilities.is_controllable


@pytest.mark.parametrize("ask", ["read", "start", "stop", "renew"])
@pytest.mark.parametrize("how", ["disconnected", "another row's secret", "another driver's connection", "a lost key"])
def test_a_car_without_a_secret_of_its_own_is_asked_nothing(
    car: Vehicle, server: FakeHomeAssistant, how: str, ask: str, settings: Settings
) -> None:
    connection = car.connected.connection
    if how == "disconnected":
        car.connected.delete()
    elif how == "another row's secret":
        other = make_connection(driver=car.driver, address="http://127.0.0.1:2")
        Connection.objects.filter(pk=connection.pk).update(encrypted_secret=other.encrypted_secret)
    elif how == "another driver's connection":
        Connection.objects.filter(pk=connection.pk).update(driver=make_driver())
    else:
        settings.SECRET_KEY = "another key, which opens nothing that was sealed before it"
    gateway = gateway_of(car)
    questions: dict[str, Callable[[], object]] = {
        "read": lambda: gateway.read(now=NOW),
        "start": lambda: gateway.start(command_id=uuid4(), now=NOW),
        "stop": lambda: gateway.stop(command_id=uuid4(), hold=None, now=NOW),
        "renew": lambda: gateway.renew(hold=None, now=NOW),  # type: ignore[arg-type]
    }

    with pytest.raises(GatewayError) as raised:
        questions[ask]()

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED
    assert server.asked == []


def test_a_lease_is_not_renewed_through_a_connection(car: Vehicle) -> None:
    assert not gateway_of(car).renew(hold=None, now=NOW).accepted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked_for", "minutes"), [({}, 1), ({"Retry-After": "7200"}, 15)], ids=["not said", "two hours"]
)
def test_nobody_is_left_alone_for_longer_than_a_quarter_of_an_hour(
    car: Vehicle, server: FakeHomeAssistant, asked_for: dict[str, str], minutes: int
) -> None:
    server.replies["/api/"] = Reply(b"", 429, asked_for)

    telemetry.poll(vehicle=car, now=NOW)

    assert Connection.objects.get().rests_until == NOW + minutes * MINUTE


@pytest.mark.parametrize(("wanted", "minutes"), [(None, 1), (timedelta(hours=2), 15)], ids=["not said", "two hours"])
def test_no_gateway_can_ask_for_more(car: Vehicle, wanted: timedelta | None, minutes: int) -> None:
    error = GatewayError(kind=Trouble.RATE_LIMITED, retry_after=wanted)

    note_trouble(connection=car.connected.connection, error=error, at_wall=NOW)

    assert Connection.objects.get().rests_until == NOW + minutes * MINUTE
