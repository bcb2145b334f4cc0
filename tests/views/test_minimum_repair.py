"""The minimum between its two limits: the card, its buttons pressed, and the vendor's floor explained."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser

from charging.models import Policy, Vehicle, VehicleView
from charging.operations import guides
from tests.onboarding.walk import URLS, answer_until, begin, page, send
from tests.views.cars import make_own_car, text_of, url

FLOOR = "Mercedes cars cannot be held below 50 %, so the minimum must be 50 % or more."
TITLE = "Your minimum is above the limit in your car"


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def make_too_high(vehicle: Vehicle, limit_percent: float = 80.0, vendor: str = "VOLKSWAGEN") -> None:
    """The driver wants at least 90 %, and then lowers the limit in the car."""
    Policy.objects.filter(vehicle=vehicle).update(minimum_charge_limit=90)
    VehicleView.objects.filter(vehicle=vehicle).update(charge_limit_percent=limit_percent)
    Vehicle.objects.filter(pk=vehicle.pk).update(vendor=vendor, brand=vendor.title())


def shown(browser: Browser, vehicle: Vehicle, name: str = "car") -> str:
    return text_of(browser.get(url(name, vehicle))).replace("\N{NO-BREAK SPACE}", " ")


def card_of(browser: Browser, vehicle: Vehicle) -> str:
    found = re.search(r'<section class="card repair" id="minimum".*?</section>', shown(browser, vehicle), re.DOTALL)
    return found[0] if found else ""


def test_ux_12_the_card_names_the_minimum_that_counts_now(client: Browser, vehicle: Vehicle) -> None:
    make_too_high(vehicle)

    card = card_of(client, vehicle)

    assert TITLE in card
    assert "Your minimum is 90 %, but your car itself stops at 80 %. So your minimum is now 80 %:" in card
    assert "With a minimum below 80 %, or a higher limit in the car, it waits for cheap hours again." in card


@pytest.mark.parametrize(("limit_percent", "expected"), [(80.0, 80), (79.5, 79)], ids=["whole", "not whole"])
def test_one_press_lowers_the_minimum_and_the_card_is_gone(
    client: Browser, vehicle: Vehicle, limit_percent: float, expected: int
) -> None:
    make_too_high(vehicle, limit_percent)
    form = re.search(r'<form method="post" action="([^"]+)">.*?</form>', card_of(client, vehicle), re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(minimum|version)" value="([^"]*)"', form[0]))

    answer = client.post(form[1], fields)

    assert f"Lower the minimum to {expected} %" in form[0]
    assert answer.status_code == 303
    assert Policy.objects.get(vehicle=vehicle).minimum_charge_limit == expected
    page = shown(client, vehicle)
    assert f"Minimum charge is {expected} % now." in page
    assert TITLE not in page


def test_the_card_leads_to_any_other_minimum(client: Browser, vehicle: Vehicle) -> None:
    make_too_high(vehicle)

    assert f'href="{url("car_minimum", vehicle)}">Choose another minimum</a>' in card_of(client, vehicle)


def test_where_the_vendors_floor_is_above_the_limit_only_the_car_can_help(client: Browser, vehicle: Vehicle) -> None:
    make_too_high(vehicle, 40, "MERCEDES")

    card = card_of(client, vehicle)

    assert f"{FLOOR} Raise the charge limit in your car to at least 50 % first." in card
    assert re.findall(r"<button[^>]*>([^<]+)<", card) == ["Not now"]
    assert "waits for cheap hours again" not in card


@pytest.mark.parametrize(
    ("limit_percent", "expected"),
    [
        pytest.param(80, FLOOR, id="above the floor"),
        pytest.param(None, FLOOR, id="limit not known"),
        pytest.param(40, f"{FLOOR} Raise the charge limit in your car to at least 50 % first.", id="below the floor"),
    ],
)
def test_the_page_of_the_minimum_explains_the_floor(
    client: Browser, vehicle: Vehicle, limit_percent: float | None, expected: str
) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(vendor="MERCEDES", brand="Mercedes")
    VehicleView.objects.filter(vehicle=vehicle).update(charge_limit_percent=limit_percent)

    assert f'<p class="inset">{expected}</p>' in shown(client, vehicle, "car_minimum")


def test_brands_without_a_floor_have_none_explained(client: Browser, vehicle: Vehicle) -> None:
    assert "cannot be held below" not in shown(client, vehicle, "car_minimum")


def test_the_wizard_begins_at_the_floor_and_offers_nothing_below_it(client: Browser, db: None) -> None:
    begin(client)
    answer_until(client, "minimum")
    Vehicle.objects.update(vendor="MERCEDES", brand="Mercedes")

    text = page(client, URLS["minimum"]).replace("\N{NO-BREAK SPACE}", " ")

    assert FLOOR in text
    assert re.search(r'name="minimum" value="50"', text)
    assert re.findall(r'name="pick" value="(\d+)"', text) == ["50", "60", "70", "80"]
    assert "20 % is enough" not in text
    response = send(client, URLS["minimum"], minimum="49")
    assert "Minimum charge must be 50 % or more for Mercedes cars" in response.content.decode()
    assert send(client, URLS["minimum"], minimum="50").status_code == 303


def test_the_guide_of_a_brand_with_a_floor_names_it() -> None:
    assert any("50 %" in note for note in guides.car_guides("MERCEDES")[0].notes)
