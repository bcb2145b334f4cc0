"""Every address of the API, with every method, by everybody who must not: the same as if nothing were there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client as HttpClient
from django.urls import URLPattern
from oauth2_provider.models import AccessToken

from charging.api import actions, statistics, tariffs, urls, webhooks
from charging.models import ChargeAction, Client, Driver, Location, Tariff, Vehicle, Webhook
from tests.api.belongings import make_ids, missing_ids
from tests.api.callers import every_table, everything_stored, make_caller, make_token, send
from tests.api.routes import BODIES, addresses, cookies_of, filled, parameters_of, tries
from tests.factories import make_client, make_driver

pytestmark = pytest.mark.django_db
API = "api/"
PUBLIC = frozenset(
    {"openapi.json", "docs", "integrations", ""}
    | {f"health/{kind}" for kind in ("ready", "vehicles", "chargers", "batteries", "inverters", "hvacs", "meters")}
)
"""What tells nobody's data, and the address that catches all others."""

WITHOUT_SECRETS = frozenset({"interventionId"})
MAKES_WHAT_IS_NOT_THERE = frozenset(
    {("PUT", "tariffs/<tariffId>"), ("POST", "users/<userId>/vehicles"), ("POST", "users/<userId>/link")}
)
"""Calls that make a client's own thing under an id that the client has chosen."""

FORBIDDEN = frozenset({401, 405})
MISSING = frozenset({400, 404, 405})
"""400: what is no such body is refused before anybody asks whose the thing is."""

ASKED = "?startDate=2025-12-01T00:00:00Z&type=vehicle"
"""What statistics must be asked with."""


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def routes() -> list[str]:
    """The routes below /api/ that are not for everybody, relative to it."""
    found = {route.removeprefix(API) for route in addresses() if route.startswith(API)}
    return sorted(found - PUBLIC)


def with_ids() -> list[str]:
    return [route for route in routes() if parameters_of(route) and not parameters_of(route) & WITHOUT_SECRETS]


def leaks(caller: HttpClient, asked: Iterable[tuple[str, str, Any]], theirs: dict[str, str], fine: Any) -> list[str]:
    """The calls that tell what is there from what is not, or whose answer is none of the fine ones."""
    nothing, found = missing_ids(theirs), []
    for method, route, body in asked:
        query = ASKED if "statistics" in route else ""
        there = send(caller, method, filled(API + route, theirs) + query, body)
        missing = send(caller, method, filled(API + route, nothing) + query, body)
        is_same = (there.status_code, there.content) == (missing.status_code, missing.content)
        if not is_same or there.status_code not in fine:
            found.append(f"{method} {route} {body} {there.status_code} {missing.status_code}")
    return found


def asked_by_a_stranger(bodies: tuple[Any, ...] = BODIES) -> Iterator[tuple[str, str, Any]]:
    for route in with_ids():
        yield from (one for one in tries(route, bodies) if (one[0], route) not in MAKES_WHAT_IS_NOT_THERE)


def asked_without_a_token() -> Iterator[tuple[str, str, Any]]:
    for route in routes():
        yield from tries(route, bodies=({},))


def expired(client: Client) -> HttpClient:
    token = make_token(client=client, lives_for=timedelta(hours=-1))
    return HttpClient(headers={"Authorization": f"Bearer {token}"})


def revoked(client: Client) -> HttpClient:
    token = make_token(client=client)
    AccessToken.objects.get(token=token).revoke()
    return HttpClient(headers={"Authorization": f"Bearer {token}"})


def withdrawn(client: Client) -> HttpClient:
    """A client whose credentials were taken away, and with them every token."""
    token = make_token(client=client)
    client.applications.latest("pk").application.delete()
    return HttpClient(headers={"Authorization": f"Bearer {token}"})


UNAUTHORIZED: dict[str, Callable[[Client], HttpClient]] = {
    "nobody": lambda _client: HttpClient(),
    "a garbage token": lambda _client: HttpClient(headers={"Authorization": "Bearer nonsense"}),
    "a password": lambda _client: HttpClient(headers={"Authorization": "Basic YTpi"}),
    "an expired token": expired,
    "a revoked token": revoked,
    "a client whose credentials are withdrawn": withdrawn,
    "another client's driver, logged in": lambda _client: cookies_of(make_driver().account),
    "the driver themselves, logged in": lambda client: cookies_of(Driver.objects.of_client(client).get().account),
}


def test_the_matrix_covers_every_address_of_the_api() -> None:
    known = {str(call.pattern) for call in urls.urlpatterns if isinstance(call, URLPattern)}

    assert len(known) == len(set(routes())) + len(PUBLIC)
    assert len(routes()) >= 37
    assert len(with_ids()) >= 25
    assert len(list(asked_by_a_stranger())) * 2 + len(list(asked_without_a_token())) * 2 * len(UNAUTHORIZED) > 2_000


def test_what_everybody_may_read_tells_nobodys_data() -> None:
    ids = make_ids(make_client())

    for route in PUBLIC - {""}:
        page = HttpClient().get(f"/{API}{route}").content.decode()
        assert not [value for value in ids.values() if len(value) > 30 and value in page], route


def test_another_clients_id_is_the_same_as_none() -> None:
    theirs = make_ids(make_client())
    stranger = make_caller(make_client())
    before = everything_stored(), every_table()

    assert leaks(stranger, asked_by_a_stranger(), theirs, MISSING) == []
    assert (everything_stored(), every_table()) == before


def test_what_a_stranger_makes_under_the_same_id_is_the_strangers_own() -> None:
    owner, stranger = make_client(), make_client()
    ids, caller = make_ids(owner), make_caller(stranger)
    rates = list(Tariff.objects.get(client=owner).rates.values())
    before = everything_stored()

    assert send(caller, "PUT", filled("api/tariffs/<tariffId>", ids), [{"name": "day", "cost": "9"}]).status_code == 204
    link = {"scopes": ["vehicle:read:data"], "language": "en-US", "redirectUri": "myapp://done"}
    assert send(caller, "POST", filled("api/users/<userId>/link", ids), link).status_code == 200

    assert everything_stored() == before
    assert list(Tariff.objects.get(client=owner).rates.values()) == rates
    assert Driver.objects.of_client(stranger).get().external_id == ids["userId"]


@pytest.mark.parametrize("actor", UNAUTHORIZED)
def test_without_a_living_token_every_call_is_unauthorized(actor: str) -> None:
    client = make_client()
    ids = make_ids(client)
    caller = UNAUTHORIZED[actor](client)
    before = everything_stored(), every_table()

    assert leaks(caller, asked_without_a_token(), ids, FORBIDDEN) == []
    assert (everything_stored(), every_table()) == before


def of_everybody(rows: Any, *_owner: Any) -> Any:
    """In place of a filter: everything, whoever owns it."""
    return rows


def any_webhook(_request: HttpRequest, webhook_id: str) -> Webhook:
    return Webhook.objects.get(public_id=webhook_id)


def any_tariff(_client: Client, tariff_id: str) -> Tariff:
    return Tariff.objects.get(external_id=tariff_id)


def any_action(_request: HttpRequest, action_id: str) -> ChargeAction:
    return ChargeAction.objects.get(public_id=action_id)


def any_driver(_request: HttpRequest, user_id: str) -> Driver:
    return Driver.objects.get(external_id=user_id)


@pytest.mark.parametrize(
    ("place", "name", "planted", "found"),
    [
        (type(Vehicle.objects.all()), "of_client", of_everybody, "GET vehicles/<vehicleId> {} 200"),
        (type(Location.objects.all()), "of_client", of_everybody, "GET charging-locations/<chargingLocationId> {} 200"),
        (webhooks, "_own", any_webhook, "GET webhooks/<webhookId> {} 200"),
        (tariffs, "_own_tariff", any_tariff, "GET tariffs/<tariffId> {} 200"),
        (actions, "_own_action", any_action, "POST vehicles/actions/<actionId>/cancel {} 200"),
        (statistics, "own_driver", any_driver, "GET users/<userId>/statistics/charging {} 200"),
    ],
)
def test_a_planted_leak_is_found(
    place: Any, name: str, planted: Callable[..., Any], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = make_ids(make_client())
    monkeypatch.setattr(place, name, planted)

    told = leaks(make_caller(make_client()), asked_by_a_stranger(({},)), theirs, MISSING)

    assert any(leak.startswith(found) for leak in told), told


@pytest.mark.urls("tests.api.planted_urls")
def test_a_new_view_that_forgets_to_ask_is_found_without_being_named() -> None:
    theirs = make_ids(make_client())

    told = leaks(make_caller(make_client()), asked_by_a_stranger(({},)), theirs, MISSING)
    told_nobody = leaks(HttpClient(), asked_without_a_token(), theirs, FORBIDDEN)

    for found in (told, told_nobody):
        assert [leak for leak in found if leak.startswith("GET cars/<vehicleId> {} 200 404")]
