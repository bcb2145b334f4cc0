"""Connections to brokers: tried before they are stored, and cars that are read and commanded through them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from charging.adapters.sealed import unseal_for
from charging.models import Connection, Driver, Due, Vehicle
from charging.models.connections import ConnectionKind
from charging.operations import mqtt_connections, telemetry
from charging.operations.gateways import gateway_of
from charging.operations.issues import Refused
from tests.adapters.mqtt_server import PASSWORD, USER, FakeBroker
from tests.connections import SECRET, codes, connect_broker, make_mqtt_car
from tests.factories import NOW, make_driver, make_due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def car(alice: Driver, broker: FakeBroker) -> Vehicle:
    return make_mqtt_car(driver=alice, address=broker.url)


def test_what_works_is_stored_with_user_and_password_sealed(alice: Driver, broker: FakeBroker) -> None:
    connect_broker(alice, f" {broker.url}/ ", f" {USER} ")

    connection = Connection.objects.get()
    assert (connection.kind, connection.address, connection.trouble) == (ConnectionKind.MQTT, broker.url, "")
    assert unseal_for(connection.owner, connection.encrypted_secret) == SECRET
    assert PASSWORD not in repr(mqtt_connections.broker_of(connection))
    assert broker.said == []


def test_the_same_address_is_stored_once_with_the_newest_password(alice: Driver, broker: FakeBroker) -> None:
    first = connect_broker(alice, broker.url)
    broker.secret = (USER, "a newer one")

    second = connect_broker(alice, broker.url, password="a newer one")

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
        connect_broker(alice, address, user, password)

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
    alice: Driver, broker: FakeBroker, refusal: int, manner: str, expected: tuple[str, str]
) -> None:
    broker.refusal, broker.manner = refusal, manner

    with pytest.raises(Refused) as refused:
        connect_broker(alice, broker.url)

    assert codes(refused) == [expected]


def test_a_local_broker_is_not_asked_where_the_operator_allows_none(
    alice: Driver, broker: FakeBroker, settings: Settings
) -> None:
    settings.READYBY_LOCAL_GATEWAYS = False

    for address, code in (
        (broker.url, "ADDRESS_INVALID"),
        (broker.url.replace("mqtt://127.0.0.1", "mqtts://localhost"), "ADDRESS_INVALID"),
    ):
        with pytest.raises(Refused) as refused:
            connect_broker(alice, address)
        assert codes(refused) == [(code, "address")]
    assert "on the internet" in refused.value.issues[0].message
    assert broker.asked == 0


def test_a_guest_has_no_real_car(broker: FakeBroker) -> None:
    with pytest.raises(Refused) as refused:
        connect_broker(make_driver(is_guest=True), broker.url)

    assert codes(refused) == [("GUEST", "")]
    assert broker.asked == 0


def test_signing_in_again_keeps_the_cars_and_asks_them_at_once(car: Vehicle, broker: FakeBroker) -> None:
    connection = car.connected.connection
    broker.secret = (USER, "a newer one")
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


def test_a_refused_password_is_never_tried_again_by_itself(car: Vehicle, broker: FakeBroker) -> None:
    broker.secret = (USER, "another")

    for minute in range(3):
        assert not telemetry.poll(vehicle=car, now=NOW + minute * MINUTE)

    assert broker.asked == 1
    assert Connection.objects.get().is_sign_in_needed
