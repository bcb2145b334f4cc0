"""The open dashboard in a real browser: what it says aloud, what it shows when the server is gone, what goes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from charging.adapters.vehicles.simulated_car import SimulatedCar
from charging.adapters.vehicles.simulated_car_json import to_json
from charging.core.states import State
from charging.models import Vehicle
from tests.factories import NOW, make_simulated_car
from tests.views.cars import begin_story, make_own_car, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]

FRAGMENTS = "**/fragments/car/**"


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def vehicle(client: DjangoClient) -> Vehicle:
    """The car of the story, simulated as far as its strip asks."""
    vehicle = make_own_car(client)
    parked = SimulatedCar(
        seed=1, at=NOW, soc_percent=38.0, battery_capacity_kwh=77.0, max_power_kw=11.0, is_plugged_in=True
    )
    make_simulated_car(vehicle=vehicle, memory=to_json(parked))
    return vehicle


@pytest.fixture
def page(browser: Browser, live_server: Any, client: DjangoClient, vehicle: Vehicle) -> Iterator[Page]:
    """The dashboard, looking again when a test says so."""
    context = browser.new_context()
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{url('car', vehicle)}")
    yield page
    context.close()


def tick(page: Page) -> None:
    """Lets the page look again now, and waits until its four parts have come, or not."""
    page.evaluate(
        """() => new Promise((resolve) => {
            let left = document.querySelectorAll("[hx-get]").length;
            document.body.addEventListener("htmx:afterRequest", () => { left -= 1; if (left === 0) resolve(); });
            document.body.dispatchEvent(new CustomEvent("tick"));
        })"""
    )


def look_again(page: Page) -> None:
    """The same without waiting."""
    page.evaluate("document.body.dispatchEvent(new CustomEvent('tick'))")


def change_to(vehicle: Vehicle, state: State) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(state=state)


def strip_color(page: Page) -> str:
    color: str = page.evaluate("getComputedStyle(document.querySelector('#card .tone'), '::before').backgroundColor")
    return color


def test_the_first_look_says_nothing_that_the_page_has_said(page: Page) -> None:
    tick(page)

    expect(page.locator("#status")).to_be_empty()


def test_a_change_is_read_out_politely(page: Page, vehicle: Vehicle) -> None:
    change_to(vehicle, State.STARTING)

    tick(page)

    expect(page.locator("#status")).to_contain_text("Starting.")
    expect(page.locator("#alert")).to_be_empty()


def test_a_car_that_does_not_start_is_read_out_at_once_and_once(page: Page, vehicle: Vehicle) -> None:
    change_to(vehicle, State.STARTING)
    tick(page)
    change_to(vehicle, State.START_FAILED)

    tick(page)

    expect(page.locator("#alert")).to_contain_text("Your car did not start.")
    page.evaluate("document.getElementById('alert').textContent = ''")
    tick(page)
    expect(page.locator("#alert")).to_be_empty()


def test_the_strip_of_the_card_has_the_color_of_the_new_tone(page: Page, vehicle: Vehicle) -> None:
    before = strip_color(page)
    change_to(vehicle, State.START_FAILED)

    tick(page)

    assert strip_color(page) != before


def test_a_confirmation_goes_with_the_next_change(page: Page, vehicle: Vehicle) -> None:
    page.get_by_role("button", name="Speed ×600").click()
    sentence = page.locator("#confirmation")
    expect(sentence).to_contain_text("600 times as fast")
    tick(page)
    expect(sentence).to_be_visible()
    change_to(vehicle, State.STARTING)

    tick(page)

    expect(sentence).to_have_count(0)


@pytest.mark.parametrize(
    "failure", [lambda route: route.fulfill(status=503), lambda route: route.abort()], ids=["error", "no connection"]
)
def test_ux_34_a_page_that_hears_nothing_says_how_old_it_is_until_it_does(page: Page, failure: Any) -> None:
    page.route(FRAGMENTS, failure)
    look_again(page)
    expect(page.locator("#stale")).to_contain_text("Not up to date since ")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")
    page.unroute(FRAGMENTS)

    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator("#stale")).to_be_hidden()


def test_a_part_that_leads_to_the_sign_in_page_is_not_put_into_the_page(page: Page) -> None:
    page.route(FRAGMENTS, lambda route: route.fulfill(status=401, body="<p>Sign in</p>"))

    with page.expect_navigation():
        look_again(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")
