"""Every address of the operators' pages, with every method, by everybody who is no operator: nothing happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client as Browser

from charging.models import Driver, Vehicle
from tests.admin.conftest import fill_history
from tests.admin.second_factor import sign_in_with_second_factor
from tests.api.callers import every_table, everything_stored, make_caller
from tests.api.routes import addresses, cookies_of, filled
from tests.factories import make_account, make_driver, make_parked_car

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "DELETE")
OF_EVERYBODY = ("admin/login/", "admin/logout/", "admin/jsi18n/")
OF_STAFF = ("admin/", "admin/password_change/", "admin/password_change/done/")
"""What staff without any permission have: an index on which nothing stands, and their own password."""
BODY = {"reason": "x", "action": "delete_selected", "_selected_action": "1", "post": "yes"}
ROUTES = sorted(route for route in addresses() if route.startswith("admin/") and route not in OF_EVERYBODY)

ACTORS: dict[str, Callable[[Driver], Browser]] = {
    "nobody": lambda _owner: Browser(raise_request_exception=False),
    "the driver": lambda owner: cookies_of(owner.account),
    "another driver": lambda owner: cookies_of(make_driver(client=owner.client).account),
    "a guest": lambda _owner: cookies_of(make_driver(is_guest=True).account),
    "the client with its token": lambda owner: make_caller(owner.client),
    "staff without permission": lambda _owner: with_second_factor(make_account(is_staff=True)),
    "an operator without a second factor": lambda _owner: cookies_of(make_account(is_staff=True, is_superuser=True)),
}


def with_second_factor(account: User) -> Browser:
    return sign_in_with_second_factor(Browser(raise_request_exception=False), account)


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def ids_of(car: Vehicle) -> dict[str, str]:
    kind = ContentType.objects.get_for_model(Vehicle)
    number = str(car.pk)
    return {
        "app_label": "charging",
        "kind": "car",
        "brand": "tesla",
        "finding_id": number,
        "action": "false_alarm",
        "content_type_id": str(kind.pk),
        "id": number,
        "object_id": number,
        "pk": number,
        "url": "charging/vehicle",
    }


def answers(browser: Browser, routes: list[str], ids: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    for route in routes:
        for method in METHODS:
            ask = getattr(browser, method.lower())
            answer = ask(filled(route, ids), *(() if method == "GET" else (BODY,)))
            yield f"{method} {route}", answer.status_code, answer.headers.get("Location", "")


def is_refusal(status: int, where: str) -> bool:
    """No such page, not allowed, the way to the sign-in, or for staff to the index or the page that refuses them."""
    leads_nowhere = where == "/admin/" or where.startswith("/admin/login/") or where.endswith("/change/")
    return status in {403, 404, 405} or (status == 302 and leads_nowhere)


def test_the_matrix_covers_every_screen() -> None:
    assert len(ROUTES) > 150


@pytest.mark.parametrize("actor", ACTORS)
def test_who_is_no_operator_sees_and_does_nothing(actor: str) -> None:
    car = make_parked_car()
    fill_history(car, rows=1)
    browser, ids = ACTORS[actor](car.driver), ids_of(car)
    routes = [route for route in ROUTES if not (actor.startswith("staff") and route in OF_STAFF)]
    before = everything_stored(), every_table()

    shown = [(asked, status, where) for asked, status, where in answers(browser, routes, ids) if status < 400]

    assert [one for one in shown if not is_refusal(one[1], one[2])] == []
    assert (everything_stored(), every_table()) == before


def test_an_operator_is_shown_what_the_others_are_not(operator: User) -> None:
    car = make_parked_car()
    route = "admin/charging/vehicle/<object_id>/change/"

    assert route in ROUTES
    assert ("GET " + route, 200, "") in answers(with_second_factor(operator), [route], ids_of(car))
