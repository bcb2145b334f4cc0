"""Whose is it? Clients with two of everything get what is theirs and was asked for, whoever came first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from structlog.contextvars import get_contextvars

from charging.api import access
from charging.api.bearer import BearerToken, RateLimited
from charging.models import Client
from tests.api.callers import make_token
from tests.factories import make_client, make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db
OWN: dict[str, Callable[[HttpRequest, str], Any]] = {
    "driver": access.own_driver,
    "vehicle": access.own_vehicle,
    "location": access.own_location,
}


def request_of(client: Client) -> HttpRequest:
    """A request that BearerToken has let in."""
    request = RequestFactory().get("/")
    request.auth = client  # type: ignore[attr-defined]
    return request


def make_everything(client: Client, name: str) -> dict[str, tuple[str, Any]]:
    """A user, car and place of a client: kind -> its id in addresses, and the row."""
    driver = make_driver(client=client, external_id=name)
    car, place = make_parked_car(driver=driver), make_location(driver=driver)
    return {
        "driver": (name, driver),
        "vehicle": (str(car.public_id), car),
        "location": (str(place.public_id), place),
    }


@pytest.fixture
def clients() -> list[Client]:
    return [make_client(name=name) for name in ("first", "second")]


@pytest.mark.parametrize("kind", OWN)
def test_each_client_gets_the_one_it_asks_for_of_its_own(clients: list[Client], kind: str) -> None:
    theirs = [(client, make_everything(client, name)[kind]) for client in clients for name in ("anna", "berit")]

    for client, (known_as, row) in theirs:
        assert OWN[kind](request_of(client), known_as) == row


@pytest.mark.parametrize("kind", ["vehicle", "location"])
def test_what_another_client_has_is_not_there(clients: list[Client], kind: str) -> None:
    theirs = make_everything(clients[0], "anna")[kind][0]
    make_everything(clients[1], "anna")

    with pytest.raises(Http404):
        OWN[kind](request_of(clients[1]), theirs)


def test_a_user_of_another_client_is_not_there(clients: list[Client]) -> None:
    make_everything(clients[0], "anna")

    with pytest.raises(Http404):
        access.own_driver(request_of(clients[1]), "anna")


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("known_as", ["", "no id at all", str(UUID(int=7)), "x" * 500])
def test_what_is_no_id_or_the_id_of_nothing_is_not_there(clients: list[Client], kind: str, known_as: str) -> None:
    make_everything(clients[0], "anna")

    with pytest.raises(Http404):
        OWN[kind](request_of(clients[0]), known_as)


def test_the_log_of_the_request_names_the_car(clients: list[Client]) -> None:
    known_as, _car = make_everything(clients[0], "anna")["vehicle"]

    access.own_vehicle(request_of(clients[0]), known_as)

    assert get_contextvars()["vehicle"] == known_as


def ask(authorization: str | None) -> Client | None:
    headers = {} if authorization is None else {"Authorization": authorization}
    return BearerToken()(RequestFactory().get("/", headers=headers))


def test_a_token_opens_what_its_own_client_has(clients: list[Client]) -> None:
    tokens = [make_token(client=client) for client in clients]

    assert [ask(f"Bearer {token}") for token in tokens] == clients
    assert [ask(f"bearer   {token} ") for token in tokens] == clients


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {}", "{}", "Bearer {} more", "Bearer x {}"]
)
def test_nothing_else_opens_anything(clients: list[Client], authorization: str | None) -> None:
    token = make_token(client=clients[0])

    assert ask(authorization if authorization is None else authorization.format(token)) is None


def test_a_token_that_is_over_opens_nothing(clients: list[Client]) -> None:
    assert ask(f"Bearer {make_token(client=clients[0], lives_for=timedelta(days=-4000))}") is None


def test_a_token_without_a_client_opens_nothing(clients: list[Client]) -> None:
    token = make_token(client=clients[0])
    clients[0].applications.all().delete()

    assert ask(f"Bearer {token}") is None


def test_who_was_found_for_a_request_is_not_looked_for_again(
    clients: list[Client], django_assert_num_queries: Any
) -> None:
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {make_token(client=clients[0])}"})

    found = BearerToken()(request)

    with django_assert_num_queries(0):
        assert BearerToken()(request) == found == clients[0]


def test_calls_are_counted_for_each_client_and_the_next_minute_waited_for(clients: list[Client], settings: Any) -> None:
    settings.READYBY_API_CALLS_PER_MINUTE = 2
    cache.clear()
    tokens = [make_token(client=client) for client in clients]
    for token in tokens:
        assert [ask(f"Bearer {token}") is None for _ in range(2)] == [False, False]

    with pytest.raises(RateLimited) as refused:
        ask(f"Bearer {tokens[1]}")

    assert 0 < refused.value.seconds <= 60
    assert str(refused.value) == f"wait {refused.value.seconds} s"


def test_no_limit_is_no_limit(clients: list[Client], settings: Any) -> None:
    settings.READYBY_API_CALLS_PER_MINUTE = 0
    token = make_token(client=clients[0])

    assert [ask(f"Bearer {token}") for _ in range(3)] == [clients[0]] * 3
