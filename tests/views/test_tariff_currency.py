"""A bill in another currency than the market's: the form, the page of prices, and what the car's page then says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from charging.core.states import State
from charging.models import Location, PlaceTerms, Plan, TariffRate, Vehicle
from charging.operations.evaluation import evaluate
from tests import factories
from tests.views.cars import make_own_car, text_of
from tests.views.nights import make_night, page_of
from tests.views.test_tariffs import NOK, SPOT, address, save

RATE = {"exchange_rate": "11,70"}


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


@pytest.fixture
def home(vehicle: Vehicle) -> Location:
    return Location.objects.get()


def value_of(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field is not None
    found = re.search(r'value="([^"]*)"', field[0])
    return "" if found is None else found[1]


def form(browser: Browser, place: Location) -> str:
    return text_of(browser.get(address(place)))


def test_at_first_prices_are_in_the_markets_currency_and_the_countrys_own_stands_next(
    client: Browser, home: Location
) -> None:
    page = form(client, home)

    assert re.findall(r'<option value="([A-Z]{3})"', page)[:4] == ["EUR", "NOK", "SEK", "DKK"]
    assert '<option value="EUR" selected>' in page
    assert value_of(page, "exchange_rate") == ""
    assert "The market publishes its prices here in EUR." in page


def test_the_operators_rate_is_proposed_with_the_countrys_currency(
    client: Browser, home: Location, settings: Settings
) -> None:
    settings.READYBY_EXCHANGE_RATES = {"NOK": Decimal("11.7"), "SEK": Decimal("11.1")}

    page = form(client, home)

    assert '<option value="NOK" selected>' in page
    assert value_of(page, "exchange_rate") == "11.70"
    assert '<span aria-hidden="true">øre</span>' in page


def test_the_rate_is_stored_shown_again_and_explains_every_price(client: Browser, home: Location) -> None:
    factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0, day=9), prices=["0.10"] * 96)

    page = save(client, home, NOK | RATE | {"vat": "25", "fee": "4,9"})

    row = PlaceTerms.objects.get()
    assert (row.currency, row.exchange_from, row.exchange_rate) == ("NOK", "EUR", Decimal("11.7"))
    assert "<dt>Market price</dt><dd>10.0 cents</dd>" in page
    assert "<dt>At 1 EUR = 11.70 NOK</dt><dd>117.0 øre</dd>" in page
    assert "<dt>VAT</dt><dd>29.3 øre</dd>" in page or "<dt>VAT</dt><dd>29.2 øre</dd>" in page
    assert "<dt>Supplier’s fee</dt><dd>4.9 øre</dd>" in page
    assert "151.2 øre per kWh</dd>" in page
    assert "In øre per kWh." in page
    again = form(client, home)
    assert '<option value="NOK" selected>' in again
    assert value_of(again, "exchange_rate") == "11.70"


def test_the_rate_is_read_and_shown_as_the_reader_writes_numbers(client: Browser, home: Location) -> None:
    factories.make_terms(location=home, currency="NOK", exchange_rate=Decimal("11.6985"))

    client.cookies["readyby_language"] = "nb"
    with translation.override("nb"):
        page = text_of(client.get(address(home), headers={"accept-language": "nb"}))

    assert value_of(page, "exchange_rate") == "11,6985"


def test_another_currency_alone_is_worth_keeping(client: Browser, home: Location) -> None:
    page = save(client, home, NOK | RATE)

    assert PlaceTerms.objects.get().currency == "NOK"
    assert "Market price. " in page
    assert "øre per kWh" in page


def test_a_rate_is_no_matter_of_prices_of_ones_own(client: Browser, home: Location) -> None:
    page = save(client, home, {"kind": "fixed", "currency": "NOK", "fixed": "120", "exchange_rate": "rubbish"})

    assert PlaceTerms.objects.get().exchange_rate is None
    assert "120.0 øre per kWh all day." in page
    assert "At 1 EUR" not in page


def test_in_the_markets_currency_no_rate_is_asked_for(client: Browser, home: Location) -> None:
    save(client, home, SPOT | RATE | {"vat": "25"})

    row = PlaceTerms.objects.get()
    assert (row.currency, row.exchange_rate) == ("", None)


def test_after_a_fault_the_units_are_those_of_the_chosen_currency(client: Browser, home: Location) -> None:
    page = save(client, home, NOK | {"exchange_rate": ""})

    assert '<span aria-hidden="true">øre</span>' in page
    assert '<span aria-hidden="true">NOK</span>' in page
    assert '<span aria-hidden="true">cents</span>' not in page


def test_without_a_market_no_rate_is_asked_for_either(client: Browser, home: Location) -> None:
    Location.objects.update(price_area=None)

    page = form(client, home)

    assert 'name="exchange_rate"' not in page
    assert '<option value="EUR" selected>' in page


def test_a_rate_that_holds_no_longer_is_missed_by_name(client: Browser, home: Location) -> None:
    factories.make_terms(location=home, currency="NOK", exchange_rate=Decimal("11.7"))
    pounds = factories.make_price_area(code="XX1", name="Elsewhere", country="GB", currency="GBP")
    Location.objects.update(price_area=pounds)

    page = text_of(client.get("/prices/"))

    assert "No price in NOK while you have not said what 1 GBP is." in page
    assert value_of(form(client, home), "exchange_rate") == ""


def test_the_plan_and_its_money_are_in_the_currency_of_the_bill_from_the_next_look_on(
    client: Browser, home: Location, vehicle: Vehicle
) -> None:
    save(client, home, NOK | RATE | {"vat": "25"})
    before = text_of(client.get(reverse("car", args=[vehicle.public_id])))

    evaluate(vehicle=vehicle, now=factories.NOW, trigger="test")
    after = text_of(client.get(reverse("car", args=[vehicle.public_id])))

    assert "EUR" in before
    assert "per kWh. Below" not in before, "prices in kroner beside a plan in euros"
    assert "Above: øre per kWh." in after
    assert "NOK" in after
    assert "EUR" not in after


def test_the_last_plan_is_not_drawn_with_prices_in_other_money(client: Browser, home: Location, db: None) -> None:
    Vehicle.objects.update(state=State.FINISHED)
    Plan.objects.update(final_state=State.FINISHED, ended_at=factories.NOW)
    page = reverse("car", args=[Vehicle.objects.get().public_id])
    drawn = text_of(client.get(page))

    save(client, home, NOK | RATE)

    assert "The last plan" in drawn
    assert "The last plan" not in text_of(client.get(page))


def test_months_in_two_currencies_are_never_added_up(client: Browser, home: Location, vehicle: Vehicle) -> None:
    make_night(vehicle, days_ago=1, currency="NOK", cost=12, cost_charged_at_once=30, saving=18)
    make_night(vehicle, days_ago=3, currency="EUR", cost=1, cost_charged_at_once=3, saving=2)

    page = page_of(client)

    assert "Total in NOK" in page
    assert "Total in EUR" in page
    assert "20.00" not in page


def test_where_no_hundredth_is_in_use_prices_are_whole_as_typed_and_as_shown(client: Browser, home: Location) -> None:
    page = save(client, home, {"kind": "fixed", "currency": "HUF", "fixed": "40,25"})

    assert TariffRate.objects.get().price_per_kwh == Decimal("40.25")
    assert "40.3 HUF per kWh all day." in page
    assert "In HUF per kWh." in page
    assert "HUF/100" not in page
    again = form(client, home)
    assert value_of(again, "fixed") == "40.25"
    assert '<span aria-hidden="true">HUF</span>' in again
