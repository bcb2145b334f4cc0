"""The operators' pages pass axe in both themes, on a desk and on a phone."""

from __future__ import annotations

import uuid
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.models import ConnectedCar, Farewell, ReceivedDelivery, Vehicle
from charging.operations import clocks
from tests import factories
from tests.admin.conftest import fill_history
from tests.admin.second_factor import sign_in_with_second_factor
from tests.connections import make_connection
from tests.factories import at
from tests.views.cars import begin_story
from tests.wizard_rows import make_wizard_event

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (1280, "light"),
    (1280, "dark"),
    (360, "dark"),
    (360, "light"),
)
WHOLE = {(1280, "light"), (360, "dark")}
OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size")
"""What colors and widths change; all other rules are asked once for each width."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def make_case() -> Vehicle:
    """A car with a plan at real prices, and one row of everything that happened."""
    area = factories.make_price_area()
    for day in (9, 10):
        prices = [0.02 if 4 <= quarter < 20 else 0.20 for quarter in range(96)]
        factories.make_prices(area=area, day_start=at(0, day=day), prices=prices)
    car = factories.make_parked_car(state=State.STOPPED)
    fill_history(car)
    car.overrides.all().delete()
    factories.make_finding(vehicle=car)
    ConnectedCar.objects.create(
        vehicle=car, connection=make_connection(driver=car.driver), entities={"level": "sensor.level"},
        obstacle="CONTROL_GONE", obstacle_names=["switch.charge"], obstacle_since=at(20), control_looked_at=at(21),
    )  # fmt: skip
    Farewell.objects.create(user_id=uuid.uuid4(), created_at=at(20), next_try_at=at(22), attempts=2)
    ReceivedDelivery.objects.create(delivery_id="delivery 1", body_checksum="c0ffee" * 10, received_at=at(21))
    return car


def addresses_of(car: Vehicle) -> dict[str, str]:
    place = car.driver.locations.get().pk
    supposed = f"is_plugged_in=on&location={place}&is_enabled=on&price_factor=1.5&at=2025-12-09T22:04"
    what_if = f"vehicle/{car.pk}/what-if/"
    return {
        "index": "",
        "case file": f"charging/vehicle/{car.pk}/change/",
        "what if": f"charging/{what_if}?soc_percent=20&deadline=05:00&minimum_percent=10&{supposed}",
        "what if, bad input": f"charging/{what_if}?soc_percent=200&at=x",
        "decision": f"charging/decisionlog/{car.decisions.get().pk}/change/",
        "decision log": f"charging/decisionlog/?car={car.pk}",
        "cars": "charging/vehicle/?q=driver",
        "commands": f"charging/command/?car={car.pk}",
        "finding": f"charging/finding/{car.findings.latest('pk').pk}/change/",
        "findings": "charging/finding/",
        "guides": "charging/finding/guides/",
        "guide": "charging/finding/guides/charger/zaptec/?language=de",
        "funnel": "charging/wizardevent/funnel/",
        "connected car": f"charging/connectedcar/{ConnectedCar.objects.get().pk}/change/",
        "connected cars": "charging/connectedcar/",
        "farewells": "charging/farewell/",
        "deliveries": "charging/receiveddelivery/",
        "delivery": f"charging/receiveddelivery/{ReceivedDelivery.objects.get().pk}/change/",
        "way to the driver's pages": f"charging/driver/{car.driver_id}/view-as/",
    }


def violations(page: Page, *rules: str) -> list[str]:
    """What breaks the rules, or without any named all of TAGS."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": only}).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def test_ux_06_no_page_of_an_operator_has_a_violation_or_is_wider_than_the_screen(
    live_server: LiveServer,
    browser: Browser,
    client: DjangoClient,
    operator: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a desk and on a phone, in both themes: each page is opened once, and looked at four times."""
    begin_story(settings, monkeypatch)
    car = make_case()
    make_wizard_event(at=clocks.wall_now(), happened="refused", field="soc", code="invalid")
    sign_in_with_second_factor(client, operator)
    context = browser.new_context()
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()

    found, wide = {}, {}
    for name, address in addresses_of(car).items():
        answer = page.goto(f"{live_server.url}/admin/{address}")
        assert answer is not None
        assert (answer.status, page.url) == (200, f"{live_server.url}/admin/{address}")
        page.evaluate("document.querySelectorAll('#content details').forEach((each) => { each.open = true; })")
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
            rules = () if (width, scheme) in WHOLE else OF_LOOKS
            found[name, width, scheme] = violations(page, *rules)
            wide[name, width, scheme] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()

    assert {name: told for name, told in found.items() if told} == {}
    assert {name: too_much for name, too_much in wide.items() if too_much > 0} == {}


def test_the_case_is_copied_with_a_button_and_by_hand_without_scripts(
    live_server: LiveServer, browser: Browser, client: DjangoClient, operator: User
) -> None:
    car = factories.make_parked_car(state=State.STOPPED)
    sign_in_with_second_factor(client, operator)
    session = client.cookies["readyby_session"].value
    seen = []
    for has_scripts in (True, False):
        context = browser.new_context(java_script_enabled=has_scripts)
        context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/charging/vehicle/{car.pk}/change/")
        page.click("text=Copy as text")
        button = page.locator("[data-copy]")
        if has_scripts:
            button.click()
            page.wait_for_function("document.querySelector('[data-copy]').textContent === 'Copied'")
        seen.append((button.is_visible(), page.locator("#case-text").input_value().splitlines()[0]))
        context.close()

    assert seen == [(True, f"Case of car {car.public_id}"), (False, f"Case of car {car.public_id}")]
