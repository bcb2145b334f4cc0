"""Every address with an id in it, with every method, by everybody who must not: the same as if nothing were there."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as HttpClient
from django.urls import URLPattern

from charging.api import urls
from charging.models import ChargeAction, Client, Tariff, Vehicle, Webhook
from tests.api.callers import everything_stored, make_caller, make_token, send
from tests.factories import NOW, make_client, make_driver, make_location, make_parked_car, make_plan

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WITHOUT_SECRETS = {"interventionId"}
MAKES_WHAT_IS_NOT_THERE = {
    ("PUT", "tariffs/<tariffId>"),
    ("POST", "users/<userId>/vehicles"),
    ("POST", "users/<userId>/link"),
}
"""Calls that make a client's own thing under an id that the client has chosen."""

BODIES: tuple[Any, ...] = ({}, {"name": "x"}, {"action": "START"}, [])


def routes() -> Iterator[str]:
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern):
            route = re.sub(r"<(?:str:)?(\w+)>", r"<\1>", str(pattern.pattern))
            if "<" in route and not set(re.findall(r"<(\w+)>", route)) & WITHOUT_SECRETS:
                yield route


ROUTES = sorted(set(routes()))


def make_ids(client: Client) -> dict[str, str]:
    """One of everything that belongs to the client."""
    driver = make_driver(client=client, external_id="anna")
    car = make_parked_car(driver=driver)
    plan = make_plan(vehicle=car, final_state="PLAN:ENDED:FINISHED")
    values = {"client": client, "user_id": "anna", "target_id": car.public_id, "kind": "STOP"}
    action = ChargeAction.objects.create(vehicle=car, created_at=NOW, updated_at=NOW, **values)
    webhook = Webhook.objects.create(client=client, url="https://a.example/", encrypted_secret="x", created_at=NOW)
    place = str(make_location(driver=driver).public_id)
    tariff = Tariff.objects.create(client=client, external_id="theirs")
    return {
        "userId": "anna",
        "vehicleId": str(car.public_id),
        "assetId": str(car.public_id),
        "locationId": place,
        "chargingLocationId": place,
        "planId": str(plan.public_id),
        "actionId": str(action.public_id),
        "webhookId": str(webhook.public_id),
        "tariffId": tariff.external_id,
    }


def filled(route: str, ids: dict[str, str]) -> str:
    return "/api/" + re.sub(r"<(\w+)>", lambda found: ids[found[1]], route)


def differences(theirs: dict[str, str], stranger: HttpClient) -> list[str]:
    """The calls that tell a stranger's eyes what is there from what is not, or that succeed."""
    missing = {name: "nobody" if name in {"userId", "tariffId"} else str(uuid.uuid4()) for name in theirs}
    found = []
    for route in ROUTES:
        for method in METHODS:
            if (method, route) in MAKES_WHAT_IS_NOT_THERE:
                continue
            for body in BODIES:
                there = send(stranger, method, filled(route, theirs), body)
                nothing = send(stranger, method, filled(route, missing), body)
                is_same = (there.status_code, there.content) == (nothing.status_code, nothing.content)
                if not is_same or there.status_code < 300:
                    found.append(f"{method} {route} {there.status_code} {nothing.status_code}")
    return found


def test_the_matrix_covers_what_there_is() -> None:
    assert len(ROUTES) >= 25


def test_another_clients_id_is_the_same_as_none() -> None:
    theirs = make_ids(make_client())
    before = everything_stored()

    assert differences(theirs, make_caller(make_client())) == []
    assert everything_stored() == before
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic YTpi", "expired"])
def test_without_a_living_token_every_call_is_unauthorized(header: str) -> None:
    client = make_client()
    ids = make_ids(client)
    if header == "expired":
        header = f"Bearer {make_token(client=client, lives_for=timedelta(hours=-1))}"
    caller = HttpClient(headers={"Authorization": header} if header else {})

    for route in ROUTES:
        for method in METHODS:
            assert send(caller, method, filled(route, ids), {}).status_code in {401, 405}, (method, route)


def test_a_planted_leak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = make_ids(make_client())
    querysets = type(Vehicle.objects.all())
    monkeypatch.setattr(querysets, "of_client", lambda self, _client: self)

    found = differences(theirs, make_caller(make_client()))

    assert any(leak.startswith("GET vehicles/<vehicleId> 200") for leak in found)
