"""Where a person stands after a refused form, and what a question shows beside an answer, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from charging.operations.prices import ensure_price_areas
from tests.onboarding.walk import answer_until, begin


@pytest.fixture(autouse=True)
def _areas(transactional_db: None) -> None:
    ensure_price_areas()
    cache.clear()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, client: Client) -> Iterator[Page]:
    """A guest in the middle of the wizard."""
    begin(client)
    answer_until(client, "other_control")
    context = browser.new_context(java_script_enabled=request.param, base_url=live_server.url)
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_ux_11_the_summary_of_a_refused_form_has_the_focus(page: Page) -> None:
    page.goto("/setup/minimum/")
    page.locator("input[name=minimum]").fill("lots")

    page.get_by_role("button", name="Continue").last.click()

    expect(page.locator(".summary")).to_be_focused()


def test_the_time_of_a_safety_net_is_asked_beside_that_answer_only(page: Page) -> None:
    page.goto("/setup/other-control/")
    question = page.get_by_label("When does the car’s own schedule start?")
    expect(question).to_be_hidden()

    page.get_by_label("I keep a schedule in the car as a safety net").check()

    expect(question).to_be_visible()
