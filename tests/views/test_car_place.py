"""A car that does not say where it is: its driver does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Location, Vehicle, VehicleView
from tests import factories
from tests.views.cars import make_own_car, text_of, url

NOWHERE: dict[str, Any] = {"position_observed_at": None, "latitude": None, "longitude": None, "location": None}


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    """Plugged in somewhere."""
    return make_own_car(client, State.CONSIDERING, rule="not_at_a_place", view=NOWHERE)


def labels_on(page: str) -> list[str]:
    card = page[page.index('id="live-controls"') : page.index('id="live-plan"')]
    return re.findall(r'class="button[^"]*"[^>]*>([^<]+)<', card)


def test_the_card_asks_for_the_place_with_one_button_each(client: Browser, vehicle: Vehicle) -> None:
    factories.make_location(driver=vehicle.driver, name="Cabin")

    page = text_of(client.get(url("car", vehicle)))

    assert "We cannot see where your car is" in page
    assert "You can also tell us where it is." in page
    assert labels_on(page)[:2] == ["It is at Home (this session)", "It is at Cabin (this session)"]


def test_pressing_it_says_so(client: Browser, vehicle: Vehicle) -> None:
    home = Location.objects.get()

    answer = client.post(url("car_place", vehicle), {"place": str(home.public_id)})

    assert answer.headers["Location"] == f"{url('car', vehicle)}#confirmation"
    page = text_of(client.get(url("car", vehicle)))
    assert "It is at Home until you unplug." in page
    assert "Family car at Home" in page
    assert "You said: it is at Home" in page
    assert "We cannot see where your car is" not in page


def test_many_places_stand_on_a_page_of_their_own(client: Browser, vehicle: Vehicle) -> None:
    for number in range(3):
        factories.make_location(driver=vehicle.driver, name=f"Place {number}")

    card, page = (text_of(client.get(url(name, vehicle))) for name in ("car", "car_place"))

    assert labels_on(card)[0] == "Say where it is"
    assert f'href="{url("car_place", vehicle)}">Say where it is' in card
    assert page.count("(this session)") == 4


def test_without_a_place_nothing_can_be_said(client: Browser, vehicle: Vehicle) -> None:
    Location.objects.all().delete()

    assert "(this session)" not in text_of(client.get(url("car", vehicle)))


@pytest.mark.parametrize("named", ["", "x", "theirs"])
def test_a_place_that_is_not_the_drivers_is_asked_for_again(client: Browser, vehicle: Vehicle, named: str) -> None:
    theirs = factories.make_location(driver=factories.make_driver())
    value = str(theirs.public_id) if named == "theirs" else named

    answer = client.post(url("car_place", vehicle), {"place": value})

    assert "<h1>Where is your car?</h1>" in text_of(answer)
    assert VehicleView.objects.get(vehicle=vehicle).place_told_at is None


def test_a_car_that_says_where_it_is_is_believed(client: Browser, db: None, story_time: None) -> None:
    vehicle = make_own_car(client)

    client.post(url("car_place", vehicle), {"place": str(Location.objects.get().public_id)})

    assert "Your car says itself where it is." in text_of(client.get(url("car", vehicle)))
