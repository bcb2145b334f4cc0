"""A real browser shows the operators' pages without a complaint about the content security policy or a script."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from tests import factories
from tests.admin.conftest import fill_history
from tests.admin.second_factor import code_of_the_app, enroll

WIDER_THAN_SHOWN = (
    "[...document.querySelectorAll('.case-scroll, .results')].filter(e => e.checkVisibility())"
    ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel || e.className)"
)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_an_operator_break_no_policy(live_server: LiveServer, page: Page, operator: User) -> None:
    car = factories.make_parked_car(state=State.STOPPED)
    fill_history(car, rows=12)
    place = car.driver.locations.get()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    enroll(operator)
    page.goto(f"{live_server.url}/admin/")
    page.fill("[name=login]", operator.email)
    page.fill("[name=password]", "a long password of theirs")
    page.click("[type=submit] >> text=Sign in")
    page.fill("[name=code]", code_of_the_app())
    page.click("text=Sign In")
    page.wait_for_url(f"{live_server.url}/admin/")
    seen, cut = [page.title()], []
    for address in (
        *("vehicle/", f"vehicle/{car.pk}/change/", f"vehicle/{car.pk}/re-evaluate/", f"vehicle/{car.pk}/history/"),
        *(f"location/{place.pk}/change/", f"policy/{car.pk}/change/", "plan/", "command/", "finding/"),
    ):
        page.goto(f"{live_server.url}/admin/charging/{address}")
        page.wait_for_load_state("networkidle")
        seen.append(page.title())
        if address in {"finding/", f"vehicle/{car.pk}/change/"}:
            cut += [f"{address}: {each}" for each in page.evaluate(WIDER_THAN_SHOWN)]

    assert all(title.endswith("| Readyby operations") for title in seen)
    assert complaints == []
    assert cut == [], "at 1280 pixels"
