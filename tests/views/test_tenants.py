"""Every page with an id in its address, with every method, by everybody who must not: as if nothing were there."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.models import Driver
from onboarding.enode_links import LinkState, signed
from onboarding.models import OnboardingDraft
from tests.adapters.enode_server import CAR_ID
from tests.api.callers import everything_stored, make_caller
from tests.api.routes import addresses, cookies_of, filled, parameters_of
from tests.connections import make_connection, make_enode_connection
from tests.factories import NOW, make_account, make_driver, make_finding, make_location, make_parked_car

pytestmark = pytest.mark.django_db
NOBODYS = ("admin/", "api/", "accounts/", "guides/", "link/", "oauth2/", "static/")
"""The API has a matrix of its own and administrators see everything; the others know no id of a driver's thing."""

METHODS = ("GET", "POST", "PUT", "DELETE")
BODY = {"deadline": "07:00", "minimum": "30", "name": "x", "answer": "done"}
CHANGING = re.compile(
    rb'nonce="[^"]*"|csrf[^>]*value="[^"]*"|"X-CSRFToken": *"[^"]*"|[0-9a-f-]{36}|[A-Za-z0-9]{64}'
    # The minute in which the page could be printed may pass between two requests.
    rb'|(?<= )\d{4}-\d\d-\d\d \d\d:\d\d(?=")'
)


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def with_enode(settings: Settings) -> None:
    """Set up, so that its pages are there, and nobody is there to answer."""
    settings.READYBY_ENODE_URL = "http://127.0.0.1:1"
    settings.READYBY_ENODE_CLIENT_ID = settings.READYBY_ENODE_CLIENT_SECRET = "x"


def pages() -> list[str]:
    return sorted(route for route in addresses() if parameters_of(route) and not route.startswith(NOBODYS))


OWN = pages()


def ids_of(driver: Driver) -> Callable[[str], dict[str, str]]:
    """Gives the ids that belong into an address: those of the driver's own things."""
    car = make_parked_car(driver=driver)
    place = make_location(driver=driver, name="Second")
    finding = make_finding(vehicle=car, pk=2)
    connection = make_connection(driver=driver)
    linked = make_enode_connection(driver=driver)
    draft = OnboardingDraft.objects.create(driver=driver, vehicle=car, created_at=NOW, updated_at=NOW)
    state = signed(LinkState(draft.pk, linked.public_id, had_car=False, comes_from_check=False))

    def named(route: str) -> dict[str, str]:
        thing = place.public_id if "places/" in route else car.public_id
        thing = connection.public_id if "home-assistant/" in route else thing
        thing = linked.public_id if "enode/" in route else thing
        return {"public_id": str(thing), "pk": str(finding.pk), "part": "status", "state": state, "car_id": CAR_ID}

    return named


def nothing(_route: str) -> dict[str, str]:
    unknown = {"state": "x", "car_id": CAR_ID}
    return {"public_id": str(uuid.uuid4()), "part": "status", "pk": "999999999", **unknown}


def told(answer: Any, ids: dict[str, str]) -> tuple[int, bytes, str]:
    """What somebody sees of an answer, without what is new in each and without the ids that were asked for."""
    body = answer.content
    # Written out first: in `%2F` there is a 2 that is no id.
    where = unquote(answer.headers.get("Location", ""))
    for value in ids.values():
        where = where.replace(f"/{value}/", "/*/")
        for written in (value, quote(value)):
            body = body.replace(f"/{written}/".encode(), b"/*/")
    return answer.status_code, CHANGING.sub(b"", body), where


def leaks(browser: Browser, routes: list[str], named: Callable[[str], dict[str, str]]) -> list[str]:
    """The requests that tell what is there from what is not, or that show or do something."""
    found = []
    for route in routes:
        for method in METHODS:
            ask, body = getattr(browser, method.lower()), {} if method == "GET" else BODY
            there, empty = (told(ask(filled(route, ids), body), ids) for ids in (named(route), nothing(route)))
            if there != empty or (there[0] < 300 and there[1]):
                found.append(f"{method} {route} {there[0]} {empty[0]}")
    return found


ACTORS: dict[str, Callable[[Driver], Browser]] = {
    "nobody": lambda _owner: Browser(),
    "a driver of another client": lambda _owner: cookies_of(make_driver().account),
    "another driver of the same client": lambda owner: cookies_of(make_driver(client=owner.client).account),
    "a guest": lambda _owner: cookies_of(make_driver(is_guest=True).account),
    "a login without a driver": lambda _owner: cookies_of(make_account()),
    "staff without permission": lambda _owner: cookies_of(make_account(is_staff=True)),
    "the client with its token": lambda owner: make_caller(owner.client),
}


def test_the_matrix_covers_every_page() -> None:
    assert len(OWN) >= 20
    assert {name for route in OWN for name in parameters_of(route)} == {"public_id", "pk", "part", "state", "car_id"}


@pytest.mark.parametrize("actor", ACTORS)
def test_another_drivers_id_is_the_same_as_none(actor: str) -> None:
    owner = make_driver()
    named, browser = ids_of(owner), ACTORS[actor](owner)
    before = everything_stored()

    assert leaks(browser, OWN, named) == []
    assert everything_stored() == before


def test_the_owner_sees_what_the_others_do_not() -> None:
    owner = make_driver()
    named = ids_of(owner)

    assert "GET car/<public_id>/ 200 404" in leaks(cookies_of(owner.account), OWN, named)


def test_a_finding_of_another_car_is_not_found_at_ones_own() -> None:
    theirs, mine = make_finding(vehicle=make_parked_car()), make_parked_car()
    browser = cookies_of(mine.driver.account)

    for address in ("", "answer/"):
        url = f"/car/{mine.public_id}/findings/{theirs.pk}/{address}"
        assert {browser.get(url).status_code, browser.post(url, BODY).status_code} <= {404, 405}
