"""From the index an operator sees what is wrong with a car in at most four clicks (UX 4)."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client as DjangoClient
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from charging.operations import due
from tests.admin.second_factor import sign_in_with_second_factor
from tests.admin.seeded_faults import FAULTS

pytestmark = pytest.mark.django_db(transaction=True)

MOST_CLICKS = 4


def clicks_to_the_cause(page: Page, index: str, user_id: str, words: tuple[str, ...]) -> int | None:
    """Types what the driver of the ticket said into the one box. Returns the clicks until all words are seen."""
    page.goto(index)
    page.fill("#find-car", user_id)
    page.click(".find-box [type=submit]")
    page.wait_for_selector("#case-headline")
    seen = " ".join(page.locator("#content").inner_text().replace("\N{NO-BREAK SPACE}", " ").split())
    return 1 if all(each in seen for each in words) else None


def test_an_operator_finds_the_cause_of_each_of_twelve_faults(
    live_server: LiveServer,
    browser: Browser,
    client: DjangoClient,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(due, "POLL_SIMULATED_WHILE_CHANGING", due.POLL_WHILE_CHANGING)
    cars = {name: make(f"{name} of the ticket") for name, (make, _words) in FAULTS.items()}
    sign_in_with_second_factor(client, operator)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = client.cookies["readyby_session"].value
    context.add_cookies([{"name": "readyby_session", "value": session, "url": live_server.url}])
    page = context.new_page()

    clicks, where = {}, {}
    for name, (_make, words) in FAULTS.items():
        index = f"{live_server.url}/admin/"
        clicks[name] = clicks_to_the_cause(page, index, f"{name} of the ticket", words)
        where[name] = page.url.removeprefix(index)
    context.close()

    assert len(FAULTS) == 12
    assert where == {name: f"charging/vehicle/{car.pk}/change/" for name, car in cars.items()}
    assert {name: count for name, count in clicks.items() if count is None or count > MOST_CLICKS} == {}
