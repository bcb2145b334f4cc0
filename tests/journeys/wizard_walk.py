"""A person in a real browser: presses buttons by their words, and counts the presses."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page

from charging.models import Location, Vehicle
from charging.operations.clocks import wall_now
from charging.operations.sending import send_due_commands
from charging.operations.sweep import sweep

Look = Callable[[str], None]
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
    const style = getComputedStyle(element);
    if (element.closest(".visually-hidden, .skip, svg") || element.offsetHeight < 2) return false;
    const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    if (!hides || !element.textContent.trim()) return false;
    return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
}).map((element) => element.outerHTML.slice(0, 100))"""
"""A script: the first characters of all that hides a part of its text."""


def nothing(_name: str) -> None:
    """Looks at no page in particular."""


class Person:
    """Presses things on one page, and knows how often."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.presses = 0

    def open(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def press(self, words: str, role: str = "button") -> None:
        """Presses what leads to another page, and waits for it: a press too early would land on the page before."""
        with self.page.expect_navigation():
            self.press_and_stay(words, role)

    def press_and_stay(self, words: str, role: str = "button") -> None:
        """Presses without waiting for another page."""
        self.page.get_by_role(role, name=words).last.click()  # type: ignore[arg-type]
        self.presses += 1

    def select(self, words: str) -> None:
        self.page.get_by_label(words).check()
        self.presses += 1


def walk(person: Person, look: Look = nothing) -> None:
    """From the start page to the first plan along the shortest way, looking at every page on it."""
    person.open("/setup/start/")
    look("S1 start")
    person.press("Try it with a simulated car")
    look("S2 how")
    person.press("Continue", "link")
    look("S3 car")
    person.press("Continue")
    look("S4 minimum")
    person.press("Continue")
    look("S5 other control")
    person.select("Yes, nothing else controls charging")
    person.press("Continue")
    look("S6 ready by")
    person.press("Continue")
    look("S7 place")
    person.press("Use an example place")
    look("S7 places")
    person.press("Continue")
    look("S8 check")
    person.press("Turn on smart charging")
    look("S9 ready")
    let_time_pass()
    person.press("See the first plan", "link")
    look("S10 first plan")


def look_everywhere(person: Person, look: Look) -> None:
    """Every page of the wizard, and those that a driver opens from day to day."""
    walk(person, look)
    last_month = reverse("car_last_month", args=[Vehicle.objects.get().public_id])
    tariff = reverse("place_tariff", args=[Location.objects.get().public_id])
    for path in ("/", "/dashboard/", "/settings/", "/places/", tariff, "/history/", "/prices/", "/health/", last_month):
        person.open(path)
        assert person.page.locator("h1").inner_text() != "There is no page here", path
        look(path)


def open_place_form(person: Person) -> Person:
    """From the start page to the empty form of the first place."""
    person.open("/setup/start/")
    person.press("Try it with a simulated car")
    person.press("Continue", "link")
    person.press("Continue")
    person.press("Continue")
    person.select("Yes, nothing else controls charging")
    person.press("Continue")
    person.press("Continue")
    return person


def let_time_pass() -> None:
    """What the server's own clock does every second."""
    sweep(at_wall=wall_now())
    send_due_commands(at_wall=wall_now())
