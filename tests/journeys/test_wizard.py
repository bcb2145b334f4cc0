"""The wizard in a real browser, with and without JavaScript, by keyboard, on a phone, and for those who listen."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from charging.models import Location, Policy, Vehicle
from tests.journeys.wizard_walk import Person, let_time_pass, look_everywhere, open_place_form, walk

MOST_PRESSES = 12
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WITHOUT_A_WAY = """(controls) => controls.filter((one) => {
    if (one.localName === "button") return one.type !== "submit" || !one.form;
    if (one.localName === "a") return !one.getAttribute("href");
    return one.hasAttribute("hx-post") && !one.closest("form");
}).map((one) => one.outerHTML.slice(0, 120))"""
"""A script: what would do nothing without one. What looks again by itself is no control: it has a link or a form."""
TILE_HOST = "tile.openstreetmap.org"

pytestmark = pytest.mark.usefixtures("evening_with_prices")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.fixture(params=["light", "dark"])
def colored(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(color_scheme=request.param)
    yield context
    context.close()


def test_ux_01_and_ux_02_the_first_plan_is_twelve_presses_away(any_page: Page, live_server: LiveServer) -> None:
    person = Person(any_page, live_server.url)

    walk(person)

    assert any_page.locator("h1").inner_text() == "Your first plan"
    assert any_page.locator("figure.plan figcaption").is_visible()
    assert person.presses <= MOST_PRESSES
    assert Policy.objects.get().is_enabled
    assert Vehicle.objects.get().view.location == Location.objects.get()


def test_ux_02_without_a_script_every_control_that_shows_has_a_way(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    dead: dict[str, list[str]] = {}

    def look(name: str) -> None:
        controls = page.locator("button:visible:not([aria-disabled]), [hx-get]:visible, [hx-post]:visible")
        found = controls.evaluate_all(WITHOUT_A_WAY)
        if found:
            dead[name] = found

    look_everywhere(Person(page, live_server.url), look)
    context.close()

    assert dead == {}


def test_ux_04_no_page_is_wider_than_a_small_phone(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    too_wide: dict[str, int] = {}

    def look(name: str) -> None:
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 640})
            found = page.evaluate("document.documentElement.scrollWidth")
            if found > width:
                too_wide[f"{name} at {width}"] = found

    walk(Person(page, live_server.url), look)
    context.close()

    assert too_wide == {}


def test_ux_06_axe_finds_nothing_on_any_page(colored: BrowserContext, live_server: LiveServer) -> None:
    page = colored.new_page()
    violations: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        if found:
            violations[name] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]

    walk(Person(page, live_server.url), look)

    assert violations == {}


def test_ux_06_axe_finds_nothing_on_pages_with_errors_and_accounts(
    colored: BrowserContext, live_server: LiveServer
) -> None:
    page = colored.new_page()
    person = Person(page, live_server.url)
    violations: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        if found:
            violations[name] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]

    for path in ("/", "/accounts/login/", "/accounts/signup/"):
        person.open(path)
        look(path)
    person.open("/setup/start/")
    person.press("Try it with a simulated car")
    person.press("Continue", "link")
    person.press("Continue")
    page.fill("#id_minimum", "95")
    person.press("Continue")
    look("minimum with an error")

    assert violations == {}


def test_ux_09_pages_ask_nobody_else_and_keep_to_their_content_policy(page: Page, live_server: LiveServer) -> None:
    foreign: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(live_server.url) else foreign.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))

    walk(Person(page, live_server.url))

    assert foreign == []
    assert complaints == []


def test_ux_21_the_map_sets_a_point_by_keyboard_even_without_pictures(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(f"**/*{TILE_HOST}/**", refuse)
    open_place_form(Person(page, live_server.url))
    assert asked == []

    page.get_by_role("button", name="Open the map").press("Enter")
    container = page.locator("#place-map")
    container.wait_for(state="visible")
    expect(container).to_be_focused()
    for key in ("ArrowUp", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.locator("#point").get_by_text("Price area", exact=True).wait_for()
    page.get_by_text("Map pictures cannot be loaded.").first.wait_for()
    page.keyboard.press("Escape")

    assert asked
    assert page.evaluate("document.activeElement.id") == "open-map"
    assert not container.is_visible()
    # From afar a key moves 40 pixels: at zoom 4 and 60 degrees that is 40 x 156543 x cos(60) / 2^4 meters.
    expected = 60 + 40 * 156543 * 0.5 / 2**4 / 111_195
    assert float(page.locator("#id_latitude").input_value()) == pytest.approx(expected, abs=0.01)
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("heading", name="Home").wait_for()
    assert Location.objects.get().latitude == pytest.approx(expected, abs=0.01)


def test_ux_21_a_denied_position_says_what_to_do_instead(page: Page, live_server: LiveServer) -> None:
    open_place_form(Person(page, live_server.url))

    page.get_by_role("button", name="Use my location").click()

    page.get_by_text("Your browser did not give us your position. Search for the town instead").first.wait_for()


def test_the_browsers_position_fills_the_point(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(
        geolocation={"latitude": 63.43, "longitude": 10.4, "accuracy": 800}, permissions=["geolocation"]
    )
    page = context.new_page()
    open_place_form(Person(page, live_server.url))

    page.get_by_role("button", name="Use my location").click()

    page.get_by_text("Your position is only known to about 800 m.").first.wait_for()
    page.locator("#point").get_by_text("NO3 (Central Norway)").wait_for()
    context.close()


def press_by_keyboard(page: Page, words: str, most_tabs: int = 60) -> None:
    """Tabs to the control with these words, sees that the focus shows, and presses Enter."""
    for _ in range(most_tabs):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText || ''")
        if focused.strip() == words:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"{words} cannot be reached by keyboard")


def test_ux_03_the_whole_way_goes_by_keyboard(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/setup/start/")
    for words in ("Try it with a simulated car", "Continue", "Continue", "Continue"):
        press_by_keyboard(page, words)
    while page.evaluate("document.activeElement.name") != "other_control":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for words in ("Continue", "Continue", "Use an example place", "Continue", "Turn on smart charging"):
        press_by_keyboard(page, words)
    let_time_pass()
    press_by_keyboard(page, "See the first plan")

    assert page.locator("h1").inner_text() == "Your first plan"


def test_ux_13_browser_back_shows_the_saved_answer(page: Page, live_server: LiveServer) -> None:
    person = Person(page, live_server.url)
    person.open("/setup/start/")
    person.press("Try it with a simulated car")
    person.press("Continue", "link")
    person.press("Continue")
    page.fill("#id_minimum", "33")
    person.press("Continue")

    with page.expect_navigation():
        page.evaluate("history.back()")

    assert page.locator("#id_minimum").input_value() == "33"
    page.fill("#id_minimum", "34")
    person.press("Continue")
    assert page.url.endswith("/setup/other-control/")


def test_the_preview_follows_the_typed_time(page: Page, live_server: LiveServer) -> None:
    person = open_place_form(Person(page, live_server.url))
    person.press("Use an example place")
    person.open("/setup/ready-by/?return=check")
    page.locator("#preview").get_by_text("plan would be").wait_for()
    before = page.locator("#preview").inner_text()

    page.fill("#id_ready_by", "3:00")
    expect(page.locator("#preview")).not_to_have_text(before)

    page.fill("#id_ready_by", "7:5")
    expect(page.locator("#preview")).to_have_text("")


def test_ux_40_a_press_says_that_it_is_saving(page: Page, live_server: LiveServer) -> None:
    person = Person(page, live_server.url)
    person.open("/setup/start/")
    person.press("Try it with a simulated car")
    person.press("Continue", "link")
    page.route("**/setup/car/", lambda route: route.fulfill(status=204))
    page.clock.install()

    person.press_and_stay("Continue")

    expect(page.get_by_role("button", name="Saving...")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Saving...")
    page.clock.fast_forward(8_000)
    expect(page.locator(".still-saving")).to_have_text("Still saving. You can wait or reload; your answer is not lost.")
