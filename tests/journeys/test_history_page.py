"""History and How we calculate on a phone in a real browser: accessible, nothing cut off, one press to the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from charging.models import Vehicle
from tests.journeys.test_dashboard_page import violations
from tests.views.cars import begin_story, make_own_car, url
from tests.views.nights import make_night
from tests.views.test_savings_page import make_example

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def vehicle(client: DjangoClient) -> Vehicle:
    """A car with an example, a loss in another currency, and months to compare."""
    vehicle = make_own_car(client)
    make_example(vehicle, protective_energy_kwh=1.2, protective_cost="0.40")
    make_night(vehicle, days_ago=35, currency="SEK", cost=12, cost_charged_at_once=10, saving=-2)
    for days_ago in (40, 70):
        make_night(vehicle, days_ago=days_ago)
    return vehicle


@pytest.fixture
def page(browser: Browser, live_server: Any, client: DjangoClient, vehicle: Vehicle) -> Iterator[Page]:
    """The dashboard on a phone; asserts at the end that nothing was blocked or broke."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=True)
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}{url('car', vehicle)}")
    yield page
    context.close()
    assert complaints == []


def assert_good_on_a_phone(page: Page) -> None:
    """Nothing for axe to find by day and by night, and nothing wider than the page at 360 and at 320 pixels."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == [], scheme
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 360, "height": 800})


def test_from_the_dashboard_to_the_history_and_to_the_numbers_behind_a_saving(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    expect(page.get_by_role("navigation", name="Period").get_by_role("link", name="This year")).to_have_attribute(
        "aria-current", "true"
    )
    assert_good_on_a_phone(page)

    page.get_by_role("navigation", name="Period").get_by_role("link", name="30 days").click()
    expect(page.get_by_role("table")).to_have_count(1)

    page.get_by_role("link", name="9 December").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The charge of 9 December at Home")
    expect(page.get_by_role("table", name="What was charged")).to_contain_text("0.55")
    expect(page.get_by_role("table", name="The same, charged at once")).to_contain_text("1.64")
    assert_good_on_a_phone(page)

    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")


def test_the_file_comes_with_one_press(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="History").click()

    with page.expect_download() as started:
        page.get_by_role("link", name="Download CSV").click()

    assert started.value.suggested_filename == "readyby-year.csv"


def test_the_money_card_leads_to_how_it_is_reckoned(page: Page) -> None:
    expect(page.locator("#live-side")).to_contain_text("Up to your minimum, at any price")

    page.get_by_role("link", name="How we calculate").click()

    expect(page.get_by_role("heading", level=2, name="The charge of 9 December at Home")).to_be_visible()
