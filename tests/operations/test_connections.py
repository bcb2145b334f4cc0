"""Connections to a Home Assistant: tried before they are stored, watched while they are used, never asked too often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from charging.adapters.sealed import seal, seal_for, unseal, unseal_for
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from charging.models import Connection, Driver, Due, Vehicle, Webhook
from charging.operations import connections
from charging.operations.clocks import set_speed
from charging.operations.connection_choices import choices_behind
from charging.operations.gateways import gateway_of
from charging.operations.issues import Refused
from tests.adapters.home_assistant_server import TOKEN, FakeHomeAssistant, serve_home_assistant
from tests.connections import make_connected_car, make_connection
from tests.factories import NOW, make_client, make_driver, make_due, make_vehicle
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


def connect(driver: Driver, address: str, token: str = TOKEN) -> Connection:
    return connections.connect_home_assistant(driver=driver, address=address, token=token, at_wall=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(issue.code, issue.path) for issue in refused.value.issues]


def test_what_works_is_stored_with_its_secret_sealed(alice: Driver, server: FakeHomeAssistant) -> None:
    connection = connect(alice, f" {server.url}/ ", f" {TOKEN} ")

    connection = Connection.objects.get(pk=connection.pk)
    assert (connection.address, connection.name, connection.trouble) == (server.url, "Our house", "")
    assert unseal_for(connection.owner, connection.encrypted_secret) == TOKEN
    assert TOKEN not in connection.encrypted_secret
    assert TOKEN not in repr(connections.home_assistant_of(connection))


def test_the_same_address_is_stored_once_with_the_newest_token(alice: Driver, server: FakeHomeAssistant) -> None:
    first = connect(alice, server.url)
    server.token = "a-newer-one"

    second = connect(alice, server.url, "a-newer-one")

    assert second == first == Connection.objects.get()
    assert unseal_for(second.owner, second.encrypted_secret) == "a-newer-one"


@pytest.mark.parametrize(
    ("address", "token", "expected"),
    [
        ("nonsense", TOKEN, [("ADDRESS_INVALID", "address")]),
        ("nonsense", "", [("ADDRESS_INVALID", "address"), ("TOKEN_INVALID", "token")]),
        ("http://127.0.0.1:1", TOKEN, [("OFFLINE", "address")]),
        ("http://localhost:1", TOKEN, [("OFFLINE", "address")]),
    ],
)
def test_what_does_not_work_is_not_stored(
    alice: Driver, address: str, token: str, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as refused:
        connect(alice, address, token)

    assert codes(refused) == expected
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, ("SIGN_IN_NEEDED", "token")),
        (429, ("RATE_LIMITED", "address")),
        (500, ("NO_ANSWER", "address")),
    ],
)
def test_each_trouble_stands_beside_its_field(
    alice: Driver, server: FakeHomeAssistant, status: int, expected: tuple[str, str]
) -> None:
    server.replies["/api/"] = Reply(b"", status)

    with pytest.raises(Refused) as refused:
        connect(alice, server.url)

    assert codes(refused) == [expected]


def test_a_name_that_leads_where_nobody_may_go_is_refused(alice: Driver, settings: Settings) -> None:
    """Checked when it is connected to, whatever the form of the address says."""
    settings.READYBY_LOCAL_GATEWAYS = True
    found = connections.trouble_issue(Trouble.NOT_ALLOWED, "http://home.example")
    assert (found.path, found.message.partition(".")[0]) == ("address", "Begin with https://")
    settings.READYBY_LOCAL_GATEWAYS = False

    with pytest.raises(Refused) as refused:
        connect(alice, "https://192.168.1.5:8123")

    assert codes(refused) == [("ADDRESS_INVALID", "address")]


def test_a_guest_and_a_clock_that_was_sped_up_have_no_real_car(alice: Driver, server: FakeHomeAssistant) -> None:
    guest = make_driver(is_guest=True)
    make_vehicle(driver=alice)
    set_speed(driver=alice, speed=60, at_wall=NOW)
    fast = set_speed(driver=alice, speed=1, at_wall=NOW + MINUTE)

    for driver, code in ((guest, "GUEST"), (fast, "CLOCK_AHEAD")):
        with pytest.raises(Refused) as refused:
            connect(driver, server.url)
        assert codes(refused) == [(code, "")]

    assert server.asked == []


def test_signing_in_again_keeps_the_cars_and_asks_them_at_once(car: Vehicle, server: FakeHomeAssistant) -> None:
    connection = car.connected.connection
    connections.note_trouble(
        connection=connection, error=GatewayError(kind=Trouble.SIGN_IN_NEEDED), at_wall=NOW - MINUTE
    )
    make_due(vehicle=car, next_poll_at=NOW + timedelta(hours=1), own_at=NOW + timedelta(hours=1))
    server.token = "a-newer-one"

    connections.sign_in_again(connection=connection, token="a-newer-one", at_wall=NOW)

    connection.refresh_from_db()
    assert not connection.is_sign_in_needed
    assert Due.objects.get(vehicle=car).next_poll_at == NOW
    car.refresh_from_db()
    assert gateway_of(car).read(now=NOW) is not None


def test_a_new_token_that_does_not_work_changes_nothing(car: Vehicle, server: FakeHomeAssistant) -> None:
    connection = car.connected.connection
    before = connection.encrypted_secret

    for token, expected in (("nonsense", ("SIGN_IN_NEEDED", "token")), ("", ("TOKEN_INVALID", "token"))):
        with pytest.raises(Refused) as refused:
            connections.sign_in_again(connection=connection, token=token, at_wall=NOW)
        assert codes(refused) == [expected]

    connection.refresh_from_db()
    assert connection.encrypted_secret == before


def test_a_secret_that_does_not_open_offers_nothing_to_choose(car: Vehicle) -> None:
    connection = car.connected.connection
    connection.encrypted_secret = seal_for("somebody else", TOKEN)
    connection.save()

    with pytest.raises(Refused) as refused:
        choices_behind(connection=connection, at_wall=NOW)

    assert codes(refused) == [("SIGN_IN_NEEDED", "token")]


def test_rotating_seals_every_secret_under_the_newest_key(alice: Driver, settings: Settings) -> None:
    old = settings.SECRET_KEY
    connection = make_connection(driver=alice)
    webhook = Webhook.objects.create(
        client=make_client(), url="https://a.example", encrypted_secret=seal("s"), created_at=NOW
    )
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key that is long enough to be one", [old]
    said = StringIO()

    call_command("rotate_secrets", stdout=said)

    settings.SECRET_KEY_FALLBACKS = []
    connection.refresh_from_db()
    webhook.refresh_from_db()
    assert "2 rows" in said.getvalue()
    assert unseal_for(connection.owner, connection.encrypted_secret) == TOKEN
    assert (unseal(webhook.encrypted_secret), webhook.encrypted_header_value) == ("s", "")


def test_rotating_changes_nothing_where_a_key_is_missing(alice: Driver, settings: Settings) -> None:
    connection = make_connection(driver=alice)
    settings.SECRET_KEY = "a new key that is long enough to be one"

    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("rotate_secrets")

    before = connection.encrypted_secret
    connection.refresh_from_db()
    assert connection.encrypted_secret == before
