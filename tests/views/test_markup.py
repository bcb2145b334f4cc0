"""The HTML of pages: well formed, one h1 that begins the title, ids that are there once, tables to listen to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.core.states import State
from charging.operations.prices import ensure_price_areas
from tests.factories import make_finding
from tests.onboarding.walk import URLS, answer_until, begin, page, send
from tests.views.cars import begin_story, make_own_car, url

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
CLOSED_BY_ITSELF = frozenset({"path", "rect", "line", "circle", "use", "polyline", "polygon", "ellipse"})
NAMES_OTHERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
PATHS = (
    "/",
    "/help/",
    "/guides/",
    "/places/",
    "/history/",
    "/prices/",
    "/health/",
    "/settings/",
    "/settings/your-data/",
    "/settings/your-data/erase/",
    "/offline/",
    "/api/docs",
)
OF_A_CAR = (
    "car",
    "car_ready_by",
    "car_days",
    "car_minimum",
    "car_pause",
    "car_charge_now",
    "car_savings",
    "car_repairs",
    "car_health",
    "car_remove",
    "car_place",
    "car_name",
)


@dataclass
class Page(HTMLParser):
    """Reads a page strictly; `faults` says what a validator would."""

    faults: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        self.faults += [f"{name} twice in <{tag}>" for name, times in Counter(names).items() if times > 1]
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids[values["id"]] += 1
        for name in NAMES_OTHERS:
            self.named += values.get(name, "").split()
        if tag == "th" and values.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            self.faults.append("th without a scope")
        if tag == "table":
            self.words.setdefault("table", []).append("")
        if tag not in VOID:
            self.open_tags.append(tag)
        if tag in {"h1", "title", "caption"}:
            self.words.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open_tags.pop()
            if tag not in CLOSED_BY_ITSELF:
                self.faults.append(f"<{tag}/> is no element without an end")

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.faults.append(f"</{tag}> closes another element, at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        for tag in ("h1", "title", "caption"):
            if tag in self.open_tags and self.words.get(tag):
                self.words[tag][-1] += data


def faults_of(html: str) -> list[str]:
    """Returns what is wrong with a page, in words."""
    read = Page()
    read.feed(html)
    found = [*read.faults, *(f"<{tag}> is not closed" for tag in read.open_tags)]
    found += [f"id {name} {times} times" for name, times in read.ids.items() if times > 1]
    found += [f"nothing has the id {name}" for name in read.named if name not in read.ids]
    headings, titles = ([" ".join(words.split()) for words in read.words.get(tag, ())] for tag in ("h1", "title"))
    if len(headings) != 1 or not titles or not titles[0].removeprefix("Error: ").startswith(headings[0]):
        found.append(f"h1 {headings}, title {titles}")
    if len(read.words.get("table", ())) != len([words for words in read.words.get("caption", ()) if words.strip()]):
        found.append("a table without a caption")
    return found


@pytest.fixture(autouse=True)
def story_time(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h1>A</h1><title>A</title><p><b>x</p></b>", "closes another"),
        ("<h1>A</h1><title>A</title><p id='x'></p><p id='x'></p>", "id x 2 times"),
        ("<h1>A</h1><title>B</title>", "title ['B']"),
        ("<h1>A</h1><title>A</title><label for='y'>x</label>", "the id y"),
        ("<h1>A</h1><title>A</title><table><tr><th>x</th></tr></table>", "without a scope"),
    ],
)
def test_what_is_wrong_is_found(html: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(html))


@pytest.mark.parametrize("path", PATHS)
def test_ux_10_the_markup_of_a_page_is_valid(path: str, client: Browser) -> None:
    make_own_car(client)
    browser = Browser() if path in {"/", "/offline/", "/api/docs"} else client

    assert faults_of(page(browser, path)) == []


@pytest.mark.parametrize("state", list(State), ids=lambda state: state.name)
def test_ux_10_and_27_the_dashboard_is_valid_in_every_state(state: State, client: Browser) -> None:
    assert faults_of(page(client, url("car", make_own_car(client, state)))) == []


@pytest.mark.parametrize("name", OF_A_CAR)
def test_ux_10_the_other_pages_of_a_car_are_valid(name: str, client: Browser) -> None:
    assert faults_of(page(client, url(name, make_own_car(client)))) == []


def test_ux_10_the_page_of_a_finding_is_valid(client: Browser) -> None:
    vehicle = make_own_car(client)
    finding = make_finding(vehicle=vehicle)

    assert faults_of(page(client, url("car_finding", vehicle, str(finding.pk)))) == []


def test_ux_10_and_27_every_page_of_the_wizard_is_valid(client: Browser, settings: Settings) -> None:
    settings.READYBY_NOW = datetime(2026, 1, 13, 20, 0, tzinfo=UTC)
    ensure_price_areas()
    faults = {path: faults_of(page(client, path)) for path in ("/setup/start/", "/setup/how/")}
    begin(client)
    for step, path in URLS.items():
        answer_until(client, step)
        faults[path] = faults_of(page(client, path))
    wrong = send(client, URLS["minimum"], minimum="no number")
    faults["minimum with an error"] = faults_of(wrong.content.decode())
    send(client, URLS["check"], turn_on="1")
    for path in ("/setup/ready/", "/setup/first-plan/"):
        faults[path] = faults_of(page(client, path))

    assert {path: found for path, found in faults.items() if found} == {}
