"""Connecting a car at an MQTT broker in a real browser: each page on a phone and on a desk, light and dark."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from charging.models import Connection, Vehicle
from tests.adapters.mqtt_server import PASSWORD, USER, FakeBroker, serve_broker
from tests.adapters.test_mqtt_discovery import TESLAMATE
from tests.journeys.test_home_assistant import SIZES, signed_in
from tests.journeys.test_wizard import AXE_RULES
from tests.journeys.wizard_walk import CUT, Person

pytestmark = pytest.mark.usefixtures("evening_with_prices")

PICTURES = os.environ.get("READYBY_PICTURES", "")


def faults_of(person: Person, name: str) -> list[object]:
    """What is wrong with the page that is open, in any of the sizes and colors."""
    page = person.page
    found: list[object] = []
    for size, viewport in SIZES.items():
        page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        for colors in ("light", "dark"):
            page.emulate_media(color_scheme=colors, reduced_motion="reduce")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"mqtt {name} {size} {colors}.png", full_page=True)
            violations = Axe().run(page, options=AXE_RULES).response["violations"]
            nodes = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
            wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
            found += [(name, size, colors, nodes, wide)] if nodes or wide or page.evaluate(CUT) else []
    return found


def fill_in(person: Person, broker: FakeBroker, password: str) -> None:
    person.page.get_by_label("Address of the broker").fill(broker.url)
    person.page.get_by_label("User of the broker").fill(USER)
    person.page.get_by_label("Password of that user").fill(password)
    person.press("Test the connection")


def test_a_car_at_a_broker_is_connected(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context()
    person = Person(signed_in(context, live_server), live_server.url)
    with serve_broker() as broker:
        broker.now = datetime(2026, 1, 13, 20, 0, tzinfo=UTC)
        broker.changed = dict(TESLAMATE)
        person.open("/setup/car/")
        person.select("Connect my car through an MQTT broker")
        person.press("Continue")
        fill_in(person, broker, "not this one")
        found = faults_of(person, "1 refused")
        fill_in(person, broker, PASSWORD)
        found += faults_of(person, "2 topics")
        person.page.get_by_role("link", name="TeslaMate: Blue one").click()
        person.press("Connect this car")
        found += faults_of(person, "3 nothing starts it")
        person.page.go_back()
        person.page.get_by_role("link", name="evcc: Garage").click()
        person.page.get_by_label("What do you call the car?").fill("Our car")
        person.page.get_by_label("Make").select_option("VOLVO")
        person.page.get_by_label("Battery size").fill("77")
        person.press("Connect this car")
        assert person.page.url.endswith("/setup/minimum/")
        car = Vehicle.objects.get()
        assert (str(car), car.gateway, car.view.is_plugged_in) == ("Our car", "mqtt", True)
        Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=Connection.objects.get().created_at)
        person.open("/settings/")
        person.page.locator("a[href$='/connection/']").click()
        found += faults_of(person, "4 sign in again")
        broker.secret = (USER, "a newer one")
        person.page.get_by_label("User of the broker").fill(USER)
        person.page.get_by_label("Password of that user").fill("a newer one")
        person.press("Test and save")
        assert person.page.get_by_text("Connected again. We are asking your car.").is_visible()
    context.close()

    assert found == []
