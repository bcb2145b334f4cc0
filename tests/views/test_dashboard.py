"""The dashboard: who may see it, what it shows, how many queries it takes."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Vehicle
from tests import factories


def sign_in(browser: Browser, vehicle: Vehicle) -> None:
    assert vehicle.driver.account is not None
    browser.force_login(vehicle.driver.account)


@pytest.fixture
def vehicle(db: None, client: Browser, settings: object) -> Vehicle:
    settings.READYBY_NOW = factories.NOW  # type: ignore[attr-defined]
    car = factories.make_parked_car()
    sign_in(client, car)
    return car


def url(name: str, vehicle: Vehicle, *more: str) -> str:
    return reverse(name, args=[vehicle.public_id, *more])


def test_a_driver_with_one_car_comes_to_it(client: Browser, vehicle: Vehicle) -> None:
    answer = client.get("/dashboard/")

    assert answer.headers["Location"] == url("car", vehicle)


def test_a_driver_with_several_cars_chooses(client: Browser, vehicle: Vehicle) -> None:
    factories.make_vehicle(driver=vehicle.driver, display_name="Small car")

    page = client.get("/dashboard/").content.decode()

    assert "Family car" in page
    assert "Small car" in page


def test_a_driver_without_a_car_comes_to_the_wizard(client: Browser, db: None) -> None:
    client.force_login(factories.make_account())

    assert client.get("/dashboard/").headers["Location"] == "/setup/"


def test_a_visitor_is_asked_to_sign_in(client: Browser, db: None) -> None:
    answer = client.get(url("car", factories.make_parked_car()))

    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name",
    ["car", "car_charge_now", "car_pause", "car_ready_by", "car_minimum"],
)
def test_anybody_elses_car_does_not_exist(client: Browser, vehicle: Vehicle, name: str) -> None:
    charlie = factories.make_parked_car()

    assert client.get(url(name, charlie)).status_code == 404


def test_the_page_says_why_and_when(client: Browser, vehicle: Vehicle) -> None:
    page = client.get(url("car", vehicle)).content.decode()

    assert '<h1 id="headline">Waiting for cheaper hours</h1>' in page
    assert "Starts tomorrow\N{NO-BREAK SPACE}01:45." in page
    assert "Family car at Home" in page
    assert 'data-state="PLAN:EXECUTING:STOPPED"' in page
