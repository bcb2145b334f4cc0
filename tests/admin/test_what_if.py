"""What if: a page that supposes, compares and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.core.states import State
from charging.models import Policy, Vehicle, VehicleView
from tests import factories
from tests.api.callers import every_table, everything_stored
from tests.factories import at
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db

BANNER = "Nothing was changed and nothing was sent."


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def parked() -> Vehicle:
    area = factories.make_price_area()
    for day in (9, 10):
        prices = [0.02 if 4 <= quarter < 20 else 0.20 for quarter in range(96)]
        factories.make_prices(area=area, day_start=at(0, day=day), prices=prices)
    return factories.make_parked_car(state=State.CONSIDERING)


def page_address(car: Vehicle) -> str:
    return reverse("admin:charging_vehicle_what_if", args=[car.pk])


def as_it_is(car: Vehicle) -> dict[str, str]:
    return {
        "soc_percent": "38",
        "is_plugged_in": "on",
        "location": str(car.driver.locations.get().pk),
        "is_enabled": "on",
        "deadline": "07:00",
        "minimum_percent": "20",
        "price_factor": "1",
        "at": "2025-12-09T22:04",
    }


def lines_of(browser: Browser, car: Vehicle, **changes: str) -> dict[str, tuple[str, str]]:
    page = browser.get(page_address(car), as_it_is(car) | changes)
    assert page.status_code == 200
    assert page.context["form"].errors == {}
    assert BANNER in page.text
    return {line.name: (line.before, line.after) for line in page.context["differences"]}


def test_the_form_is_filled_in_with_how_things_are(browser_of_operator: Browser, parked: Vehicle) -> None:
    page = browser_of_operator.get(page_address(parked)).text

    assert BANNER not in page
    for part in ('name="soc_percent" value="38.0"', 'value="07:00', 'value="2025-12-09T22:04"', "selected>Home<"):
        assert part in page


def test_what_is_left_as_it_is_differs_in_nothing(browser_of_operator: Browser, parked: Vehicle) -> None:
    lines = lines_of(browser_of_operator, parked)

    assert [name for name, (before, after) in lines.items() if before != after] == []
    assert lines["state"][0] == State.STOPPED


@pytest.mark.parametrize(
    ("changes", "name", "after"),
    [
        ({"soc_percent": "80"}, "state", "FULLY_CHARGED"),
        ({"soc_percent": "10"}, "rule", "below_minimum"),
        ({"is_plugged_in": ""}, "rule", "not_plugged_in"),
        ({"location": ""}, "rule", "not_at_a_place"),
        ({"deadline": "05:00"}, "ready by", "2025-12-10 04:00:00 UTC (Wed 05:00 Europe/Oslo)"),
        ({"minimum_percent": "60"}, "wanted action", "START protect"),
        ({"is_enabled": ""}, "state", "DISABLED"),
        ({"price_factor": "0"}, "rule", "nothing_to_save"),
        ({"at": "2025-12-10T06:30"}, "rule", "too_little_time"),
        ({"price_factor": "2"}, "a plan is carried out", "yes"),
    ],
)
def test_each_supposition_shows_in_the_comparison(
    changes: dict[str, str], name: str, after: str, browser_of_operator: Browser, parked: Vehicle
) -> None:
    lines = lines_of(browser_of_operator, parked, **changes)

    assert lines[name][1] == after
    assert any(was != would_be for was, would_be in lines.values())


def test_both_plans_are_drawn_and_the_driver_s_words_compared(browser_of_operator: Browser, parked: Vehicle) -> None:
    page = browser_of_operator.get(page_address(parked), as_it_is(parked) | {"minimum_percent": "60"})

    assert page.text.count('<figure class="plan">') == 2
    assert "The supposed plan, which the rules do not carry out" in page.text
    assert "Charging to your minimum." in unescape(page.text)
    assert "Waiting for cheaper hours." in unescape(page.text)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("soc_percent", "101", "less than or equal to 100"),
        ("soc_percent", "much", "Enter a number"),
        ("minimum_percent", "", "This field is required"),
        ("minimum_percent", "-1", "greater than or equal to 0"),
        ("deadline", "25:00", "Enter a valid time"),
        ("deadline", "", "Smart charging that is on needs a time to be ready by"),
        ("price_factor", "-1", "greater than or equal to 0"),
        ("price_factor", "nan", "Enter a number"),
        ("location", "999999", "Select a valid choice"),
        ("at", "yesterday", "Enter a valid date/time"),
        ("at", "2027-01-01T00:00", "Choose an instant between a day ago and 14 days ahead"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    field: str, typed: str, said: str, browser_of_operator: Browser, parked: Vehicle
) -> None:
    page = browser_of_operator.get(page_address(parked), as_it_is(parked) | {field: typed})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert said in str(page.context["form"].errors[field])
    assert said in unescape(page.text)
    assert BANNER not in page.text


def test_a_place_of_somebody_else_is_no_choice(browser_of_operator: Browser, parked: Vehicle) -> None:
    other = factories.make_location(driver=factories.make_driver())

    page = browser_of_operator.get(page_address(parked), as_it_is(parked) | {"location": str(other.pk)})

    assert list(page.context["form"].errors) == ["location"]


def test_nothing_is_written_and_nothing_is_sent(browser_of_operator: Browser, parked: Vehicle) -> None:
    before = everything_stored(), every_table()

    lines_of(browser_of_operator, parked, soc_percent="5", deadline="04:00", at="2025-12-10T01:00")

    assert (everything_stored(), every_table()) == before


def test_a_car_of_which_nothing_is_known_has_no_form(browser_of_operator: Browser, parked: Vehicle) -> None:
    VehicleView.objects.all().delete()

    page = browser_of_operator.get(page_address(parked), as_it_is(parked))

    assert "Nothing is known of this car yet" in page.text
    assert BANNER not in page.text


def test_a_car_without_place_and_policy_can_be_supposed_to_have_a_deadline(browser_of_operator: Browser) -> None:
    car = factories.make_vehicle(driver=factories.make_driver())
    typed = {"soc_percent": "38", "minimum_percent": "0", "price_factor": "1", "at": "2025-12-09T21:04"}

    page = browser_of_operator.get(page_address(car), typed | {"is_enabled": "on", "deadline": "07:00"})

    assert BANNER in page.text
    assert not Policy.objects.exists()


def test_who_may_not_look_at_cars_supposes_nothing(
    browser_of_operator: Browser, operator: User, parked: Vehicle
) -> None:
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename="view_plan"))

    assert browser_of_operator.get(page_address(parked)).status_code == 403


def test_the_clock_of_the_driver_is_the_present(browser_of_operator: Browser, parked: Vehicle) -> None:
    driver = parked.driver
    driver.clock_own_anchor += timedelta(hours=2)
    driver.save()

    assert 'value="2025-12-10T00:04"' in browser_of_operator.get(page_address(parked)).text
