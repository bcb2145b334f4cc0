"""Connecting a real car in a real browser: with and without JavaScript, on a phone and on a desk, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import SESSION_KEY
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from charging.models import Connection, Vehicle
from tests.adapters.home_assistant_server import TOKEN, FakeHomeAssistant, serve_home_assistant
from tests.factories import make_account
from tests.feeds.server import Reply
from tests.journeys.test_wizard import AXE_RULES
from tests.journeys.wizard_walk import CUT, Look, Person, nothing

pytestmark = pytest.mark.usefixtures("evening_with_prices")

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
PICTURES = os.environ.get("READYBY_PICTURES", "")


@pytest.fixture
def server() -> Iterator[FakeHomeAssistant]:
    with serve_home_assistant() as server:
        server.now = datetime(2026, 1, 13, 20, 0, tzinfo=UTC)
        yield server


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    yield signed_in(context, live_server)
    context.close()


def signed_in(context: BrowserContext, live_server: LiveServer) -> Page:
    """A page of somebody who has an account."""
    client = Client()
    client.force_login(make_account())
    assert SESSION_KEY in client.session
    context.add_cookies(
        [{"name": "readyby_session", "value": client.cookies["readyby_session"].value, "url": live_server.url}]
    )
    return context.new_page()


def connect(person: Person, server: FakeHomeAssistant, look: Look = nothing) -> None:
    """From the first question to the second, through every page between."""
    person.open("/setup/car/")
    look("1 ways")
    person.select("Connect my car through Home Assistant")
    person.press("Continue")
    look("2 address")
    person.page.get_by_label("Address of Home Assistant").fill(server.url)
    person.page.get_by_label("Long-lived access token").fill("not-this-one")
    person.press("Test the connection")
    look("3 token refused")
    person.page.get_by_label("Long-lived access token").fill(TOKEN)
    person.press("Test the connection")
    look("4 which car")
    person.page.get_by_label("What do you call the car?").fill("Our car")
    person.page.get_by_label("Make").select_option("VOLVO")
    person.page.get_by_label("Battery size").fill("77")
    person.press("Connect this car")
    look("5 minimum")


def test_a_real_car_is_connected(any_page: Page, live_server: LiveServer, server: FakeHomeAssistant) -> None:
    person = Person(any_page, live_server.url)

    connect(person, server)

    assert any_page.url.endswith("/setup/minimum/")
    car = Vehicle.objects.get()
    assert (str(car), car.gateway, car.view.is_plugged_in) == ("Our car", "home_assistant", True)


def test_a_token_that_was_taken_back_is_replaced(
    any_page: Page, live_server: LiveServer, server: FakeHomeAssistant
) -> None:
    person = Person(any_page, live_server.url)
    connect(person, server)
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=Connection.objects.get().created_at)
    server.token = "a-newer-one"

    person.open("/settings/")
    person.page.locator("a[href$='/connection/']").click()
    person.page.get_by_label("New long-lived access token").fill("a-newer-one")
    person.press("Test and save the token")

    assert any_page.get_by_text("Connected again. We are asking your car.").is_visible()
    assert not Connection.objects.get().trouble


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_it_fits_and_axe_finds_nothing(
    size: str, colors: str, browser: Browser, live_server: LiveServer, server: FakeHomeAssistant
) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=colors)  # type: ignore[arg-type]
    page = signed_in(context, live_server)
    person = Person(page, live_server.url)
    found: dict[str, object] = {}

    def look(name: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name} {size} {colors}.png", full_page=True)
        violations = Axe().run(page, options=AXE_RULES).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth") > SIZES[size]["width"]
        if violations or wide or page.evaluate(CUT):
            nodes = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
            found[name] = (nodes, wide, page.evaluate(CUT))

    connect(person, server, look)
    person.open("/settings/")
    look("6 settings")
    person.page.locator("a[href$='/connection/']").click()
    look("7 connection")
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=Connection.objects.get().created_at)
    page.reload()
    look("8 sign in again")
    person.open(f"/car/{Vehicle.objects.get().public_id}/")
    look("9 dashboard")
    server.replies["/api/"] = Reply(b"", 502)
    person.open(f"/setup/car/home-assistant/{Connection.objects.get().public_id}/")
    look("10 silent")
    context.close()

    assert found == {}
