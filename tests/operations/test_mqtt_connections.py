"""Connections to brokers: tried before they are stored, and cars that are read and commanded through them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from charging.adapters.sealed import unseal_for
from charging.models import Connection, Driver, Due, Vehicle
from charging.models.connections import ConnectionKind
from charging.operations import mqtt_connections, telemetry
from charging.operations.gateways import gateway_of
from charging.operations.issues import Refused
from tests.adapters.mqtt_server import PASSWORD, USER, FakeBroker, serve_broker
from tests.connections import SECRET, make_mqtt_car
from tests.factories import NOW, make_driver, make_due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[FakeBroker]:
    with serve_broker() as server:
        server.now = NOW
        yield server


@pytest.fixture
def alice() -> Driver:
    return make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)


@pytest.fixture
def car(alice: Driver, server: FakeBroker) -> Vehicle:
    return make_mqtt_car(driver=alice, address=server.url)


def connect(driver: Driver, address: str, user: str = USER, password: str = PASSWORD) -> Connection:
    return mqtt_connections.connect_broker(driver=driver, address=address, user=user, password=password, at_wall=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(issue.code, issue.path) for issue in refused.value.issues]


def test_what_works_is_stored_with_user_and_password_sealed(alice: Driver, server: FakeBroker) -> None:
    connect(alice, f" {server.url}/ ", f" {USER} ")

    connection = Connection.objects.get()
    assert (connection.kind, connection.address, connection.trouble) == (ConnectionKind.MQTT, server.url, "")
    assert unseal_for(connection.owner, connection.encrypted_secret) == SECRET
    assert PASSWORD not in repr(mqtt_connections.broker_of(connection))
    assert server.said == []


def test_the_same_address_is_stored_once_with_the_newest_password(alice: Driver, server: FakeBroker) -> None:
    first = connect(alice, server.url)
    server.secret = (USER, "a newer one")

    second = connect(alice, server.url, password="a newer one")

    assert second == first == Connection.objects.get()
    assert mqtt_connections.broker_of(second).password == "a newer one"


@pytest.mark.parametrize(
    ("address", "user", "password", "expected"),
    [
        ("nonsense://x", USER, PASSWORD, [("ADDRESS_INVALID", "address")]),
        ("mqtt://127.0.0.1:1", USER, PASSWORD, [("OFFLINE", "address")]),
        ("", "", PASSWORD, [("ADDRESS_INVALID", "address"), ("USER_MISSING", "user")]),
        ("mqtt://127.0.0.1:1", "x" * 501, "x\0", [("TEXT_TOO_LONG", "user"), ("TEXT_TOO_LONG", "password")]),
    ],
    ids=["a wrong scheme", "nobody there", "nothing", "too long"],
)
def test_what_does_not_work_is_not_stored(
    alice: Driver, address: str, user: str, password: str, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as refused:
        connect(alice, address, user, password)

    assert codes(refused) == expected
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("refusal", "manner", "expected"),
    [
        (5, "well", ("SIGN_IN_NEEDED", "user")),
        (3, "well", ("OFFLINE", "address")),
        (0, "another protocol", ("NO_ANSWER", "address")),
    ],
)
def test_each_trouble_stands_beside_its_field(
    alice: Driver, server: FakeBroker, refusal: int, manner: str, expected: tuple[str, str]
) -> None:
    server.refusal, server.manner = refusal, manner

    with pytest.raises(Refused) as refused:
        connect(alice, server.url)

    assert codes(refused) == [expected]


def test_a_local_broker_is_not_asked_where_the_operator_allows_none(
    alice: Driver, server: FakeBroker, settings: Settings
) -> None:
    settings.READYBY_LOCAL_GATEWAYS = False

    for address, code in (
        (server.url, "ADDRESS_INVALID"),
        (server.url.replace("mqtt://127.0.0.1", "mqtts://localhost"), "ADDRESS_INVALID"),
    ):
        with pytest.raises(Refused) as refused:
            connect(alice, address)
        assert codes(refused) == [(code, "address")]
    assert "on the internet" in refused.value.issues[0].message
    assert server.asked == 0


def test_a_guest_has_no_real_car(server: FakeBroker) -> None:
    with pytest.raises(Refused) as refused:
        connect(make_driver(is_guest=True), server.url)

    assert codes(refused) == [("GUEST", "")]
    assert server.asked == 0


def test_signing_in_again_keeps_the_cars_and_asks_them_at_once(car: Vehicle, server: FakeBroker) -> None:
    connection = car.connected.connection
    server.secret = (USER, "a newer one")
    assert not telemetry.poll(vehicle=car, now=NOW)
    make_due(vehicle=car, next_poll_at=NOW + timedelta(hours=1), own_at=NOW + timedelta(hours=1))

    for user, password, code in ((USER, "wrong", "SIGN_IN_NEEDED"), ("", "x", "USER_MISSING")):
        with pytest.raises(Refused) as refused:
            mqtt_connections.sign_in_to_broker_again(connection=connection, user=user, password=password, at_wall=NOW)
        assert codes(refused) == [(code, "user")]
    mqtt_connections.sign_in_to_broker_again(connection=connection, user=USER, password="a newer one", at_wall=NOW)

    connection.refresh_from_db()
    assert not connection.is_sign_in_needed
    assert Due.objects.get(vehicle=car).next_poll_at == NOW
    car.refresh_from_db()
    assert gateway_of(car).read(now=NOW) is not None


def test_a_refused_password_is_never_tried_again_by_itself(car: Vehicle, server: FakeBroker) -> None:
    server.secret = (USER, "another")

    for minute in range(3):
        assert not telemetry.poll(vehicle=car, now=NOW + minute * MINUTE)

    assert server.asked == 1
    assert Connection.objects.get().is_sign_in_needed
