"""Charge now to a level or for some time: what is filled in counts, and what cannot be is said beside its field."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import SmartOverride, Vehicle, VehicleView
from tests.views.cars import make_own_car, text_of, url


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"percent": "60"}, "until_percent"), ({"minutes": "30"}, "until_at")],
    ids=["level", "minutes"],
)
def test_what_is_filled_in_counts_although_full_is_still_selected(
    client: Browser, vehicle: Vehicle, typed: dict[str, str], field: str
) -> None:
    client.post(url("car_charge_now", vehicle), {"until": "full"} | typed)

    assert getattr(SmartOverride.objects.get(vehicle=vehicle), field) is not None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Select until when to charge"),
        ({"until": "percent", "percent": "101"}, "Level must be a whole number from 1 to 100"),
        ({"until": "percent", "percent": ""}, "Level must be a whole number from 1 to 100"),
        ({"until": "minutes", "minutes": "4"}, "Minutes must be a whole number from 5 to 1440"),
        ({"until": "minutes", "minutes": "nan"}, "Minutes must be a whole number from 5 to 1440"),
        ({"until": "minutes", "minutes": "9" * 200}, "Minutes must be a whole number from 5 to 1440"),
        ({"until": "percent", "percent": "95"}, "Level must be 80\u00a0% or less: your car stops there"),
        ({"until": "percent", "percent": "30"}, "Level must be more than the 38 % that your car has now"),
        ({"until": "full", "percent": "95"}, "Level must be 80\u00a0% or less: your car stops there"),
        ({"until": "full", "percent": "60", "minutes": "30"}, "Select until when to charge: you filled in a level"),
    ],
    ids=[
        "nothing",
        "101 percent",
        "no level",
        "4 minutes",
        "not a number",
        "far too long",
        "above the limit",
        "below the level",
        "typed beside full",
        "both typed",
    ],
)
@pytest.mark.parametrize("button", [{}, {"only_show": "1"}], ids=["pressed", "only shown"])
def test_charge_now_says_what_to_enter(
    client: Browser, vehicle: Vehicle, typed: dict[str, str], message: str, button: dict[str, str]
) -> None:
    page = text_of(client.post(url("car_charge_now", vehicle), typed | button))

    assert page.count(message) == 2, "in the summary and at the field"
    assert "<title>Error: " in page
    assert not SmartOverride.objects.exists()


def test_until_full_names_the_limit_of_the_car_where_it_stops_before(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get(url("car_charge_now", vehicle)))
    assert "Until 80\u00a0%, the car’s limit" in page
    assert "Until the car is full" not in page

    VehicleView.objects.update(charge_limit_percent=100)

    assert "Until the car is full" in text_of(client.get(url("car_charge_now", vehicle)))


@pytest.mark.django_db
@pytest.mark.usefixtures("story_time")
def test_a_car_that_says_it_is_full_is_not_said_to_charge(client: Browser) -> None:
    full = {"soc_percent": 79.0, "is_fully_charged": True, "power_delivery": "PLUGGED_IN:COMPLETE"}
    vehicle = make_own_car(client, State.FULLY_CHARGED, view=full)
    words = "The battery is at the limit set in your car."
    assert words in text_of(client.get(url("car", vehicle)))

    client.post(url("car_charge_now", vehicle), {"until": "full"})

    page = text_of(client.get(url("car", vehicle)))
    assert "Charge now is on" not in page
    assert words in page[page.index('id="confirmation"') :][:300]
