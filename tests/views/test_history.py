"""The history: whose it is, what each row says, and sums that never mix two currencies."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from charging.models import Vehicle
from tests import factories
from tests.factories import NOW, at
from tests.views.cars import make_own_car, text_of, url
from tests.views.nights import cells, make_night, page_of, totals


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_a_row_tells_day_place_energy_battery_and_money(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle)

    page = page_of(client)

    assert cells(page) == ["9 December", "Home", "35.8", "38–80 %", "1.13 EUR", "2.63 EUR", "1.50 EUR", ""]
    assert "<caption>December 2025</caption>" in page
    assert "Spot price only. Energy measured by the car." in page


def test_a_day_is_the_one_on_the_clocks_of_the_place(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, plugged_in_at=at(0, 20, day=1))

    page = page_of(client)

    assert cells(page)[0] == "1 December"


def test_what_is_written_adds_up_to_the_cent(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, cost=Decimal("1.1249"), cost_charged_at_once=Decimal("2.6251"), saving=Decimal("1.5002"))

    assert cells(page_of(client))[4:7] == ["1.12 EUR", "2.63 EUR", "1.51 EUR"]


def test_a_loss_is_said_as_one(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, cost=Decimal("3.20"), cost_charged_at_once=Decimal("2.62"), saving=Decimal("-0.58"))

    page = page_of(client)

    assert cells(page)[6] == "cost 0.58 EUR more"
    assert "It cost <b>0.58 EUR</b> more this year than charging from plug-in." in page
    assert "Saved" not in page


def test_what_was_protective_or_against_the_plan_is_named_and_not_saved(client: Browser, vehicle: Vehicle) -> None:
    make_night(
        vehicle,
        protective_energy_kwh=1.2,
        protective_cost=Decimal("0.40"),
        override_energy_kwh=10.0,
        override_cost=Decimal("0.90"),
        override_source="here",
        saving=Decimal("0.75"),
    )

    page = page_of(client)

    assert "Up to your minimum: 1.20 kWh, 0.40 EUR<br>Charge now: 10.00 kWh, 0.90 EUR" in page
    assert cells(page)[6] == "0.75 EUR"


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"unplugged_at": None}, "Still plugged in"),
        ({"override_energy_kwh": 5.0, "override_source": "elsewhere"}, "Started by something else: 5.00 kWh, 0.00 EUR"),
        (
            {"override_energy_kwh": 5.0, "override_source": "both", "override_cost": None},
            "Charge now, and started by something else: 5.00 kWh",
        ),
        ({"has_plan": False, "saving": None}, "Charged at once, without a plan"),
        ({"has_plan": False, "saving": None, "steering": [[NOW.isoformat(), None]]}, "Smart charging off"),
        ({"place_name": "", "has_plan": False, "saving": None}, "Not at one of your places"),
        ({"has_all_prices": False, "cost_charged_at_once": None, "saving": None}, "Not all prices are known"),
    ],
    ids=["running", "elsewhere", "both, without prices", "no plan", "off", "away", "no prices"],
)
def test_what_makes_a_session_different_is_noted(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], note: str
) -> None:
    make_night(vehicle, **values)

    assert cells(page_of(client))[-1] == note


def test_what_is_not_known_is_not_made_up(client: Browser, vehicle: Vehicle) -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("cost", "cost_charged_at_once", "saving", "protective_cost", "override_cost")
    )
    make_night(
        vehicle,
        energy_kwh=0.0,
        energy_source="",
        soc_from_percent=None,
        currency="",
        planned_cost=None,
        has_plan=False,
        has_all_prices=False,
        **nothing,
    )

    page = page_of(client)

    assert cells(page)[2:7] == ["–"] * 5
    assert "The car did not tell how much" in page
    assert "Energy measured" not in page
    assert "Saved" not in page


def test_a_plug_in_without_a_charge_is_no_row(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, energy_kwh=0.0)

    assert "Nothing was charged in this time." in page_of(client)


def test_a_first_plug_in_that_is_not_over_boasts_of_nothing(client: Browser, vehicle: Vehicle) -> None:
    session = make_night(vehicle, unplugged_at=None, cost=1, cost_charged_at_once=1, saving=0)

    assert "Saved" not in page_of(client)

    session.saving = Decimal("0.12")
    session.save()
    assert "Saved about <b>0.12 EUR</b>" in page_of(client)


def test_estimates_are_noted_where_others_are_measured(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, energy_source="estimated")
    alone = page_of(client)
    make_night(vehicle, days_ago=2)
    mixed = page_of(client)

    assert cells(alone)[-1] == ""
    assert "Energy estimated from the battery level." in alone
    assert cells(mixed)[-1] == "Energy estimated"
    assert "where it is estimated from the battery level, a note says so" in mixed


def test_currencies_are_never_added(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle)
    make_night(vehicle, days_ago=1)
    make_night(vehicle, days_ago=2, currency="SEK", cost=12, cost_charged_at_once=10, saving=-2)
    make_night(vehicle, days_ago=3, currency="NOK", cost=10, cost_charged_at_once=14, saving=4)
    unknown: dict[str, Any] = dict.fromkeys(("cost", "cost_charged_at_once", "saving"))
    make_night(vehicle, days_ago=4, energy_kwh=10.0, has_all_prices=False, **unknown)

    page = page_of(client)

    assert totals(page) == [
        ["Total in EUR", "", "71.6", "", "2.26 EUR", "5.26 EUR", "3.00 EUR", ""],
        ["Total in NOK", "", "35.8", "", "10.00 NOK", "14.00 NOK", "4.00 NOK", ""],
        ["Total in SEK", "", "35.8", "", "12.00 SEK", "10.00 SEK", "cost 2.00 SEK more", ""],
        ["Without a cost", "", "10.0", "", "–", "–", "–", ""],
    ]
    assert "Saved about <b>3.00 EUR and 4.00 NOK</b> this year, against charging from plug-in." in page
    assert "It cost <b>2.00 SEK</b> more this year than charging from plug-in." in page


def test_a_total_whose_comparison_is_not_known_everywhere_has_none(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle)
    make_night(vehicle, days_ago=1, cost_charged_at_once=None, saving=None, has_all_prices=False)

    assert totals(page_of(client)) == [["Total", "", "71.6", "", "2.26 EUR", "–", "1.50 EUR", ""]]


def test_every_month_has_its_table_and_its_bar(client: Browser, vehicle: Vehicle) -> None:
    for days_ago in (0, 40, 100):
        make_night(vehicle, days_ago=days_ago)

    page = page_of(client)

    assert re.findall(r"<caption>(.*?)</caption>", page) == ["December 2025", "October 2025", "August 2025"]
    assert "Saving per month, in EUR. Most in August, <b>1.50 EUR</b>." in page
    assert re.findall(r'y="180" text-anchor="middle">(\w+)<', page) == ["Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    ("period", "rows", "since"),
    [
        ("30-days", 2, "in the last 30 days"),
        ("year", 3, "this year"),
        ("", 3, "this year"),
        ("all", 4, "since 4 November 2024"),
        ("nonsense", 3, "this year"),
    ],
)
def test_the_period_is_chosen_by_a_link(client: Browser, vehicle: Vehicle, period: str, rows: int, since: str) -> None:
    for days_ago in (0, 30, 31, 400):
        make_night(vehicle, days_ago=days_ago)

    page = page_of(client, period)

    assert page.count('<tr role="row"><th scope="row" role="rowheader" class="nowrap">') == rows
    assert f"</b> {since}, against charging from plug-in." in page
    assert page.partition("<footer")[0].count('aria-current="true"') == 1


def test_two_parts_of_months_are_not_compared(client: Browser, vehicle: Vehicle) -> None:
    for days_ago in (0, 20):
        make_night(vehicle, days_ago=days_ago)

    assert "Saving per month" in page_of(client, "year")
    assert "Saving per month" not in page_of(client, "30-days")


def test_the_days_that_sample_prices_are_from_stand_on_the_page(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle)

    assert "This car is simulated. Prices are sample prices from 9 and 10 December 2025." in page_of(client)


def test_real_prices_are_not_called_sample_prices(client: Browser, vehicle: Vehicle) -> None:
    make_night(vehicle, prices_recorded_on=[])

    page = page_of(client)

    assert "This car is simulated." in page
    assert "sample prices" not in page


def test_with_several_cars_each_row_names_its_own(client: Browser, vehicle: Vehicle) -> None:
    second = factories.make_vehicle(driver=vehicle.driver, display_name="Small car")
    make_night(vehicle)
    make_night(second, days_ago=1)

    page = page_of(client)

    assert [cells(page, row)[1] for row in (0, 1)] == ["Family car", "Small car"]
    assert url("car_savings", second) in page


def test_a_row_leads_to_the_numbers_behind_it(client: Browser, vehicle: Vehicle) -> None:
    session = make_night(vehicle)

    page = page_of(client)

    assert f'href="{url("car_savings", vehicle)}?session={session.public_id}">9 December</a>' in page


def test_the_sessions_of_others_are_not_shown(client: Browser, vehicle: Vehicle) -> None:
    make_night(factories.make_parked_car(), place_name="Charlie’s place")

    assert "Charlie" not in page_of(client)
    assert "Charlie" not in text_of(client.get("/history/sessions.csv"))


@pytest.mark.parametrize("address", ["/history/", "/history/sessions.csv"])
def test_a_visitor_is_asked_to_sign_in_and_who_has_no_car_to_set_one_up(
    client: Browser, db: None, address: str
) -> None:
    asked = client.get(address)
    client.force_login(factories.make_account())

    assert "/login/" in asked.headers["Location"]
    assert client.get(address).headers["Location"] == "/setup/"


def test_the_history_takes_the_same_few_queries_however_long_it_is(
    client: Browser, vehicle: Vehicle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for days_ago in range(12):
        make_night(vehicle, days_ago=days_ago)

    with django_assert_max_num_queries(7):
        client.get("/history/")


def test_a_very_long_history_leaves_its_oldest_rows_to_the_file(
    client: Browser, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("charging.views.history.MOST_ROWS", 2)
    for days_ago in range(3):
        make_night(vehicle, days_ago=days_ago)

    page = page_of(client)

    assert page.count('class="nowrap"><a') == 2
    assert "Older ones are in the file." in page
    assert "Saved about <b>4.50 EUR</b>" in page


def test_the_way_to_the_history_stands_in_the_navigation(client: Browser, vehicle: Vehicle) -> None:
    assert '<a href="/history/">History</a>' in text_of(client.get(url("car", vehicle)))
    assert '<a href="/history/" aria-current="page">History</a>' in page_of(client)
