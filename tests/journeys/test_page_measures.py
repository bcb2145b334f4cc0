"""What pages weigh, how they bear larger text, whether they jump, and what they look like on paper."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.wizard_walk import CUT, Person, look_everywhere, open_place_form, walk

TILES = "**/*tile.openstreetmap.org/**"
MOST_SHIFT = 0.02
LARGE = "html { font-size: 200% !important; }"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
STYLE = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""
SHIFT = """() => new Promise((resolve) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) sum += entry.value; });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 250);
})"""
PARTS = """() => [location.href, ...performance.getEntriesByType("resource")
    .filter((entry) => ["link", "script", "img", "css"].includes(entry.initiatorType)).map((entry) => entry.name)]"""

pytestmark = pytest.mark.usefixtures("evening_with_prices")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.route(TILES, lambda route: route.abort())
    return page


def test_ux_05_larger_and_wider_text_is_never_cut_off(page: Page, live_server: LiveServer) -> None:
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        for kind, css, width in (("200 %", LARGE, 1280), ("200 %", LARGE, 640), ("spacing", SPACED, 360)):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(STYLE, css)
            over = page.evaluate("document.documentElement.scrollWidth") - width
            cut = page.evaluate(CUT)
            if over > 0 or cut:
                faults[f"{name}, {kind} at {width}"] = (over, cut)
        page.evaluate(STYLE, "")

    look_everywhere(Person(page, live_server.url), look)

    assert faults == {}


def test_ux_37_pages_written_from_the_right_fit_a_phone(page: Page, live_server: LiveServer) -> None:
    too_wide: dict[str, object] = {}

    def look(name: str) -> None:
        page.set_viewport_size({"width": 360, "height": 800})
        page.evaluate("document.documentElement.dir = 'rtl'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        # What stands over goes to the left there, where no scroll bar leads to it.
        outside = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().left < -1
                && !one.closest(".scroll, .visually-hidden, svg, .skip")).map((one) => one.outerHTML.slice(0, 80))"""
        )
        axis = page.locator("figure .plan-grid").first
        is_mirrored = axis.count() and axis.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
        if wide > 360 or outside or is_mirrored:
            too_wide[name] = (wide, outside, is_mirrored)

    look_everywhere(Person(page, live_server.url), look)

    assert too_wide == {}


def test_ux_07_pages_do_not_jump_while_they_load(page: Page, live_server: LiveServer) -> None:
    shifts: dict[str, float] = {}

    def look(name: str) -> None:
        shifts[name] = page.evaluate(SHIFT)

    look_everywhere(Person(page, live_server.url), look)

    assert {name: shift for name, shift in shifts.items() if shift > MOST_SHIFT} == {}


def weight_kb(page: Page) -> float:
    """The page with all that it loaded from its own server, compressed, in kB of 1,000 bytes."""
    own = {part for part in page.evaluate(PARTS) if "tile.openstreetmap" not in part and not part.startswith("data:")}
    return sum(len(gzip.compress(page.request.get(part).body())) for part in own) / 1000


def test_ux_08_pages_are_light(page: Page, live_server: LiveServer) -> None:
    weights: dict[str, float] = {}

    def look(name: str) -> None:
        weights[name] = weight_kb(page)

    walk(Person(page, live_server.url), look)
    page.goto(live_server.url + "/dashboard/")
    dashboard = weight_kb(page)

    assert len(weights) >= 10
    assert {name: kb for name, kb in weights.items() if kb > (100 if name.startswith("S7") else 45)} == {}
    assert dashboard <= 80


def test_ux_08_the_map_is_loaded_on_demand_and_stays_light(page: Page, live_server: LiveServer) -> None:
    open_place_form(Person(page, live_server.url))
    before = weight_kb(page)

    page.get_by_role("button", name="Open the map").click()
    expect(page.locator("#place-map")).to_be_focused()

    after = weight_kb(page)
    assert before <= 100
    assert before < after <= 150


def test_ux_38_a_plan_and_the_answers_are_readable_on_paper(page: Page, live_server: LiveServer) -> None:
    printed: dict[str, dict[str, object]] = {}

    def look(name: str) -> None:
        if name not in {"S8 check", "S10 first plan"}:
            return
        page.emulate_media(media="print", color_scheme="dark")
        printed[name] = page.evaluate(
            """() => ({
                hidden: [...document.querySelectorAll("nav, .foot, .actions, form")].every((one) => !one.offsetHeight),
                ink: getComputedStyle(document.querySelector("h1")).color,
                where: getComputedStyle(document.querySelector("main"), "::after").content,
            })"""
        )
        tables = page.locator("table")
        printed[name]["tables"] = [tables.nth(index).is_visible() for index in range(tables.count())]
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen", color_scheme="light")

    walk(Person(page, live_server.url), look)

    assert {name: (seen["hidden"], seen["ink"]) for name, seen in printed.items()} == {
        "S8 check": (True, "rgb(0, 0, 0)"),
        "S10 first plan": (True, "rgb(0, 0, 0)"),
    }
    assert "/setup/check" in str(printed["S8 check"]["where"])
    assert printed["S10 first plan"]["tables"] == [True, True]
