"""What Enode's API is asked for a driver: the link, the cars behind it, what is in the way, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from charging.adapters.vehicles import enode_account
from charging.adapters.vehicles.enode_account import Intervention, NoMoreCars
from charging.adapters.vehicles.enode_car import FoundCar, car_from_json, car_to_json, found_car
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from tests.adapters.enode_server import CAR_ID, NEVER, TELLS, USER_ID, FakeEnode, as_json, make_content, serve_enode
from tests.feeds.server import Reply

BLOCKED = {"isCapable": False, "interventionIds": ["int-1"]}


@pytest.fixture
def server() -> Iterator[FakeEnode]:
    with serve_enode() as server:
        yield server


def link(server: FakeEnode, *, language: str = "en", vendor: str = "") -> str:
    return enode_account.begin_link(
        server.api(), user_id="a b/c", redirect_uri="https://here.example/back/", language=language, vendor=vendor
    )


@pytest.mark.parametrize(("language", "told"), [("nb", "nb-NO"), ("de", "de-DE"), ("en", "en-GB"), ("xx", "en-GB")])
def test_a_link_asks_for_what_is_used_and_nothing_else(server: FakeEnode, language: str, told: str) -> None:
    assert link(server, language=language) == f"{server.url}/linking"

    assert server.asked[-1] == "POST /users/a%20b%2Fc/link"
    assert server.bodies[-1] == {
        "vendorType": "vehicle",
        "scopes": ["vehicle:read:data", "vehicle:read:location", "vehicle:control:charging"],
        "language": told,
        "redirectUri": "https://here.example/back/",
    }


def test_a_make_that_an_app_has_asked_for_is_passed_on(server: FakeEnode) -> None:
    link(server, vendor="VOLVO")

    assert server.bodies[-1]["vendor"] == "VOLVO"


def test_a_limit_is_told_apart(server: FakeEnode) -> None:
    server.replies["POST /users"] = as_json({"title": "Connections limit reached"}, 403)

    with pytest.raises(NoMoreCars):
        link(server)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//elsewhere", "ftp://x", "", None, 1, "https://"])
def test_a_link_that_leads_nowhere_is_not_followed(server: FakeEnode, url: object) -> None:
    server.replies["POST /users"] = as_json({"linkUrl": url, "linkToken": "x"})

    with pytest.raises(GatewayError):
        link(server)


def test_all_pages_of_cars_are_read(server: FakeEnode) -> None:
    server.per_page = 2
    server.vehicles = [make_content(id=f"car-{number}") for number in range(5)]

    account = enode_account.look_behind(server.api(), user_id=USER_ID)

    assert [car.id for car in account.cars] == [f"car-{number}" for number in range(5)]
    assert account.lost_vendors == frozenset()


def test_pages_without_end_are_left(server: FakeEnode) -> None:
    page = {"data": [make_content()], "pagination": {"after": "for ever", "before": None}}
    server.replies[f"GET /users/{USER_ID}/vehicles"] = as_json(page)

    account = enode_account.look_behind(server.api(), user_id=USER_ID)

    assert len(account.cars) == enode_account.MOST_PAGES


def test_a_user_whom_nobody_knows_has_no_cars_yet(server: FakeEnode) -> None:
    server.replies["GET /users"] = as_json({}, 404)

    assert enode_account.look_behind(server.api(), user_id=USER_ID).cars == ()


@pytest.mark.parametrize("content", [{}, {"data": None}, {"data": [{}]}, {"data": ["x"]}, []])
def test_what_is_no_list_of_cars_is_no_answer(server: FakeEnode, content: object) -> None:
    server.replies[f"GET /users/{USER_ID}/vehicles"] = as_json(content)

    with pytest.raises(GatewayError):
        enode_account.look_behind(server.api(), user_id=USER_ID)


def test_a_maker_that_lets_nobody_in_is_named(server: FakeEnode) -> None:
    server.vendors = [{"vendor": "VOLVO", "isValid": False}, {"vendor": "TESLA", "isValid": True}]

    assert enode_account.look_behind(server.api(), user_id=USER_ID).lost_vendors == {"VOLVO"}


def test_interventions_are_steps_in_the_language_of_the_driver(server: FakeEnode) -> None:
    description = "1. Open the **app**.\n\n2) Press <b>Allow</b>\n- Wait"
    resolution = {"title": "Allow remote commands", "description": description, "action": None}
    server.replies["GET /interventions/int-1?"] = as_json({"id": "int-1", "resolution": resolution})
    server.replies["GET /interventions/int-2?"] = as_json({"resolution": {"title": "x", "action": "Link"}})

    found = enode_account.interventions(server.api(), ids=["int-1", "int-2", "gone"], language="nb")

    assert found == (
        Intervention("Allow remote commands", ("Open the app.", "Press <b>Allow</b>", "Wait"), needs_link=False),
        Intervention("x", (), needs_link=True),
    )
    assert "GET /interventions/int-1?language=nb-NO" in server.asked


def test_its_own_smart_charging_is_switched_off_and_the_rest_stays(server: FakeEnode) -> None:
    server.vehicles[0]["smartChargingPolicy"] = {"isEnabled": True, "deadline": "07:00", "minimumChargeLimit": 30}

    enode_account.switch_off_smart_charging(server.api(), car_id=CAR_ID)

    policy = {"isEnabled": False, "deadline": "07:00", "minimumChargeLimit": 30}
    assert server.vehicles[0]["smartChargingPolicy"] == policy


@pytest.mark.parametrize(("status", "is_heard"), [(204, True), (404, True), (400, False), (500, False)])
def test_a_farewell_was_heard_or_not(server: FakeEnode, status: int, is_heard: bool) -> None:
    server.replies["DELETE /users"] = Reply(b"", status)

    if is_heard:
        enode_account.forget_user(server.api(), user_id=USER_ID)
    else:
        with pytest.raises(GatewayError):
            enode_account.forget_user(server.api(), user_id=USER_ID)


def test_a_subscription_is_made_once_and_then_told_anew(server: FakeEnode) -> None:
    for _ in range(2):
        assert enode_account.subscribe(server.api(), url="https://here.example/x", secret="s" * 16) == "hook-1"

    assert [call.split()[0] for call in server.asked if "/webhooks" in call] == ["GET", "POST", "GET", "PATCH"]
    assert server.bodies[-1]["secret"] == "s" * 16


@pytest.mark.parametrize(
    ("changed", "lacks_scope", "is_controllable", "blocked_by"),
    [
        ({}, False, True, ()),
        ({"scopes": ["vehicle:read:data"]}, True, True, ()),
        ({"capabilities": {"stopCharging": NEVER}}, False, False, ()),
        ({"capabilities": {"startCharging": BLOCKED, "stopCharging": BLOCKED}}, False, False, ("int-1",)),
        ({"capabilities": {}, "scopes": None}, True, True, ()),
    ],
    ids=["whole", "no scope", "never", "blocked", "no scopes at all"],
)
def test_what_stands_in_the_way_of_a_car(
    changed: dict[str, Any], lacks_scope: bool, is_controllable: bool, blocked_by: tuple[str, ...]
) -> None:
    car = found_car(make_content(**changed))

    assert (car.lacks_scope, car.is_controllable, car.blocked_by) == (lacks_scope, is_controllable, blocked_by)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({}, "The red one, Volvo EX30, …1234"),
        ({"displayName": None}, "Volvo EX30, …1234"),
        ({"displayName": "Volvo EX30", "vin": None}, "Volvo EX30"),
        ({"displayName": None, "vin": None, "brand": None, "model": None}, "Volvo"),
    ],
)
def test_a_car_is_named_so_that_its_driver_knows_it(about: dict[str, object], words: str) -> None:
    assert found_car(make_content(information=about)).words == words


def test_what_is_kept_of_a_car_is_what_was_found() -> None:
    car: FoundCar = found_car(make_content())

    kept = car_from_json(car_to_json(car), USER_ID)

    assert (kept.id, kept.user_id, kept.vendor, kept.tells) == (CAR_ID, USER_ID, "VOLVO", TELLS)
    assert car_from_json({"tells": ["chargeState", "doors"]}, USER_ID).tells == ("chargeState",)


def test_a_fault_of_the_server_is_told_by_its_kind(server: FakeEnode) -> None:
    server.replies["GET /"] = Reply(b"", 429, {"Retry-After": "60"})

    with pytest.raises(GatewayError) as raised:
        enode_account.look_behind(server.api(), user_id=USER_ID)

    assert raised.value.kind is Trouble.RATE_LIMITED
