"""UX-36: every page in every language, and in one that nobody speaks, fits a phone and shows no text untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.adapters.well_known_towns import cities
from charging.operations.guides import all_guides
from config.languages import LANGUAGES
from tests.journeys.fitting import CRAMPED
from tests.journeys.wizard_walk import CUT, Person, look_everywhere
from tests.pseudo_locale import CODE, OPENS, write_catalog

pytestmark = pytest.mark.usefixtures("evening_with_prices")

TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest("script, style, template, code, .languages, .brand")) continue;
        texts.push(walker.currentNode.data.trim().replace(/\\s+/g, " "));
    }
    for (const one of document.querySelectorAll("[aria-label], [placeholder], [alt]"))
        texts.push(one.ariaLabel || "", one.placeholder || "", one.alt || "");
    return texts.filter((text) => /[A-Za-z]{2}/.test(text));
}"""
# What is no text of ours: names of things, units, codes, hosts, and dates, which Django writes.
NAMES = re.compile(
    r"Readyby|ID\.3|Volkswagen|Europe/\w+|[A-Z]{2}\d?\b|km\b|kWh?|EUR|NOK|CET|UTC|CSV|Nord Pool|OpenStreetMap"
    r"|[\w.-]+\.\w+/?|(\d+ )?(December|January|Dec|Jan)( \d{4})?"
)
THEIRS = ("Home",)
"""What the person on the way through the pages, who reads English, called their place."""


def names() -> frozenset[str]:
    """Towns and brands, which are called the same everywhere, and what the person has named."""
    towns = {name for city in cities() for name in (city.name, *city.other_names)}
    return frozenset({*towns, *(guide.brand for guide in all_guides()), *THEIRS})


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    yield context
    context.close()


@pytest.fixture
def pseudo_locale(settings: Settings, tmp_path: Path) -> None:
    write_catalog(tmp_path)
    settings.LOCALE_PATHS = [tmp_path, *django_settings.LOCALE_PATHS]
    settings.LANGUAGES = (*LANGUAGES, (CODE, "Pseudo"))


@pytest.mark.usefixtures("pseudo_locale")
def test_ux_36_every_page_fits_a_phone_in_every_language_and_is_translated(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page, other = context.new_page(), context.new_page()
    faults: dict[str, object] = {}
    untranslated: dict[str, str] = {}
    known = names()

    def look(name: str) -> None:
        for language in (*(code for code, _ in LANGUAGES if code != "en"), CODE):
            context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
            other.goto(page.url)
            assert other.evaluate("document.documentElement.lang") == language, name
            wide, cut = other.evaluate("document.documentElement.scrollWidth"), other.evaluate(CUT)
            cramped = other.evaluate(CRAMPED)
            if wide > 360 or cut or cramped:
                faults[f"{name} in {language}"] = (wide, cut, cramped)
        texts: list[str] = other.evaluate(TEXTS)
        assert any(OPENS in text for text in texts), name
        left = {text: NAMES.sub("", text) for text in texts if OPENS not in text and text not in known}
        untranslated.update({text: name for text, rest in left.items() if re.search("[A-Za-z]{2}", rest)})
        context.clear_cookies(name="django_language")

    look_everywhere(Person(page, live_server.url), look)

    assert faults == {}
    assert untranslated == {}
