"""The open readiness check in a real browser: the page goes on together, and says which row changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from charging.models import Vehicle
from charging.operations import simulation
from charging.operations.clocks import own_now
from tests.onboarding.walk import URLS, answer_until, begin, send

pytestmark = pytest.mark.usefixtures("evening_with_prices")


@pytest.fixture
def vehicle(client: Client) -> Vehicle:
    """A car with smart charging on that stands at home without its cable."""
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")
    vehicle = Vehicle.objects.select_related("driver").get()
    simulation.unplug(vehicle=vehicle, now=own_now(driver=vehicle.driver))
    return vehicle


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, client: Client, vehicle: Vehicle) -> Iterator[Page]:
    context = browser.new_context()
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/setup/ready/")
    yield page
    context.close()


def look_again(page: Page) -> None:
    page.evaluate("document.body.dispatchEvent(new CustomEvent('tick'))")


def plug_in(vehicle: Vehicle) -> None:
    simulation.plug_in(vehicle=vehicle, now=own_now(driver=vehicle.driver))


def test_ux_23_title_rows_and_buttons_change_together(page: Page, vehicle: Vehicle) -> None:
    expect(page.locator("h1")).to_have_text("Almost ready: plug in your car")
    plug_in(vehicle)

    look_again(page)

    expect(page.locator("h1")).not_to_have_text("Almost ready: plug in your car")
    expect(page.get_by_role("button", name="Plug in now")).to_have_count(0)
    assert page.title() == f"{page.locator('h1').inner_text()} - Readyby"


def test_ux_23_the_row_that_changed_is_read_out(page: Page, vehicle: Vehicle) -> None:
    plug_in(vehicle)

    look_again(page)

    expect(page.locator("#status")).to_contain_text("Plugged in: ready.")
    expect(page.locator("#status")).not_to_contain_text("Place set")


def test_a_button_with_the_focus_stays_while_the_rest_goes_on(page: Page, vehicle: Vehicle) -> None:
    page.get_by_role("button", name="Plug in now").focus()
    plug_in(vehicle)

    look_again(page)

    expect(page.locator("h1")).not_to_have_text("Almost ready: plug in your car")
    expect(page.get_by_role("button", name="Plug in now")).to_be_focused()
