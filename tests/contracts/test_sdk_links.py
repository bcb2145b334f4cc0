"""Links through Enode's own SDK: in, through the wizard, and back to the app."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.models import Client, Driver, LinkSession, Vehicle
from onboarding.models import OnboardingDraft
from tests.contracts.connection import open_sdk
from tests.factories import NOW, make_client, make_driver, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)
ASKED: dict[str, Any] = {
    "user_id": "anna",
    "scopes": ["vehicle:read:data", "vehicle:control:charging"],
    "language": "de-DE",
    "redirect_uri": "myapp://done?x=1",
}


def make_link(live_server: LiveServer, client: Client, **asked: Any) -> str:
    link = open_sdk(live_server, client).user_management.post_users_userid_link(**ASKED | asked)
    assert link.link_url.endswith(f"/link/{link.link_token}/")
    return str(urlsplit(link.link_url).path)


def way_out_of(browser: Browser) -> str:
    page = browser.get("/setup/how/").content.decode()
    return page.split('href="/link/leave/')[1].split('"')[0]


def test_a_link_opens_the_wizard_for_its_user(live_server: LiveServer, client: Client) -> None:
    path, browser = make_link(live_server, client, color_scheme="dark"), Browser()

    page = browser.get(path)
    entered = browser.post(path)

    assert (page.status_code, client.name in page.content.decode()) == (200, True)
    assert (entered.status_code, entered["Location"]) == (303, "/setup/how/")
    anna = Driver.objects.get(external_id="anna", client=client)
    assert browser.session["_auth_user_id"] == str(anna.account_id)
    assert 'data-theme="dark"' in browser.get("/setup/car/").content.decode()


def test_a_link_is_used_once_and_lives_a_day(
    live_server: LiveServer, client: Client, tonight: time_machine.Traveller
) -> None:
    used, unused = make_link(live_server, client), make_link(live_server, client)
    Browser().post(used)

    assert Browser().get(used).status_code == Browser().post(used).status_code == 410
    assert Browser().get(unused).status_code == 200
    tonight.move_to(NOW + timedelta(hours=24, minutes=1))
    assert Browser().post(unused).status_code == 410
    assert Browser().get("/link/nothing/").status_code == 410
    assert unused.split("/")[2] not in str(LinkSession.objects.values())


def test_leaving_early_tells_the_app_and_ends_the_login(live_server: LiveServer, client: Client) -> None:
    browser = Browser()
    browser.post(make_link(live_server, client))

    left = browser.get(f"/link/leave/{way_out_of(browser)}")

    target = urlsplit(left["Location"])
    assert (left.status_code, target.scheme, target.netloc) == (303, "myapp", "done")
    told = parse_qs(target.query)
    assert (told["x"], told["error"]) == (["1"], ["cancelled"])
    assert told["error_message"][0]
    assert "_auth_user_id" not in browser.session


def test_whoever_has_finished_comes_back_without_an_error(live_server: LiveServer, client: Client) -> None:
    anna = make_driver(client=client, external_id="anna", account=None, unauthorized_at=NOW)
    car = make_vehicle(driver=anna, is_capable=False)
    browser = Browser()
    browser.post(make_link(live_server, client))
    later = NOW + timedelta(hours=1)
    OnboardingDraft.objects.create(driver=anna, vehicle=car, created_at=later, updated_at=later, finished_at=later)

    left = browser.get(f"/link/leave/{way_out_of(browser)}")

    assert left["Location"] == "myapp://done?x=1"
    car.refresh_from_db()
    assert car.is_capable is True


def test_nobody_else_can_make_a_user_leave(live_server: LiveServer, client: Client) -> None:
    browser, stranger = Browser(), Browser()
    browser.post(make_link(live_server, client))
    key = way_out_of(browser)

    assert stranger.get(f"/link/leave/{key}").status_code == 404
    assert browser.get("/link/leave/x/").status_code == 404
    assert "/link/leave/" not in stranger.get("/setup/start/").content.decode()


@pytest.mark.parametrize("values", [{"is_staff": True}, {"email": "a@example.com"}])
def test_a_user_with_a_login_of_their_own_signs_in_first(
    live_server: LiveServer, client: Client, values: dict[str, Any]
) -> None:
    driver = make_driver(client=client, external_id="anna")
    User.objects.filter(driver=driver).update(**values)

    entered = Browser().post(make_link(live_server, client))

    assert entered.status_code == 303
    assert entered["Location"].startswith("/accounts/login/?next=/link/")


def test_a_car_is_linked_again(live_server: LiveServer, client: Client) -> None:
    car = make_vehicle(driver=make_driver(client=client, account=None))
    management = open_sdk(live_server, client).user_management

    link = management.relink_asset(asset_id=str(car.public_id), language="browser", redirect_uri="https://a.example/")
    Browser().post(urlsplit(link.link_url).path)

    assert LinkSession.objects.get().driver == car.driver
    with pytest.raises(errors.ProblemError) as caught:
        management.relink_asset(asset_id=str(car.public_id), language="browser", redirect_uri="javascript:alert(1)")
    assert caught.value.status_code == 400
    with pytest.raises(errors.EnodeError) as missing:
        management.relink_asset(asset_id="x", language="browser", redirect_uri="https://a.example/")
    assert missing.value.status_code == 404


def test_a_client_at_its_limit_gets_no_link_and_makes_no_user(live_server: LiveServer, client: Client) -> None:
    given_up = make_driver(client=client, external_id="bob", account=None, unauthorized_at=NOW)
    make_vehicle(driver=given_up)
    make_vehicle(driver=make_driver(client=make_client(), external_id="stranger", account=None))
    car = make_vehicle(driver=make_driver(client=client, external_id="charlie", account=None))
    Client.objects.filter(pk=client.pk).update(connection_limit=1)
    management = open_sdk(live_server, client).user_management

    with pytest.raises(errors.ConnectionsLimitReachedProblemError) as caught:
        management.post_users_userid_link(**ASKED)
    relinked = management.relink_asset(
        asset_id=str(car.public_id), language="browser", redirect_uri="https://a.example/"
    )
    at_limit = Driver.objects.filter(client=client, external_id="anna").exists()
    Client.objects.filter(pk=client.pk).update(connection_limit=2)

    assert caught.value.status_code == 403
    assert json.loads(caught.value.body) == {
        "type": "urn:readyby:problem:connections-limit-reached",
        "title": "Connections limit reached",
        "detail": "As many cars are connected as the operator of this server allows you.",
    }
    assert relinked.link_token
    assert at_limit is False
    assert make_link(live_server, client)


def test_what_is_wrong_with_the_body_comes_before_the_limit(live_server: LiveServer, client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(connection_limit=0)

    with pytest.raises(errors.EnodeError) as caught:
        open_sdk(live_server, client).user_management.post_users_userid_link(**ASKED | {"redirect_uri": "x"})

    assert caught.value.status_code == 400


def chosen_car(live_server: LiveServer, client: Client, vendor: str, **typed: str) -> tuple[str, Vehicle]:
    """The page that asks for the car after a link for a make, and the car that is stored with what it offers."""
    browser = Browser()
    browser.post(make_link(live_server, client, vendor=vendor))
    page = browser.get("/setup/car/").content.decode()
    offered = page.split('name="model" value="')[1:]
    chosen = next((one.split('"')[0] for one in offered if " checked" in one.split(">")[0]), "")
    form = {"car": "simulated", "model": chosen, "soc": "38", "limit": "80", "behaviour": "", "version": "1"}
    assert browser.post("/setup/car/", form | typed)["Location"] == "/setup/minimum/"
    return page, Vehicle.objects.get(driver__external_id="anna")


@pytest.mark.parametrize(
    ("vendor", "brand", "offered"),
    [("TESLA", "Tesla", 3), ("NISSAN", "Nissan", 2), ("VOLKSWAGEN", "Volkswagen", 1)],
)
def test_a_user_is_not_asked_for_a_make_that_the_app_has_named(
    live_server: LiveServer, client: Client, vendor: str, brand: str, offered: int
) -> None:
    page, car = chosen_car(live_server, client, vendor)

    assert f"<b>{brand}</b>" in page
    assert page.count('name="model"') == offered
    assert (car.vendor, car.brand) == (vendor, brand)
    draft = OnboardingDraft.objects.get()
    assert draft.value_of("car")["vendor"] == vendor


@pytest.mark.parametrize("vendor", ["MERCEDES", "EASEE"])
def test_a_make_that_no_simulated_car_is_of_leaves_the_choice_to_the_user(
    live_server: LiveServer, client: Client, vendor: str
) -> None:
    page, car = chosen_car(live_server, client, vendor, model="small")

    assert page.count('name="model"') == 3
    assert "has chosen the make" not in page
    assert car.vendor == "NISSAN"


def test_the_make_stays_when_the_car_is_changed_later(live_server: LiveServer, client: Client) -> None:
    browser = Browser()
    browser.post(make_link(live_server, client, vendor="TESLA"))
    form = {"car": "simulated", "model": "family", "soc": "38", "limit": "80", "behaviour": "", "version": "1"}
    browser.post("/setup/car/", form)
    again = Browser()
    again.force_login(User.objects.get(driver__external_id="anna"))

    again.post("/setup/car/", form | {"model": "small", "version": str(OnboardingDraft.objects.get().version)})

    car = Vehicle.objects.get()
    assert (car.vendor, car.battery_capacity_kwh) == ("TESLA", 40.0)
