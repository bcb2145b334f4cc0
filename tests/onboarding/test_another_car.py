"""A second car: added beside the first, asked for what is new, and left half-way without harm."""

from __future__ import annotations

import html
import uuid
from typing import Any

import pytest
from django.test import Client

from charging.models import Driver, Location, Policy, Vehicle
from charging.operations.clocks import wall_now
from config.languages import LANGUAGES
from onboarding import drafts
from onboarding.car_models import car_models
from onboarding.models import OnboardingDraft
from onboarding.operations import Form, save_car
from tests.factories import NOW, make_driver, make_policy, make_vehicle
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, h1, hidden_fields, page, send
from tests.views.cars import sign_in

ADD = "/setup/add-car/"


def where(response: Any) -> str:
    assert response.status_code in {302, 303}, response.content.decode()[:2000]
    return str(response.headers["Location"])


def set_up_first_car(client: Client) -> Vehicle:
    """A guest whose family car is turned on."""
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")
    return Vehicle.objects.get()


def add_small_car(client: Client) -> Vehicle:
    """The first question of a second car is answered."""
    assert where(client.post(ADD)) == URLS["car"]
    send(client, URLS["car"], **ANSWERS["car"] | {"model": "small"})
    return Vehicle.objects.order_by("pk").last() or pytest.fail("no car was made")


def as_it_is(vehicle: Vehicle) -> tuple[Any, ...]:
    vehicle.refresh_from_db()
    policy = Policy.objects.filter(vehicle=vehicle).values_list("version", "is_enabled", "deadline").first()
    return vehicle.display_name, vehicle.vendor, vehicle.model, vehicle.battery_capacity_kwh, vehicle.state, policy


def test_a_second_car_gets_its_own_answers_and_first_plan(client: Client) -> None:
    first = set_up_first_car(client)
    before = as_it_is(first)

    second = add_small_car(client)
    for step in ("minimum", "other_control", "ready_by"):
        send(client, URLS[step], **ANSWERS[step] | ({"ready_by": "06:15"} if step == "ready_by" else {}))
    send(client, URLS["places"], another="no")
    send(client, URLS["check"], turn_on="1")

    assert as_it_is(first) == before
    assert f"{Policy.objects.get(vehicle=second).deadline:%H:%M}" == "06:15"
    assert h1(page(client, "/setup/first-plan/")) == "Your first plan"
    assert f'href="/car/{second.public_id}/"' in page(client, "/setup/first-plan/")
    assert Location.objects.count() == 1


def test_places_that_are_there_are_offered_as_they_are(client: Client) -> None:
    set_up_first_car(client)
    add_small_car(client)

    missing = {where(client.get(URLS["check"])).split("?")[0]}
    for step in ("minimum", "other_control", "ready_by"):
        send(client, URLS[step], **ANSWERS[step])

    assert missing == {URLS["minimum"]}
    assert "<h2>Home</h2>" in page(client, URLS["places"])
    assert h1(page(client, URLS["check"])) == "Check and turn on"


def test_a_second_car_of_the_same_model_has_another_name(client: Client) -> None:
    set_up_first_car(client)
    client.post(ADD)

    send(client, URLS["car"], **ANSWERS["car"])

    assert sorted(Vehicle.objects.values_list("display_name", flat=True)) == ["Family car", "Family car 2"]


@pytest.mark.parametrize("is_car_named", [False, True], ids=["before the car", "after the car"])
def test_leaving_half_way_loses_nothing_of_the_first_car(client: Client, is_car_named: bool) -> None:
    first = set_up_first_car(client)
    before = as_it_is(first)

    if is_car_named:
        add_small_car(client)
    else:
        client.post(ADD)

    assert where(client.get("/")) == "/dashboard/"
    assert client.get(f"/car/{first.public_id}/").status_code == 200
    assert as_it_is(first) == before
    assert OnboardingDraft.objects.get(vehicle=first).value_of("ready_by") == {"time": "07:00"}


def test_a_car_that_was_left_half_way_is_finished_from_its_own_page(client: Client) -> None:
    first = set_up_first_car(client)
    second = add_small_car(client)
    drafts.turn_to(draft=OnboardingDraft.objects.get(vehicle=first), now=wall_now())

    link = f"/setup/?car={second.public_id}"

    assert f'href="{link}">Finish setting up' in page(client, f"/car/{second.public_id}/")
    assert where(client.get(link)) == URLS["minimum"]


def test_questions_say_which_car_they_are_about_where_there_are_several(client: Client) -> None:
    set_up_first_car(client)
    alone = page(client, URLS["minimum"])
    client.post(ADD)

    new = page(client, URLS["car"])
    send(client, URLS["car"], **ANSWERS["car"] | {"model": "small"})

    assert '<p class="soft">Family car</p>' not in alone
    assert '<p class="soft">A new car</p>' in new
    assert '<a class="back" href="/dashboard/">' in new
    assert '<p class="soft">Small car</p>' in page(client, URLS["minimum"])


def test_a_form_of_one_car_never_answers_for_another(client: Client) -> None:
    first = set_up_first_car(client)
    open_tab = hidden_fields(page(client, URLS["ready_by"]))
    add_small_car(client)

    client.post(URLS["ready_by"], open_tab | {"ready_by": "05:30"})

    assert OnboardingDraft.objects.get(vehicle=first).value_of("ready_by") == {"time": "05:30"}
    assert OnboardingDraft.objects.exclude(vehicle=first).get().value_of("ready_by") == {}


def test_a_form_whose_car_is_gone_changes_no_other_car(client: Client) -> None:
    first = set_up_first_car(client)
    second = add_small_car(client)
    open_tab = hidden_fields(page(client, URLS["car"]))
    second.delete()
    before = as_it_is(first)

    answer = client.post(URLS["car"], open_tab | ANSWERS["car"] | {"model": "old"})

    assert where(answer) == "/"
    assert as_it_is(first) == before


@pytest.mark.parametrize("named", ["x", str(uuid.uuid4()), "theirs"], ids=["no id", "nobody's", "somebody else's"])
def test_a_car_of_somebody_else_cannot_be_named(client: Client, named: str) -> None:
    set_up_first_car(client)
    theirs = make_vehicle(driver=make_driver())
    value = str(theirs.public_id) if named == "theirs" else named

    assert client.get(f"/setup/?car={value}").status_code == 404
    assert client.get(f"/setup/other-control/?return=settings&car={value}").status_code == 404
    assert not OnboardingDraft.objects.filter(vehicle=theirs).exists()


def test_places_stay_open_while_another_car_is_begun(client: Client) -> None:
    set_up_first_car(client)
    client.post(ADD)
    home = Location.objects.get()
    url = f"/setup/places/{home.public_id}/?return=places"

    answer = send(client, url, **ANSWERS["places"] | {"name": "House"}, save="1")

    assert f'href="/setup/places/{home.public_id}/?return=places"' in page(client, "/places/")
    assert where(answer) == "/places/"
    home.refresh_from_db()
    assert home.name == "House"


def test_the_list_of_places_by_itself_needs_no_answers(client: Client) -> None:
    set_up_first_car(client)
    client.post(ADD)

    assert h1(page(client, "/setup/places/?return=places")) == "Where you charge"


def test_a_question_by_itself_needs_its_car(client: Client) -> None:
    begin(client)

    assert where(client.get("/setup/other-control/?return=settings")) == f"{URLS['car']}?before=other_control"
    assert where(client.get("/setup/check/?return=settings")) == f"{URLS['car']}?before=check"


def test_nobody_adds_a_car_without_signing_in(client: Client) -> None:
    assert where(client.post(ADD)).startswith("/accounts/login/")
    assert client.get(ADD).status_code == 405


def test_a_household_has_an_end_of_cars(client: Client) -> None:
    set_up_first_car(client)
    driver = Driver.objects.get()
    for _ in range(drafts.MOST_CARS - 1):
        make_vehicle(driver=driver)

    assert where(client.post(ADD)) == "/settings/"
    assert "You have 10 cars, and no more can be added." in page(client, "/settings/")
    assert OnboardingDraft.objects.count() == 1


def test_no_car_is_added_beyond_what_the_app_may_connect(client: Client) -> None:
    driver = make_driver()
    driver.client.connection_limit = 1
    driver.client.save()
    make_policy(vehicle=make_vehicle(driver=driver))
    sign_in(client, driver.vehicles.get())

    assert where(client.post(ADD)) == "/settings/"
    assert "No more cars can be added from this app at the moment." in page(client, "/settings/")


def test_a_car_that_an_app_has_added_stays_what_it_is(client: Client) -> None:
    driver = make_driver()
    car = make_vehicle(driver=driver, gateway="push", display_name="Anna's car")
    sign_in(client, car)
    before = as_it_is(car)

    text = html.unescape(page(client, f"{URLS['car']}?car={car.public_id}"))
    answer = client.post(URLS["car"], hidden_fields(text) | ANSWERS["car"] | {"model": "old"})

    assert "Anna's car is connected already." in text
    assert where(answer) == URLS["minimum"]
    assert as_it_is(car) == before


def test_nothing_sent_makes_a_car_added_elsewhere_another_one(db: None) -> None:
    car = make_vehicle(driver=make_driver())
    draft = drafts.open_draft_of(vehicle=car, now=NOW)
    before = as_it_is(car)

    details = car_models()["old"].details(soc_percent=10, charge_limit_percent=50)
    save_car(draft=draft, value={"model": "old"}, details=details, form=Form(99, "token"), now=NOW)

    assert as_it_is(car) == before


def test_turning_to_a_draft_works_though_the_clock_was_set_back(db: None) -> None:
    driver = make_driver()
    first, second = make_vehicle(driver=driver), make_vehicle(driver=driver)
    drafts.open_draft_of(vehicle=first, now=NOW)
    drafts.open_draft_of(vehicle=second, now=NOW.replace(year=2026))

    drafts.open_draft_of(vehicle=first, now=NOW)

    assert drafts.open_draft(driver=driver, now=NOW).vehicle == first


@pytest.mark.parametrize("language", [code for code, _name in LANGUAGES])
def test_a_place_is_added_from_the_list_in_every_language(client: Client, language: str) -> None:
    set_up_first_car(client)
    client.post(ADD)
    client.cookies["django_language"] = language

    answer = client.get("/setup/places/?return=places")

    assert answer.status_code == 200
    assert 'href="/places/"' in answer.content.decode()
