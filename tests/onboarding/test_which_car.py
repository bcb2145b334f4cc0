"""A hosted link for somebody who has a car: which one it is for, and never another car in the place of the first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from charging.models import Driver, LinkSession, Vehicle
from charging.operations import link_sessions
from charging.operations.clocks import wall_now
from onboarding import drafts
from onboarding.models import OnboardingDraft
from tests.factories import NOW, make_client, make_driver, make_location, make_policy, make_vehicle
from tests.onboarding.walk import ANSWERS, URLS, answer_until, h1, page, send
from tests.views.cars import sign_in

WHICH = "/setup/which-car/"
APP = "myapp://done"


def where(response: Any) -> str:
    assert response.status_code in {302, 303}, response.content.decode()[:2000]
    return str(response.headers["Location"])


@pytest.fixture
def anna() -> Driver:
    """Somebody whom an app knows, with a login that is her link's alone."""
    return make_driver(client=make_client(name="The app"), account=None)


def enter(client: Client, driver: Driver, vendor: str = "") -> str:
    """Opens a new link and presses its button. Returns where that leads."""
    link = link_sessions.create_link(
        driver=driver, redirect_uri=APP, language="en", color_scheme="", vendor=vendor, at_wall=wall_now()
    )
    return where(client.post(f"/link/{link.token}/"))


def finish(client: Client) -> None:
    """Goes through all questions by the first link."""
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")


def leave(client: Client) -> str:
    key = page(client, "/setup/how/").split('href="/link/leave/')[1].split('"')[0]
    return where(client.get(f"/link/leave/{key}"))


def test_the_first_link_asks_for_no_car_that_is_not_there(client: Client, anna: Driver) -> None:
    assert enter(client, anna) == "/setup/how/"


def test_a_second_link_with_another_make_leaves_the_first_car_alone(client: Client, anna: Driver) -> None:
    enter(client, anna, "VOLKSWAGEN")
    finish(client)
    first = Vehicle.objects.get()
    before = (first.vendor, first.model, first.battery_capacity_kwh)

    target = enter(client, anna, "TESLA")
    assert where(client.get(target)) == "/setup/how/"
    send(client, URLS["car"], **ANSWERS["car"])

    first.refresh_from_db()
    second = Vehicle.objects.exclude(pk=first.pk).get()
    assert (first.vendor, first.model, first.battery_capacity_kwh) == before
    assert second.vendor == "TESLA"


def test_a_link_lets_its_user_choose_the_car_or_another(client: Client, anna: Driver) -> None:
    enter(client, anna)
    finish(client)

    assert enter(client, anna) == WHICH
    text = page(client, WHICH)

    assert h1(text) == "Which car do you want to connect?"
    assert f'value="{Vehicle.objects.get().public_id}"' in text
    assert 'value="another"' in text


def test_the_chosen_car_is_checked_and_changed_by_nothing_else(client: Client, anna: Driver) -> None:
    enter(client, anna, "VOLKSWAGEN")
    finish(client)
    car = Vehicle.objects.get()
    enter(client, anna, "VOLKSWAGEN")

    answer = client.post(WHICH, {"car": str(car.public_id)})

    assert where(answer) == URLS["check"]
    assert Vehicle.objects.get() == car


def test_a_car_that_was_left_half_way_goes_on_where_it_stood(client: Client, anna: Driver) -> None:
    enter(client, anna)
    answer_until(client, "other_control")
    enter(client, anna)

    assert where(client.post(WHICH, {"car": str(Vehicle.objects.get().public_id)})) == URLS["other_control"]


def test_a_make_that_was_asked_for_offers_only_cars_of_it(client: Client, anna: Driver) -> None:
    volkswagen, tesla = (make_vehicle(driver=anna, vendor=vendor) for vendor in ("VOLKSWAGEN", "TESLA"))
    enter(client, anna, "TESLA")

    text = page(client, WHICH)

    assert str(tesla.public_id) in text
    assert str(volkswagen.public_id) not in text


def test_the_make_of_a_link_does_not_reach_a_car_that_is_there(client: Client, anna: Driver) -> None:
    enter(client, anna)
    finish(client)
    car = Vehicle.objects.get()
    enter(client, anna, "TESLA")

    send(client, f"{URLS['car']}?car={car.public_id}", **ANSWERS["car"])

    car.refresh_from_db()
    assert car.vendor == "VOLKSWAGEN"
    assert "has chosen the make" not in page(client, f"{URLS['car']}?car={car.public_id}")


@pytest.mark.parametrize("chosen", ["", "x", "theirs"])
def test_a_car_that_is_not_offered_is_asked_for_again(client: Client, anna: Driver, chosen: str) -> None:
    make_vehicle(driver=anna)
    theirs = make_vehicle(driver=make_driver())
    enter(client, anna)

    answer = client.post(WHICH, {"car": str(theirs.public_id) if chosen == "theirs" else chosen})

    assert answer.status_code == 422
    assert "Select a car, or another car" in answer.content.decode()
    assert not OnboardingDraft.objects.exists()


def test_another_car_begins_with_how_it_works(client: Client, anna: Driver) -> None:
    make_vehicle(driver=anna)
    enter(client, anna)

    assert where(client.post(WHICH, {"car": "another"})) == "/setup/how/"
    assert OnboardingDraft.objects.get().vehicle is None


@pytest.mark.parametrize("vendor", ["VOLKSWAGEN", "TESLA"], ids=["chosen", "none of the make"])
def test_a_household_has_an_end_of_cars_by_link_too(client: Client, anna: Driver, vendor: str) -> None:
    for _ in range(drafts.MOST_CARS):
        make_vehicle(driver=anna)
    enter(client, anna, vendor)

    answer = client.post(WHICH, {"car": "another"})

    assert answer.status_code == 422
    assert "You have 10 cars, and no more can be added" in answer.content.decode()


def test_the_question_needs_a_login(client: Client) -> None:
    assert where(client.get(WHICH)).startswith("/accounts/login/?next=")


def test_to_choose_a_car_is_not_to_go_through_with_it(client: Client, anna: Driver) -> None:
    enter(client, anna)
    finish(client)
    OnboardingDraft.objects.update(finished_at=NOW)
    enter(client, anna)

    client.post(WHICH, {"car": str(Vehicle.objects.get().public_id)})

    assert leave(client).startswith(f"{APP}?error=cancelled")


def test_to_turn_a_known_car_on_again_is(client: Client, anna: Driver) -> None:
    enter(client, anna)
    finish(client)
    OnboardingDraft.objects.update(finished_at=NOW)
    enter(client, anna)
    client.post(WHICH, {"car": str(Vehicle.objects.get().public_id)})

    send(client, URLS["check"], turn_on="1")

    assert leave(client) == APP


def test_at_the_end_the_button_leads_back_to_the_app(client: Client, anna: Driver) -> None:
    enter(client, anna)
    finish(client)

    for address in ("/setup/ready/", "/setup/first-plan/"):
        text = page(client, address)
        buttons = text.split('<div class="actions">')[-1]
        assert "Go to dashboard" not in text
        assert "Back to the app</a>" in buttons
        assert 'href="/link/leave/' in buttons


def test_whoever_came_by_themselves_goes_to_the_dashboard_of_the_car(client: Client) -> None:
    driver = make_driver()
    make_location(driver=driver)
    car = make_vehicle(driver=driver)
    make_policy(vehicle=car)
    sign_in(client, car)

    text = page(client, "/setup/first-plan/")

    assert f'href="/car/{car.public_id}/">Go to dashboard' in text
    assert not LinkSession.objects.exists()
