"""A second car in a real browser on a phone: added, seen in the list and in the health check, and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from charging.models import Location, Policy, Vehicle
from tests.journeys.wizard_walk import CUT, Person, let_time_pass, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("evening_with_prices")]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=request.param)
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    """Nothing is cut off, nothing scrolls sideways, and axe finds nothing."""
    name = page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(CUT) == [], name
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], name


def add_second_car(person: Person) -> Vehicle:
    """From the settings through the wizard to the dashboard of the new car."""
    first, phone = Vehicle.objects.get(), person.page
    person.open("/settings/")
    look(phone)
    person.press("Add a car")
    look(phone)
    for _ in range(2):
        person.press("Continue")
    look(phone)
    person.select("Yes, nothing else controls charging")
    person.press("Continue")
    person.press("Continue")
    assert phone.locator("h2", has_text="Home").count() == 1, "the place is offered as it is"
    person.press("Continue")
    person.press("Turn on smart charging")
    let_time_pass()
    person.press("See the first plan", "link")
    look(phone)
    person.press("Go to dashboard", "link")
    return Vehicle.objects.exclude(pk=first.pk).get()


def test_a_second_car_is_added_and_removed_on_a_phone(phone: Page, live_server: Any) -> None:
    person = Person(phone, live_server.url)
    walk(person)
    first, policy = Vehicle.objects.get(), Policy.objects.get()

    second = add_second_car(person)
    assert phone.url.endswith(f"/car/{second.public_id}/")
    person.open("/dashboard/")
    look(phone)
    assert phone.locator("section.status").count() == 2
    person.open("/health/")
    look(phone)
    person.press(str(second), "link")
    look(phone)

    person.open(f"/car/{second.public_id}/remove/")
    look(phone)
    person.press("Remove this car")

    assert phone.get_by_text(f"{second} is removed.").is_visible()
    look(phone)
    assert list(Vehicle.objects.all()) == [first]
    assert Policy.objects.get() == policy
    assert Location.objects.count() == 1
