"""What may stand in the way of a car that was linked by Enode: each has a page of its own, and a way on."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import Driver, Vehicle
from charging.operations.clocks import wall_now
from tests.adapters.enode_server import CAR_ID, NEVER, FakeEnode, as_json, make_content, serve_enode
from tests.factories import make_driver, make_policy, make_vehicle
from tests.feeds.server import Reply
from tests.onboarding.enode import CAR, come_back, go_on
from tests.onboarding.walk import URLS, h1, page, send

BLOCKED = {"isCapable": False, "interventionIds": ["int-1", "int-2"]}


@pytest.fixture
def server(settings: Settings) -> Iterator[FakeEnode]:
    with serve_enode() as server:
        server.set_up(settings)
        server.vehicles = [make_content(at=wall_now())]
        yield server


def stopped(client: Client, server: FakeEnode, **changed: Any) -> tuple[str, str]:
    """The address and the text of the page on which it does not go on."""
    server.vehicles = [make_content(at=wall_now(), **changed)]
    answer = go_on(client, come_back(client, server))
    return answer.wsgi_request.path, html.unescape(answer.content.decode())


def test_an_account_without_a_car_is_asked_again_or_left(client: Client, alice: Driver, server: FakeEnode) -> None:
    server.vehicles = []
    url = come_back(client, server)

    text = page(client, url)

    assert h1(text) == "There is no car in this account"
    assert f'href="{url}"' in text
    assert "Use another account" in text
    server.vehicles = [make_content(at=wall_now())]
    assert client.get(url).status_code == 303


def test_a_sign_in_that_the_maker_did_not_accept_is_told(client: Client, alice: Driver, server: FakeEnode) -> None:
    server.vendors = [{"vendor": "VOLVO", "isValid": False}]
    _url, of_a_car = stopped(client, server)
    server.vehicles = []
    of_none = page(client, come_back(client, server))

    assert h1(of_a_car) == h1(of_none) == "The maker of your car did not accept the sign-in"


def test_a_scope_that_was_not_given_is_asked_for_again(client: Client, alice: Driver, server: FakeEnode) -> None:
    _url, text = stopped(client, server, scopes=["vehicle:read:data"])

    assert h1(text) == "We may not start and stop your car"
    assert "Connect again and allow it, or we cannot smart charge" in text
    assert 'href="/setup/car/enode/"' in text


@pytest.mark.parametrize("same", ["vin", "vendor_asset_id"])
def test_a_car_that_somebody_else_is_smart_charging_is_left_to_them(
    client: Client, alice: Driver, server: FakeEnode, same: str
) -> None:
    known: dict[str, Any] = {"vin": "YV1EX000000001234"} if same == "vin" else {"vendor_asset_id": CAR_ID}
    others = make_vehicle(driver=make_driver(), vendor="VOLVO", **known)
    policy = make_policy(vehicle=others)

    url, text = stopped(client, server)

    assert h1(text) == "This car is already smart charging from another account"
    assert "forget the car there" in text
    policy.is_enabled = False
    policy.save()
    assert h1(page(client, url)) == "Is this your car?"


@pytest.mark.parametrize(
    "changed",
    [
        {"capabilities": {"stopCharging": NEVER}},
        {"capabilities": {"chargeState": NEVER}},
        {"capabilities": {}, "vendor": "ZEPPELIN"},
    ],
    ids=["cannot be stopped", "tells nothing", "an unknown maker"],
)
def test_a_car_that_never_can_is_told_what_works_instead(
    client: Client, alice: Driver, server: FakeEnode, changed: dict[str, Any]
) -> None:
    _url, text = stopped(client, server, **changed)

    assert h1(text) == "Your car cannot be started and stopped from here"
    assert "Use a simulated car" in text
    assert "Home Assistant" in text


def test_a_car_that_could_is_told_how_and_asked_again(client: Client, alice: Driver, server: FakeEnode) -> None:
    resolution = {"title": "Allow remote commands", "description": "1. Open the app\n2. Press <i>Allow</i>"}
    server.replies["GET /interventions/int-1?language=en-GB"] = as_json({"resolution": resolution})

    url, text = stopped(client, server, capabilities={"startCharging": BLOCKED})

    assert h1(text) == "One thing to switch on in your car"
    assert "Allow remote commands" in text
    assert "<li>Open the app</li>" in text
    assert "Check again" in text
    server.vehicles = [make_content(at=wall_now())]
    assert h1(page(client, url)) == "Is this your car?"


def test_steps_from_elsewhere_are_words_and_no_markup(client: Client, alice: Driver, server: FakeEnode) -> None:
    resolution = {"title": "<b>x</b>", "description": "<script>alert(1)</script>"}
    server.replies["GET /interventions/int-1?"] = as_json({"resolution": resolution})
    server.vehicles = [make_content(at=wall_now(), capabilities={"startCharging": BLOCKED})]

    raw = go_on(client, come_back(client, server)).content.decode()

    assert "&lt;script&gt;alert(1)" in raw
    assert "&lt;b&gt;x" in raw


def test_what_a_new_link_mends_offers_one(client: Client, alice: Driver, server: FakeEnode) -> None:
    resolution = {"title": "Link the car again", "description": "It was given up.", "action": "Link"}
    server.replies["GET /interventions/int-1?"] = as_json({"resolution": resolution})

    _url, text = stopped(client, server, capabilities={"startCharging": BLOCKED})

    assert '<a href="/setup/car/enode/">Connect with Enode again</a>' in text


def test_an_intervention_that_nobody_knows_any_more_leaves_a_sentence(
    client: Client, alice: Driver, server: FakeEnode
) -> None:
    _url, text = stopped(client, server, capabilities={"startCharging": BLOCKED})

    assert h1(text) == "One thing to switch on in your car"
    assert "Look into your car’s app" in text


def test_its_own_smart_charging_is_switched_off_only_when_its_driver_says_so(
    client: Client, alice: Driver, server: FakeEnode
) -> None:
    url, text = stopped(client, server, smartChargingPolicy={"isEnabled": True, "minimumChargeLimit": 20})
    assert h1(text) == "Enode is smart charging this car"
    assert server.vehicles[0]["smartChargingPolicy"]["isEnabled"] is True
    assert send(client, url, **CAR).status_code == 200
    assert not Vehicle.objects.exists()

    answer = send(client, url, do="switch_off")

    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    policy = {"isEnabled": False, "deadline": None, "minimumChargeLimit": 20}
    assert server.vehicles[0]["smartChargingPolicy"] == policy
    assert send(client, url, **CAR).headers["Location"] == URLS["minimum"]


@pytest.mark.parametrize("path", ["GET /users", "GET /interventions", f"PUT /vehicles/{CAR_ID}"])
def test_a_server_that_falls_silent_is_told_and_asked_again(
    client: Client, alice: Driver, server: FakeEnode, path: str
) -> None:
    changed: dict[str, Any] = {"smartChargingPolicy": {"isEnabled": True}}
    if "interventions" in path:
        changed = {"capabilities": {"startCharging": BLOCKED}}
    server.replies[path] = Reply(b"", 503)
    url, text = stopped(client, server, **changed)
    if path.startswith("PUT"):
        text = html.unescape(send(client, url, do="switch_off").content.decode())

    assert h1(text) == "Enode does not answer"
    assert "Enode cannot be reached at the moment" in text
    assert "Check again" in text
