"""Settings, places, prices, help, the account of a guest, and the colors."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.models import Location, Vehicle
from charging.operations.clocks import wall_now
from charging.operations.drivers import create_guest
from tests import factories
from tests.views.cars import make_own_car, text_of, url


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_settings_show_what_is_set_with_a_way_to_change_it(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get("/settings/")).replace("\N{NO-BREAK SPACE}", " ")

    assert "<dt>Ready by</dt><dd>07:00</dd>" in page
    assert "<dt>Minimum charge</dt><dd>20 %</dd>" in page
    assert f'href="{url("car_ready_by", vehicle)}">Change<span class="visually-hidden"> Ready by</span>' in page


def test_who_has_no_car_can_still_sign_out_and_see_what_is_stored(client: Browser, vehicle: Vehicle) -> None:
    vehicle.delete()

    page = text_of(client.get("/settings/"))

    assert "You have no car here yet." in page
    for address in ("/setup/", "/accounts/logout/", "/accounts/password/change/", "/settings/your-data/"):
        assert f'href="{address}"' in page
    assert 'href="/settings/"' in text_of(client.get("/setup/start/"))


def test_an_account_that_never_began_can_sign_out(client: Browser, db: None) -> None:
    account = factories.make_account()
    client.force_login(account)

    page = text_of(client.get("/settings/"))

    assert account.email in page
    assert 'href="/accounts/logout/"' in page


@pytest.mark.parametrize(
    ("values", "is_guest", "words"),
    [
        ({"password": "correct horse"}, False, ""),
        ({}, False, "You have no password yet: without one you may not be able to come back to your car."),
        ({"email": ""}, False, "You have no password here. The way back is the app that sent you."),
        ({"email": ""}, True, "without an email address you cannot come back"),
    ],
    ids=["with a password", "without a password", "from an app", "a guest"],
)
def test_who_may_not_come_back_is_told_before_signing_out(
    client: Browser, db: None, values: dict[str, str], is_guest: bool, words: str
) -> None:
    driver = factories.make_driver(account=factories.make_account(**values), is_guest=is_guest)
    assert driver.account is not None
    client.force_login(driver.account)

    page = text_of(client.get("/accounts/logout/"))

    assert words in page
    assert ('class="lead"' in page) == bool(words)
    assert ('href="/accounts/password/set/"' in page) == (words.startswith("You have no password yet"))
    leads_to_keeping = 'href="/account/keep/"' in page
    assert leads_to_keeping is is_guest
    assert ('<a class="button" href="/">' in page) is is_guest, "a guest who stays loses nothing"


@pytest.mark.parametrize("address", ["/places/", "/prices/"])
def test_an_account_without_a_driver_comes_to_the_wizard(client: Browser, db: None, address: str) -> None:
    client.force_login(factories.make_account())

    assert client.get(address).headers["Location"] == "/setup/"


@pytest.mark.parametrize("address", ["/settings/", "/places/", "/prices/", "/account/keep/"])
def test_visitors_are_asked_to_sign_in(client: Browser, db: None, address: str) -> None:
    assert client.get(address).headers["Location"].startswith(reverse("account_login"))


def test_places_show_their_area_and_lead_to_the_wizard(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get("/places/"))

    assert "NO2 (South Norway)" in page
    assert "/setup/places/add/" in page
    assert f"/setup/places/{Location.objects.get().public_id}/" in page


def test_a_place_is_removed_after_a_question(client: Browser, vehicle: Vehicle) -> None:
    address = reverse("place_remove", args=[Location.objects.get().public_id])

    question = text_of(client.get(address))
    assert "Remove Home?" in question
    assert "Family car is plugged in here now." in question
    assert Location.objects.count() == 1

    assert client.post(address).status_code == 303
    assert not Location.objects.exists()
    assert "Home is removed." in text_of(client.get("/places/"))


def test_nobody_removes_anybody_elses_place(client: Browser, vehicle: Vehicle) -> None:
    charlies = factories.make_location(driver=factories.make_driver())

    assert client.post(reverse("place_remove", args=[charlies.public_id])).status_code == 404
    assert Location.objects.filter(pk=charlies.pk).exists()


def test_prices_of_today_and_tomorrow_are_dated_sample_prices(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.get("/prices/"))

    assert "Prices are sample prices from 16 and 17 December 2025." in page
    assert "Cheapest at" in page
    assert page.count('<figure class="plan">') == 2


def test_both_days_have_one_scale_of_their_own_and_a_name_each(client: Browser, vehicle: Vehicle) -> None:
    for day, price in ((5, "2.00"), (9, "0.02"), (10, "0.11")):
        area = factories.make_price_area()
        factories.make_prices(area=area, day_start=factories.at(0, day=day), prices=[price] * 96)

    page = text_of(client.get("/prices/"))

    axes = [re.findall(r">(-?\d+)</text>", axis.split("</svg>", 1)[0]) for axis in page.split('<svg class="axis"')[1:]]
    names = re.findall(r'role="region" aria-label="([^"]+)"', page)
    assert axes[0] == axes[1]
    assert max(map(int, axes[0])) in range(8, 21)
    assert "200" not in axes[0]
    assert names == ["Prices today", "Prices tomorrow"]


def test_published_prices_are_shown_and_those_of_tomorrow_estimated(client: Browser, vehicle: Vehicle) -> None:
    prices = [0.08] * 40 + [-0.01] + [0.08] * 54 + [0.31]
    factories.make_prices(area=factories.make_price_area(), day_start=factories.at(0, day=9), prices=prices)

    page = text_of(client.get("/prices/")).replace("\N{NO-BREAK SPACE}", " ")

    assert "Cheapest at <b>10:00</b> with −1.0 cents per kWh, most expensive at <b>23:45</b> with 31.0" in page
    assert "Not all of it is published yet." in page
    assert "est.</span>" in page, "tomorrow is estimated"
    assert "sample prices" not in page


@pytest.mark.parametrize(
    ("date_start", "quarters"), [((2026, 3, 29), 92), ((2025, 10, 26), 100)], ids=["spring", "autumn"]
)
def test_days_that_change_the_clock_are_as_long_as_they_are(
    client: Browser, vehicle: Vehicle, settings: Settings, date_start: tuple[int, int, int], quarters: int
) -> None:
    year, month, day = date_start
    is_summer_at_midnight = month == 10
    start = factories.NOW.replace(year=year, month=month, day=day, hour=0, minute=0)
    start -= timedelta(hours=2 if is_summer_at_midnight else 1)
    factories.make_prices(area=factories.make_price_area(), day_start=start, prices=[0.08] * quarters)
    settings.READYBY_NOW = start + timedelta(hours=12)

    page = text_of(client.get("/prices/"))

    rows = page[page.index("<h2>Today</h2>") : page.index("<h2>Tomorrow</h2>")]
    assert len(re.findall(r'<th scope="row"[^>]*>\d\d:\d\d', rows)) == quarters


def test_a_place_without_a_price_area_says_so(client: Browser, vehicle: Vehicle) -> None:
    Location.objects.update(price_area=None)

    assert "We have no prices for this place yet" in text_of(client.get("/prices/"))
    assert "No prices here yet" in text_of(client.get("/places/"))


def test_help_is_there_for_everybody(client: Browser, db: None) -> None:
    page = text_of(client.get("/help/"))

    for anchor in ("check", "account", "remote", "money"):
        assert f'id="{anchor}"' in page


def test_a_guest_keeps_the_account_with_an_address(client: Browser, db: None) -> None:
    driver = create_guest(now=wall_now())
    assert driver.account is not None
    client.force_login(driver.account)

    answer = client.post("/account/keep/", {"email": "alice@example.com"})

    driver.refresh_from_db()
    assert answer.status_code == 303
    assert not driver.is_guest


@pytest.mark.parametrize("typed", ["", "alice", "a" * 250 + "@example.com"], ids=["nothing", "no address", "too long"])
def test_keeping_an_account_needs_an_address(client: Browser, db: None, typed: str) -> None:
    driver = create_guest(now=wall_now())
    assert driver.account is not None
    client.force_login(driver.account)

    page = text_of(client.post("/account/keep/", {"email": typed}))

    driver.refresh_from_db()
    assert driver.is_guest
    assert 'class="error-text"' in page


@pytest.mark.parametrize(("theme", "expected"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_a_theme_is_remembered(client: Browser, db: None, theme: str, expected: str) -> None:
    answer = client.post("/theme/", {"theme": theme, "next": "/help/"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/help/"
    assert expected in text_of(client.get("/help/"))


@pytest.mark.parametrize("theme", ["auto", "<script>", ""])
def test_any_other_theme_is_the_systems(client: Browser, db: None, theme: str) -> None:
    client.post("/theme/", {"theme": "dark"})

    client.post("/theme/", {"theme": theme})

    assert "data-theme" not in text_of(client.get("/help/"))


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_a_theme_never_leads_elsewhere(client: Browser, db: None, target: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": target}).headers["Location"] == "/"
