"""One box on the index leads to a car, whatever somebody has at hand; one hit opens its case."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Vehicle
from tests import factories

pytestmark = pytest.mark.django_db

FIND = "/admin/charging/vehicle/find/"
LIST = "/admin/charging/vehicle/"


def case_of(car: Vehicle) -> str:
    return reverse("admin:charging_vehicle_change", args=[car.pk])


def where_to(browser: Browser, words: str) -> str:
    answer = browser.get(FIND, {"q": words})
    assert answer.status_code == 302
    return answer["Location"]


@pytest.fixture
def blue_whale() -> Vehicle:
    """A car with everything that names one, among others."""
    account = factories.make_account(email="alice@example.org")
    client = factories.make_client(name="Nordic Fleet")
    driver = factories.make_driver(account=account, external_id="user-7", client=client)
    factories.make_location(driver=driver, name="Cabin by the sea")
    factories.make_parked_car(driver=factories.make_driver(external_id="user-77"))
    return factories.make_vehicle(
        driver=driver, display_name="Blue whale", vin="WVWZZZE1ZMP004242", vendor_asset_id="asset-9"
    )


@pytest.mark.parametrize(
    "words",
    [
        *("WVWZZZE1ZMP004242", "wvwzzze1zmp004242", "4242", "WVWZZZE1Z"),
        *("Blue whale", "blue", "whale blue", '"Blue whale"'),
        *("user-7", "USER-7", "alice@example.org", "ALICE@example.org", "alice@"),
        *("asset-9", "Nordic Fleet", "nordic", "Cabin", " Blue whale "),
    ],
)
def test_whatever_names_one_car_alone_opens_its_case(
    words: str, browser_of_operator: Browser, blue_whale: Vehicle
) -> None:
    assert where_to(browser_of_operator, words) == case_of(blue_whale)


def test_public_ids_of_car_and_driver_open_the_case(browser_of_operator: Browser, blue_whale: Vehicle) -> None:
    for public_id in (blue_whale.public_id, blue_whale.driver.public_id, blue_whale.public_id.hex):
        assert where_to(browser_of_operator, str(public_id)) == case_of(blue_whale)
    assert where_to(browser_of_operator, f"blue {blue_whale.public_id}") == case_of(blue_whale)


@pytest.mark.parametrize("words", ["", "   ", "user", "nobody@example.org", "242", "%", "' OR 1=1 --", '"', "a\x00b"])
def test_none_or_several_lead_to_the_list_of_those_that_fit(
    words: str, browser_of_operator: Browser, blue_whale: Vehicle
) -> None:
    where = where_to(browser_of_operator, words)

    assert where.startswith(f"{LIST}?q=")
    assert browser_of_operator.get(where).status_code == 200


def test_the_list_counts_open_findings_and_tells_when_cars_were_seen(
    browser_of_operator: Browser, blue_whale: Vehicle
) -> None:
    factories.make_finding(vehicle=blue_whale)
    factories.make_finding(vehicle=blue_whale, cause="ceiling", clock_time=None)
    factories.make_finding(vehicle=blue_whale, cause="window_end", gone_at=factories.NOW)

    page = browser_of_operator.get(LIST, {"q": "user"})

    assert page.context["cl"].result_count == 2
    assert '<td class="field-open_findings">2</td>' in page.text
    assert '<td class="field-open_findings">-</td>' in page.text
    assert "2025-12-09 21:00:00 UTC" in page.text


def test_the_box_stands_on_the_index(browser_of_operator: Browser) -> None:
    page = browser_of_operator.get("/admin/").text

    assert f'action="{FIND}"' in page
    assert "Find a car" in page


def test_who_may_not_look_at_cars_has_no_box_and_finds_nothing(
    browser_of_operator: Browser, operator: User, blue_whale: Vehicle
) -> None:
    operator.is_superuser = False
    operator.save()
    operator.user_permissions.add(Permission.objects.get(codename="view_driver"))

    assert FIND not in browser_of_operator.get("/admin/").text
    assert browser_of_operator.get(FIND, {"q": "Blue whale"}).status_code == 403


@pytest.mark.parametrize("screen", ["decisionlog", "command", "reading", "plan", "finding", "stateevent", "activity"])
def test_lists_are_narrowed_down_to_a_car_by_whatever_names_it(
    screen: str, browser_of_operator: Browser, car: Vehicle
) -> None:
    other = factories.make_parked_car()
    address = reverse(f"admin:charging_{screen}_changelist")

    def rows_of(words: str) -> int:
        page = browser_of_operator.get(f"{address}?car={quote(words)}")
        assert page.status_code == 200
        return int(page.context["cl"].result_count)

    assert rows_of(str(car.pk)) == rows_of(str(car.public_id)) == rows_of(car.vin) == 1
    assert rows_of(car.driver.external_id) == rows_of("  ") == 1 or screen == "plan"
    assert rows_of(str(other.pk)) == rows_of(str(other.public_id)) == (1 if screen == "plan" else 0)
    assert rows_of("9" * 30) == rows_of("nobody") == 0


def test_the_box_of_a_list_keeps_the_other_filters(browser_of_operator: Browser, car: Vehicle) -> None:
    page = browser_of_operator.get(reverse("admin:charging_command_changelist"), {"kind__exact": "START", "car": "77"})

    assert '<input type="hidden" name="kind__exact" value="START">' in page.text
    assert 'name="car" value="77"' in page.text


def test_each_page_of_the_list_has_its_cars_in_their_order(
    browser_of_operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (factories.make_parked_car() for _ in range(3))
    monkeypatch.setattr("charging.admin.vehicles.VehicleAdmin.list_per_page", 2)

    pages = [browser_of_operator.get(LIST, {"p": number}).text for number in (1, 2)]

    assert pages[0].index(case_of(third)) < pages[0].index(case_of(second))
    assert (case_of(first) in pages[0], case_of(first) in pages[1], case_of(third) in pages[1]) == (False, True, False)


def test_of_very_many_cars_the_ids_are_not_named(
    browser_of_operator: Browser, blue_whale: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("charging.admin.find.FEW", 0)

    assert where_to(browser_of_operator, "WVWZZZE1ZMP004242") == case_of(blue_whale)
    assert where_to(browser_of_operator, "4242") == case_of(blue_whale)
