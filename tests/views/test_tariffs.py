"""What power costs at a place: the form, what it stores, and what the pages then say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.core.weekly_spans import WeeklySpan
from charging.models import Location, PlaceTerms, Vehicle
from charging.operations.tariffs import RateSpan, set_rates, set_schedule
from tests import factories
from tests.views.cars import make_own_car, text_of

SPOT = {"kind": "spot", "currency": "EUR"}
NOK = {"kind": "spot", "currency": "NOK"}
RATE_WRONG = "The exchange rate must be a number above 0 and below 1000, such as 11.70"
NIGHT_AND_DAY = {
    "kind": "by_time",
    "currency": "NOK",
    "rate_1": "45,5",
    "rate_1_from": "22",
    "rate_1_to": "06:00",
    "rate_1_days": "working",
    "rate_other": "120",
}
WINTER_GRID = {
    "grid_1": "39.59",
    "grid_1_from": "6",
    "grid_1_to": "24:00",
    "grid_1_days": "every",
    "grid_1_season": "nov_mar",
    "grid_other": "20",
}


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


@pytest.fixture
def home(vehicle: Vehicle) -> Location:
    return Location.objects.get()


def address(place: Location) -> str:
    return reverse("place_tariff", args=[place.public_id])


def save(browser: Browser, place: Location, values: dict[str, str]) -> str:
    """Posts the form and returns the page that follows, or the form again with what is wrong."""
    answer = browser.post(address(place), values)
    page = text_of(browser.get(answer["Location"])) if answer.status_code == 303 else text_of(answer)
    return page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_market_price_gets_tax_and_fee(client: Browser, home: Location) -> None:
    page = save(client, home, SPOT | {"vat": "25 %", "fee": "4,9"})

    row = PlaceTerms.objects.get()
    assert (row.vat_percent, row.spot_fee_per_kwh, row.currency) == (Decimal(25), Decimal("0.049"), "")
    assert "Market price with VAT and your supplier’s fee." in page
    assert "With the fees and taxes that you told us of." in page
    assert "<dt>Supplier’s fee</dt><dd>4.9 cents</dd>" in page
    assert "<dt>You pay</dt>" in page


def test_one_price_at_all_times_holds_today_and_tomorrow(client: Browser, home: Location) -> None:
    page = save(client, home, {"kind": "fixed", "currency": "NOK", "fixed": "99.5"})

    assert page.count("99.5 øre per kWh all day.") == 2
    assert "99.5 øre per kWh" in text_of(client.get("/places/")).replace("\N{NO-BREAK SPACE}", " ")
    assert "sample prices" not in page


def test_prices_by_time_and_season_are_stored_and_shown_again(client: Browser, home: Location) -> None:
    page = save(client, home, NIGHT_AND_DAY | WINTER_GRID)

    terms = PlaceTerms.objects.get().as_terms()
    assert [(rate.price_per_kwh, rate.span) for rate in terms.rates] == [
        (Decimal("0.455"), WeeklySpan(22 * 60, 6 * 60, frozenset(range(5)))),
        (Decimal("1.2"), WeeklySpan()),
    ]
    assert [(fee.price_per_kwh, fee.span.from_minute, fee.span.to_minute) for fee in terms.grid_fees] == [
        (Decimal("0.3959"), 360, 1440),
        (Decimal("0.2"), 0, 1440),
    ]
    assert "Prices by time of day, with grid fees." in page
    form = text_of(client.get(address(home)))
    for value in ("45.5", "22:00", "06:00", "120", "39.59", "24:00", "20"):
        assert f'value="{value}"' in form
    assert '<option value="working" selected>' in form
    assert '<option value="nov_mar" selected>' in form
    assert '<option value="NOK" selected>' in form


def test_nothing_beyond_the_market_needs_no_terms(client: Browser, home: Location) -> None:
    factories.make_terms(location=home, vat_percent=Decimal(25))

    page = save(client, home, SPOT)

    assert not PlaceTerms.objects.exists()
    assert "Market price only." in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({}, "Select how your power is priced", id="nothing chosen"),
        pytest.param(
            SPOT | {"vat": "lots"}, "“VAT on the market price” must be a number from 0 to 100", id="VAT in words"
        ),
        pytest.param(
            SPOT | {"vat": "101"}, "“VAT on the market price” must be a number from 0 to 100", id="VAT too high"
        ),
        pytest.param(SPOT | {"fee": "NaN"}, "“Your supplier’s fee” must be a number, such as 24.5", id="not a number"),
        pytest.param(SPOT | {"fee": "1001"}, "“Your supplier’s fee” must be a number, such as 24.5", id="too dear"),
        pytest.param(SPOT | {"currency": "NOK"}, "Enter what 1 EUR is in NOK", id="no exchange rate"),
        pytest.param(NOK | {"exchange_rate": "eleven"}, RATE_WRONG, id="a rate in words"),
        pytest.param(NOK | {"exchange_rate": "0"}, RATE_WRONG, id="a rate of nothing"),
        pytest.param(NOK | {"exchange_rate": "-11.7"}, RATE_WRONG, id="a rate below nothing"),
        pytest.param(NOK | {"exchange_rate": "1000"}, RATE_WRONG, id="a rate too high"),
        pytest.param(SPOT | {"currency": "XXX"}, "XXX is not one of the available choices", id="an unknown currency"),
        pytest.param({"kind": "fixed"}, "Enter your price per kWh", id="no price"),
        pytest.param(NIGHT_AND_DAY | {"rate_other": ""}, "Enter the price at all other times", id="no other price"),
        pytest.param(NIGHT_AND_DAY | {"rate_1": ""}, "Enter the price for this time, or leave", id="a time only"),
        pytest.param(NIGHT_AND_DAY | {"rate_1_to": "25"}, "“To” must be hours and minutes", id="an hour too many"),
        pytest.param(NIGHT_AND_DAY | {"rate_1_from": ""}, "“From” must be hours and minutes", id="no beginning"),
        pytest.param(
            NIGHT_AND_DAY | {"rate_2": "1", "rate_2_from": "23", "rate_2_to": "24"},
            "Two of the times overlap",
            id="twice",
        ),
        pytest.param(SPOT | {"fee": "x" * 41}, "at most 40 characters", id="too long"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_lost(
    client: Browser, home: Location, values: dict[str, str], message: str
) -> None:
    page = save(client, home, values)

    assert 1 <= page.count(message) <= 2, "once in the summary, and once beside its field"
    assert not PlaceTerms.objects.exists()
    for typed in values.values():
        assert typed in page


def test_days_that_nobody_offered_are_refused_and_nothing_is_lost(client: Browser, home: Location) -> None:
    page = save(client, home, NIGHT_AND_DAY | {"rate_1_days": "bogus"})

    assert "bogus is not one of the available choices" in page
    assert not PlaceTerms.objects.exists()


def test_without_a_price_area_there_is_no_market_price(client: Browser, home: Location) -> None:
    Location.objects.update(price_area=None)

    refused = save(client, home, {"kind": "spot", "currency": "GBP"})
    page = save(client, home, {"kind": "fixed", "currency": "GBP", "fixed": "7.5"})

    assert "There is no market price at this place: choose prices of your own" in refused
    assert "7.5 pence per kWh all day." in page


def test_prices_that_an_app_has_set_are_not_replaced_unawares(client: Browser, home: Location) -> None:
    tariff = set_rates(
        client=home.driver.client, external_id="app", rates={"low": Decimal("0.1")}, at_wall=factories.NOW
    )
    spans = [RateSpan("low", WeeklySpan(hour * 60, hour * 60 + 30)) for hour in range(9)]
    set_schedule(location=home, tariff=tariff, spans=spans, at_wall=factories.NOW)

    page = text_of(client.get(address(home)))

    assert "were set by an app of your energy company" in page
    assert 'name="rate_4" value="10"' in page


def test_the_parts_of_every_price_stand_in_a_table(client: Browser, home: Location) -> None:
    prices = ["0.08"] * 48 + ["-0.02"] * 48
    factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0, day=9), prices=prices)

    page = save(client, home, SPOT | WINTER_GRID | {"vat": "25"})

    assert "What the price is made of" in page
    assert "Supplier’s fee</th>" not in page, "a column of nothing"
    row = (
        '00:00–06:00</th><td class="num">8.0</td><td class="num">2.0</td><td class="num">20.0</td><td class="num">30.0'
    )
    assert row in page
    assert '<td class="num">−2.0</td><td class="num">−0.5</td><td class="num">39.6</td><td class="num">37.1' in page
    assert "est." in page, "tomorrow is estimated"
    assert "until then we estimate them from recent days" in page


def test_without_terms_there_is_nothing_to_take_apart(client: Browser, home: Location) -> None:
    page = text_of(client.get("/prices/"))

    assert "What the price is made of" not in page
    assert "<dt>Market price</dt>" in page


def test_nobody_sees_or_changes_what_anybody_else_pays(client: Browser, home: Location) -> None:
    charlies = factories.make_location(driver=factories.make_driver())

    assert client.get(address(charlies)).status_code == 404
    assert client.post(address(charlies), {"kind": "fixed", "fixed": "1"}).status_code == 404
    assert not PlaceTerms.objects.exists()


def test_the_plan_and_its_money_say_what_they_include(client: Browser, home: Location, vehicle: Vehicle) -> None:
    before = text_of(client.get(reverse("car", args=[vehicle.public_id])))

    save(client, home, SPOT | {"vat": "25"})
    after = text_of(client.get(reverse("car", args=[vehicle.public_id])))

    assert before.count("Spot price only.") == 2
    assert "Spot price only." not in after
    assert after.count("With the fees and taxes that you told us of.") == 2
