"""The dashboard in a real browser: accessible, live without getting in the way, whole without scripts."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from charging.core.states import State
from charging.models import Policy, Vehicle
from tests import factories
from tests.views.cars import begin_story, make_own_car, sign_in, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTROLS = ["Check now", "Charge now", "Change ready-by", "Pause smart charging", "Show as table"]
OTHER_PAGES = ["car_charge_now", "car_ready_by", "car_pause", "car_minimum"]


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def make_page(browser: Browser, live_server: Any, client: DjangoClient) -> Any:
    """Opens a page as the driver of a car who is signed in; asserts at the end that nothing was blocked or broke."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(address: str, **context_values: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | context_values)
        contexts.append(context)
        session = client.cookies["readyby_session"].value
        context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server.url}{address}")
        return page

    yield open_page
    # A page left open goes on asking the server of every later test.
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ux_06_axe_finds_nothing_on_the_dashboard_in_any_state(
    make_page: Any, live_server: Any, client: DjangoClient, scheme: str
) -> None:
    driver = factories.make_driver()
    cars = {state: factories.make_parked_car(state=state, driver=driver, rule="below_minimum") for state in State}
    sign_in(client, cars[State.STOPPED])
    page = make_page(url("car", cars[State.STOPPED]), color_scheme=scheme, reduced_motion="reduce")
    found = {}

    for state, vehicle in cars.items():
        page.goto(f"{live_server.url}{url('car', vehicle)}")
        found[state] = violations(page)

    assert len(found) == 18
    assert {state: what for state, what in found.items() if what} == {}


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_ux_06_axe_finds_nothing_on_the_questions(make_page: Any, client: DjangoClient, name: str) -> None:
    vehicle = make_own_car(client)

    page = make_page(url(name, vehicle))

    assert violations(page) == []
    page.get_by_role("main").get_by_role("button").first.click()
    if name in {"car_ready_by", "car_minimum"}:
        expect(page.locator("#confirmation")).to_be_visible()


YOUR_DATA = ("/settings/your-data/", "/settings/your-data/erase/")


@pytest.mark.parametrize("address", ["/settings/", *YOUR_DATA, "/places/", "/prices/", "/help/"])
def test_ux_06_axe_finds_nothing_on_the_other_pages(make_page: Any, client: DjangoClient, address: str) -> None:
    make_own_car(client)

    page = make_page(address)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == [], scheme


@pytest.mark.parametrize("state", [State.STOPPED, State.START_FAILED], ids=lambda state: state.name)
def test_ux_04_nothing_is_wider_than_a_phone(make_page: Any, client: DjangoClient, state: State) -> None:
    vehicle = make_own_car(client, state)

    page = make_page(url("car", vehicle), viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for button in page.get_by_role("main").get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_ux_28_what_it_costs_follows_what_is_typed_before_it_is_pressed(make_page: Any, client: DjangoClient) -> None:
    page = make_page(url("car_charge_now", make_own_car(client)))
    cost = page.locator("#cost")
    expect(cost).to_contain_text("Charging until 80")

    page.get_by_label("Minutes").fill("30")

    expect(page.get_by_label("For some time", exact=True)).to_be_checked()
    expect(cost).to_contain_text("Charging for 30")
    expect(cost).to_contain_text("more than the plan")
    expect(page.get_by_label("Minutes")).to_be_focused()
    assert "csrf" not in page.url
    page.get_by_role("button", name="Show what it costs").click()
    expect(page.get_by_label("Minutes")).to_have_value("30")
    expect(cost).to_contain_text("Charging for 30")


def test_ux_28_charge_now_and_back_with_one_press_each(make_page: Any, client: DjangoClient) -> None:
    page = make_page(url("car", make_own_car(client)))

    page.get_by_role("button", name="Charge now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Charging now, as you asked")
    expect(page.locator("#confirmation")).to_be_focused()

    page.get_by_role("button", name="Back to smart charging").click()
    expect(page.locator("#confirmation")).to_have_text("Smart charging is back in control.")


def test_everything_works_without_scripts(make_page: Any, client: DjangoClient) -> None:
    vehicle = make_own_car(client)
    page = make_page(url("car", vehicle), java_script_enabled=False)

    page.get_by_role("link", name="Change ready-by").click()
    page.get_by_label("Ready by").fill("8.30")
    page.get_by_label("Every day").check()
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#confirmation")).to_have_text("Ready by 08:30 every day.")
    assert Policy.objects.get(vehicle=vehicle).deadline == time(8, 30)


def tick(page: Page) -> None:
    """Lets the page look again now, and waits until its four parts have come."""
    page.evaluate(
        """() => new Promise((resolve) => {
            let left = document.querySelectorAll("[hx-get]").length;
            document.body.addEventListener("htmx:afterRequest", () => { left -= 1; if (left === 0) resolve(); });
            document.body.dispatchEvent(new CustomEvent("tick"));
        })"""
    )


def finish_the_plan(vehicle: Vehicle) -> None:
    vehicle.plans.update(final_state=State.FINISHED, ended_at=factories.NOW)
    Vehicle.objects.filter(pk=vehicle.pk).update(state=State.FINISHED)


def test_ux_34_the_page_follows_the_car_without_a_reload(make_page: Any, client: DjangoClient) -> None:
    vehicle = make_own_car(client)
    page = make_page(url("car", vehicle))
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")
    finish_the_plan(vehicle)

    tick(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    expect(page).to_have_title("Done - Readyby")
    expect(page.locator("[data-announce^='Done.']")).to_have_count(1)


def test_ux_34_looking_again_never_moves_the_focus_or_closes_what_is_open(make_page: Any, client: DjangoClient) -> None:
    vehicle = make_own_car(client)
    page = make_page(url("car", vehicle))
    page.get_by_text("Show as table").click()
    charge_now = page.get_by_role("button", name="Charge now")
    charge_now.focus()
    Vehicle.objects.filter(pk=vehicle.pk).update(state=State.STARTING)

    tick(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Starting")
    expect(charge_now).to_be_focused()
    expect(page.locator("details[open]")).to_have_count(1)


def test_a_keyboard_reaches_every_control_in_order_and_sees_where_it_is(make_page: Any, client: DjangoClient) -> None:
    page = make_page(url("car", make_own_car(client)))
    reached = []

    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.textContent.trim()")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert outline != "none", name
        reached.append(name)

    assert reached[0] == "Skip to the main content"
    inside = [name for name in reached if name in set(CONTROLS)]
    assert inside == CONTROLS


def test_ux_35_a_dark_theme_is_chosen_with_one_press(make_page: Any, client: DjangoClient) -> None:
    page = make_page(url("car", make_own_car(client)))

    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")
