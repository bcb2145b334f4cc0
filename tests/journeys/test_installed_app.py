"""Readyby among the apps of a phone, in a real browser: what it shows without a connection, and what it forgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from charging.models import SmartOverride, Vehicle
from charging.views import installed_app
from tests.views.cars import begin_story, make_own_car, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("story_time")]

IN_CHARGE = "navigator.serviceWorker.controller !== null"
IS_KEPT = "Boolean(await caches.match('/last-status'))"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    return found;
}"""


def wait_until(page: Page, condition: str) -> None:
    """Waits for what may have to be awaited itself, half a minute at most."""
    page.evaluate(
        f"""async () => {{
            for (let turn = 0; !({condition}); turn += 1) {{
                if (turn > 600) throw new Error("never");
                await new Promise((resolve) => setTimeout(resolve, 50));
            }}
        }}"""
    )


@pytest.fixture
def story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def vehicle(client: DjangoClient) -> Vehicle:
    return make_own_car(client)


@pytest.fixture
def context(browser: Browser, live_server: Any, client: DjangoClient, vehicle: Vehicle) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url)
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, vehicle: Vehicle) -> Page:
    """The dashboard, once the script for the time without a connection is in charge."""
    page = context.new_page()
    page.goto(url("car", vehicle))
    wait_until(page, IN_CHARGE)
    wait_until(page, IS_KEPT)
    return page


def test_ux_39_without_a_connection_the_last_status_is_shown_with_its_time(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.get_by_role("heading", level=2)).to_have_text("Waiting for cheaper hours")
    expect(page.locator("[data-as-of]")).to_contain_text("offline")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight") != "0px"
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")


def test_other_pages_give_way_too_and_no_page_of_a_person_is_kept(page: Page, context: BrowserContext) -> None:
    page.goto("/history/")
    context.set_offline(True)

    page.goto("/settings/")

    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    kept = page.evaluate(KEPT)
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline/", "/last-status"}


def test_ux_39_after_the_sign_out_nothing_of_the_person_is_left(page: Page, context: BrowserContext) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button").first.click()
    wait_until(page, f"!({IS_KEPT})")
    context.set_offline(True)

    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.locator("#last-status")).to_be_hidden()


def test_ux_28_a_press_without_a_connection_is_not_sent_later_and_says_so(page: Page, context: BrowserContext) -> None:
    context.set_offline(True)

    page.get_by_role("button", name="Charge now").click()

    expect(page.locator(".still-saving")).to_contain_text("No connection: nothing was sent")
    expect(page.locator("#status")).to_contain_text("No connection: nothing was sent")
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for cheaper hours")
    assert not SmartOverride.objects.exists()

    page.get_by_role("button", name="Charge now").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Charging now, as you asked")


def test_ux_39_a_new_version_takes_over_and_the_old_files_go(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    [old] = [name for name in page.evaluate("caches.keys()") if name.startswith("readyby-shell-")]
    monkeypatch.setattr(installed_app, "_version", lambda _page: "another")

    page.evaluate("navigator.serviceWorker.getRegistration().then((known) => known.update())")

    wait_until(page, f"!(await caches.has('{old}'))")
    assert set(page.evaluate("caches.keys()")) == {"readyby-status", "readyby-shell-another"}
