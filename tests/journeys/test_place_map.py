"""The map of the place form in a real browser: on a phone, by touch, without pictures, and without moving pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from charging.core.geo import distance_m
from tests.journeys.wizard_walk import Person, open_place_form

HOME = (58.1467, 7.9956)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 820, "height": 1000}, "has_touch": True, "is_mobile": True}

pytestmark = pytest.mark.usefixtures("evening_with_prices")


class Map:
    """The place form on a page of its own, with the tiles that were asked for; none of them comes."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.asked: list[str] = []
        page.route("**/*tile.openstreetmap.org/**", self._refuse)
        open_place_form(Person(page, base_url))

    def _refuse(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.abort()

    def go_home(self) -> None:
        self.page.locator("#id_latitude").evaluate("(field, value) => (field.value = value)", str(HOME[0]))
        self.page.locator("#id_longitude").evaluate("(field, value) => (field.value = value)", str(HOME[1]))

    def open(self) -> None:
        self.page.get_by_role("button", name="Open the map").click()
        expect(self.page.locator("#place-map")).to_be_focused()

    @property
    def point(self) -> tuple[float, float]:
        fields = ("#id_latitude", "#id_longitude")
        latitude, longitude = (float(self.page.locator(field).input_value()) for field in fields)
        return latitude, longitude


@pytest.fixture
def make_map(browser: Browser, live_server: LiveServer) -> Iterator[Any]:
    contexts = []

    def make(**device: Any) -> Map:
        contexts.append(browser.new_context(**device))
        return Map(contexts[-1].new_page(), live_server.url)

    yield make
    for context in contexts:
        context.close()


def test_ux_20_on_a_phone_the_map_covers_the_page_with_everything_that_moves_it(make_map: Any) -> None:
    shown = make_map(**PHONE)
    page = shown.page
    assert shown.asked == []
    shown.go_home()

    shown.open()

    box = page.locator("#map-panel").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert page.locator("#place-map").bounding_box()["height"] >= 200
    assert page.locator("h1").evaluate("heading => heading.closest('[inert]') !== null")
    for words in ("Move north-west", "Move south-east", "Zoom in", "Use this point", "Close the map"):
        inside = page.locator("#map-panel").get_by_role("button", name=words).last
        inside.click(trial=True)
    expect(page.locator("#location-message")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open the map")).to_be_focused()
    assert page.locator("[inert]").count() == 0


def test_on_a_wide_page_the_map_stays_in_its_place(make_map: Any) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})

    shown.open()

    assert shown.page.locator("[inert]").count() == 0
    assert shown.page.locator("#map-panel").evaluate("panel => getComputedStyle(panel).position") != "fixed"


@pytest.mark.parametrize(
    ("step", "meters"), [("10 m", 10), ("100 m", 100), ("1 km", 1000)], ids=["10 m", "100 m", "1 km"]
)
def test_a_move_button_moves_the_open_map_by_its_step_and_says_where_the_point_is(
    make_map: Any, step: str, meters: int
) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})
    page = shown.page
    shown.go_home()
    page.get_by_label(step, exact=True).check()
    shown.open()

    page.get_by_role("button", name="Move north", exact=True).click()

    expect(page.locator("#status")).to_contain_text("Point set: ")
    expect(page.locator("#status")).to_contain_text("near Kristiansand, price area NO2")
    assert shown.point[0] > HOME[0]
    assert distance_m(*HOME, *shown.point) == pytest.approx(meters, rel=0.1)


def test_ux_20_all_eight_buttons_move_their_own_way(make_map: Any) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})
    page = shown.page
    shown.go_home()
    shown.open()

    for words in ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"):
        before = shown.point
        page.get_by_role("button", name=f"Move {words}", exact=True).click()
        north, east = (round(after - then, 5) for after, then in zip(shown.point, before, strict=True))
        assert (north > 0, north < 0) == ("north" in words, "south" in words)
        assert (east > 0, east < 0) == ("east" in words, "west" in words)


def test_ux_20_the_crosshair_moves_by_arrow_keys_and_the_named_marker_follows_on_enter(make_map: Any) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})
    page = shown.page
    shown.go_home()
    page.fill("#id_name", "Cabin")
    shown.open()
    marker = page.locator("#place-map .leaflet-marker-icon")
    first = marker.bounding_box()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#status")).to_contain_text("Moved.")
    moved = marker.bounding_box()
    assert moved["x"] < first["x"]
    assert shown.point == HOME
    page.keyboard.press("Enter")

    expect(page.locator("#status")).to_contain_text("Point set: ")
    assert marker.bounding_box()["x"] == pytest.approx(first["x"], abs=1)
    assert marker.get_attribute("alt") == "Cabin"
    assert shown.point[1] > HOME[1]


def test_a_finger_scrolls_the_page_and_two_move_the_map(make_map: Any) -> None:
    shown = make_map(**TABLET)

    shown.open()

    assert shown.page.locator("#place-map").evaluate("map => getComputedStyle(map).touchAction") == "pan-x pan-y"
    expect(shown.page.locator("#location-message")).to_be_visible()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_ux_35_who_wants_less_motion_gets_a_map_that_does_not_move_by_itself(make_map: Any, motion: str) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900}, reduced_motion=motion)

    shown.open()

    moving = shown.page.locator("#place-map.leaflet-fade-anim, #place-map .leaflet-proxy")
    assert (moving.count() > 0) == (motion == "no-preference")


def test_without_pictures_a_grid_shows_that_the_map_moves(make_map: Any) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})

    shown.open()

    shown.page.get_by_text("Map pictures cannot be loaded.").first.wait_for()
    background = shown.page.locator("#place-map").evaluate("map => getComputedStyle(map).backgroundImage")
    assert background.count("repeating-linear-gradient") == 2
    assert shown.asked


def test_no_fragment_can_replace_the_map(make_map: Any) -> None:
    shown = make_map(viewport={"width": 1280, "height": 900})

    htmx = "[hx-get], [hx-post], [hx-target], [hx-swap], [hx-trigger]"
    assert shown.page.locator("#place-map").evaluate(f"map => map.closest('{htmx}') === null")
    assert shown.page.locator("#point #place-map").count() == 0


def test_ux_21_a_map_that_cannot_be_loaded_says_so_and_can_be_tried_again(make_map: Any) -> None:
    page = make_map().page
    page.route("**/leaflet.js", lambda route: route.abort())

    page.get_by_role("button", name="Open the map").click()

    expect(page.locator("#location-message")).to_contain_text("The move buttons and coordinates work all the same.")
    expect(page.get_by_role("button", name="Open the map")).to_be_focused()
    page.unroute("**/leaflet.js")
    page.get_by_role("button", name="Open the map").click()
    expect(page.locator("#place-map")).to_be_focused()
