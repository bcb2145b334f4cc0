"""The list of cars: found in one box, filtered, with state and last sight."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.admin.badges import tone_of
from charging.admin.moments import utc_and_local
from charging.core.states import State
from charging.models import Vehicle, VehicleView
from tests import factories
from tests.admin.conftest import fill_history
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LIST = "admin:charging_vehicle_changelist"


def found_by(browser: Browser, query: str, address: str = LIST) -> int:
    page = browser.get(reverse(address), {"q": query})
    assert page.status_code == 200
    return int(page.context["cl"].result_count)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("alice@example.org", id="e-mail"),
        pytest.param("user-77", id="user id"),
        pytest.param("Blue whale", id="name of the car"),
        pytest.param("4242", id="last four of the VIN"),
        pytest.param("Cabin", id="name of a place"),
        pytest.param("asset-9", id="vendor's id"),
    ],
)
def test_one_box_finds_the_one_car(query: str, browser_of_operator: Browser) -> None:
    account = factories.make_account(email="alice@example.org")
    driver = factories.make_driver(account=account, external_id="user-77")
    factories.make_location(driver=driver, name="Cabin")
    factories.make_location(driver=driver, name="Cabin by the sea")
    factories.make_vehicle(driver=driver, display_name="Blue whale", vin="WVWZZZE1ZMP004242", vendor_asset_id="asset-9")
    factories.make_parked_car()

    assert found_by(browser_of_operator, query) == 1


def test_a_car_is_found_by_its_public_id(browser_of_operator: Browser, car: Vehicle) -> None:
    factories.make_parked_car()

    assert found_by(browser_of_operator, str(car.public_id)) == 1


@pytest.mark.parametrize("query", ["nobody@example.org", "9999", "%", "' OR 1=1 --"])
def test_a_search_that_fits_nothing_finds_nothing(query: str, browser_of_operator: Browser, car: Vehicle) -> None:
    page = browser_of_operator.get(reverse(LIST), {"q": query})

    assert page.status_code == 200
    assert "Family car" not in page.text


def test_a_search_with_a_null_byte_is_told_so(browser_of_operator: Browser, car: Vehicle) -> None:
    page = browser_of_operator.get(reverse(LIST), {"q": "a\x00b"})

    assert page.status_code == 200
    assert "Null characters are not allowed." in page.text


@pytest.mark.parametrize("screen", ["driver", "plan", "command", "reading", "stateevent", "activity", "due", "policy"])
def test_rows_of_a_car_are_found_by_the_e_mail_of_its_driver(
    screen: str, browser_of_operator: Browser, car: Vehicle
) -> None:
    fill_history(factories.make_parked_car())
    assert car.driver.account is not None

    assert found_by(browser_of_operator, car.driver.account.email, f"admin:charging_{screen}_changelist") == 1


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("state__exact", State.STOPPED.value, 1),
        ("state__exact", State.FINISHED.value, 0),
        ("vendor__exact", "VOLKSWAGEN", 1),
        ("vendor__exact", "TESLA", 0),
    ],
)
def test_lists_are_filtered(name: str, value: str, count: int, browser_of_operator: Browser, car: Vehicle) -> None:
    page = browser_of_operator.get(reverse(LIST), {name: value})

    assert page.context["cl"].result_count == count


def test_two_places_in_one_price_area_list_a_car_once(browser_of_operator: Browser, car: Vehicle) -> None:
    area = factories.make_price_area()
    factories.make_location(driver=car.driver, name="Work")

    page = browser_of_operator.get(reverse(LIST), {"driver__locations__price_area__id__exact": area.pk})

    assert page.context["cl"].result_count == 1


def test_the_list_shows_state_and_last_sight_in_utc_and_in_the_time_of_the_place(
    browser_of_operator: Browser, car: Vehicle
) -> None:
    page = browser_of_operator.get(reverse(LIST)).text

    assert '<span class="state-badge state-running">PLAN:EXECUTING:STOPPED</span>' in page
    assert "2025-12-09 21:00:00 UTC (Tue 22:00 Europe/Oslo)" in page


def test_a_car_that_never_answered_has_its_line_and_its_page(browser_of_operator: Browser) -> None:
    vehicle = factories.make_vehicle(driver=factories.make_driver(account=None))
    VehicleView.objects.all().delete()

    assert browser_of_operator.get(reverse(LIST)).status_code == 200
    page = browser_of_operator.get(reverse("admin:charging_vehicle_change", args=[vehicle.pk]))

    assert page.status_code == 200
    assert "What the car says" not in page.text


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (State.START_FAILED, "problem"),
        (State.STARTED, "running"),
        (State.FINISHED, "ended"),
        (State.CONSIDERING, "quiet"),
    ],
)
def test_a_badge_says_how_much_a_state_matters(state: State, tone: str) -> None:
    assert tone_of(state.value) == tone


def test_an_instant_that_is_not_known_is_a_dash() -> None:
    assert utc_and_local(None, "Europe/Oslo") == "-"
    assert utc_and_local(NOW) == "2025-12-09 21:04:00 UTC"
