"""A finding in a real browser on a phone: read, followed to its steps, answered, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from charging.core.causes import Cause
from charging.models import Finding, Vehicle
from tests.views.cars import begin_story, make_own_car, url
from tests.views.findings import TITLES, address_of, make_finding

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def finding(client: DjangoClient) -> Finding:
    """A timer in the car, found out at the evening of the story; the charger is a Zaptec."""
    vehicle = make_own_car(client)
    Vehicle.objects.filter(pk=vehicle.pk).update(charger_brand="Zaptec")
    return make_finding(vehicle)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def any_context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context
    context.close()


def open_page(context: BrowserContext, client: DjangoClient, live_server: Any, address: str) -> Page:
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{address}")
    return page


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def look_again(page: Page) -> None:
    """Lets the page look again now, and waits until its parts have come."""
    page.evaluate(
        """() => new Promise((resolve) => {
            let left = document.querySelectorAll("[hx-get]").length;
            document.body.addEventListener("htmx:afterRequest", () => { left -= 1; if (left === 0) resolve(); });
            document.body.dispatchEvent(new CustomEvent("tick"));
        })"""
    )


def test_a_driver_reads_the_card_follows_the_steps_and_says_it_is_done(
    any_context: BrowserContext, client: DjangoClient, live_server: Any, finding: Finding
) -> None:
    page = open_page(any_context, client, live_server, url("car", finding.vehicle))
    card = page.locator(".repair")
    expect(card.get_by_role("heading")).to_have_text(TITLES[Cause.TIMER])
    expect(card.get_by_text("Charging began, at 11 kW").first).to_be_hidden()

    card.get_by_text("What we saw").click()
    expect(card.get_by_text("Charging began, at 11 kW").first).to_be_visible()
    card.get_by_role("link", name="Show steps for Zaptec").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[Cause.TIMER])
    expect(page.locator("#charger-zaptec")).to_be_in_viewport()
    page.get_by_role("button", name="I have switched it off").click()

    expect(page.locator("#confirmation")).to_have_text("Watching: we will tell you after the next two nights.")
    expect(page.locator(".repair")).to_have_count(0)


def test_ux_06_axe_finds_nothing_wrong_with_a_finding(
    phone: BrowserContext, client: DjangoClient, live_server: Any, finding: Finding
) -> None:
    make_finding(finding.vehicle, Cause.TUG_OF_WAR)
    found: dict[str, list[str]] = {}

    for address in (url("car", finding.vehicle), address_of(finding), url("car_repairs", finding.vehicle), "/health/"):
        page = open_page(phone, client, live_server, address)
        for details in page.locator(".repair details").all():
            details.locator("summary").click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found[f"{address} {scheme}"] = violations(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", ["/guides/", "/guides/charger/zaptec/", "/guides/car/hyundai/"])
def test_ux_06_axe_finds_nothing_wrong_with_the_guides(phone: BrowserContext, live_server: Any, path: str) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}{path}")

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == []


def test_nothing_of_a_finding_is_wider_than_a_phone_or_too_small_to_press(
    phone: BrowserContext, client: DjangoClient, live_server: Any, finding: Finding
) -> None:
    for address in (url("car", finding.vehicle), address_of(finding)):
        page = open_page(phone, client, live_server, address)
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") == width
        for button in page.locator(".button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44


def test_what_is_open_stays_open_while_the_page_looks_again(
    phone: BrowserContext, client: DjangoClient, live_server: Any, finding: Finding
) -> None:
    page = open_page(phone, client, live_server, url("car", finding.vehicle))
    page.locator(".repair summary").click()
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")

    look_again(page)

    expect(page.locator(".repair details[open]")).to_have_count(1)
