"""What power costs, in the currency of the bill, on a phone in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as DjangoClient
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from charging.models import Location
from tests.journeys.test_dashboard_page import violations
from tests.views.cars import begin_story, make_own_car

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def page(browser: Browser, live_server: Any, client: DjangoClient) -> Iterator[Page]:
    """The form of the tariff on a phone; asserts at the end that nothing was blocked or broke."""
    make_own_car(client)
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 360, "height": 800})
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(live_server.url + reverse("place_tariff", args=[Location.objects.get().public_id]))
    yield page
    context.close()
    assert complaints == []


def assert_good_on_a_phone(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == [], scheme
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_rate_is_asked_for_where_it_is_needed_and_units_follow_the_currency(page: Page) -> None:
    rate, fee = page.get_by_label("1 EUR is"), page.get_by_label("Your supplier’s fee")
    expect(rate).to_be_hidden()

    page.get_by_label("Currency of your bill").select_option("NOK")
    expect(rate).to_be_visible()
    expect(rate.locator("xpath=following-sibling::span")).to_have_text("NOK")
    expect(fee.locator("xpath=following-sibling::span")).to_have_text("øre")
    expect(page.get_by_label("VAT on the market price").locator("xpath=following-sibling::span")).to_have_text("%")

    for currency, unit in (("CZK", "CZK"), ("SEK", "öre"), ("NOK", "øre")):
        page.get_by_label("Currency of your bill").select_option(currency)
        expect(rate.locator("xpath=following-sibling::span")).to_have_text(currency)
        expect(fee.locator("xpath=following-sibling::span")).to_have_text(unit)

    page.get_by_label("One price at all times").check()
    expect(rate).to_be_hidden()
    expect(page.get_by_label("Your price").locator("xpath=following-sibling::span")).to_have_text("øre")


def test_a_missing_rate_is_named_and_a_price_in_kroner_says_how_it_came_about(page: Page) -> None:
    page.get_by_label("Currency of your bill").select_option("NOK")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-text")).to_contain_text("Enter what 1 EUR is in NOK")
    assert_good_on_a_phone(page)

    page.get_by_label("1 EUR is").fill("11,70")
    page.get_by_label("VAT on the market price").fill("25")
    page.get_by_label("Your supplier’s fee").fill("4,9")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Prices")
    expect(page.locator(".sums")).to_contain_text("At 1 EUR = 11.70 NOK")
    expect(page.locator(".sums .total")).to_contain_text("øre per kWh")
    assert_good_on_a_phone(page)
