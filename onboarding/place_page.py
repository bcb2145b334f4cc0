"""What the pages about places show: the outline around a point, its price area, and the cards of stored places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from charging.models import Driver, Location, PriceArea
from charging.operations import places, prices
from charging.operations.surroundings import Surroundings, nearest_town, surroundings_of
from charging.views.area_names import area_name
from charging.views.formatting import NO_BREAK
from onboarding.countries import covered_countries
from onboarding.place_form import nearest_example, point_of
from onboarding.place_input import DIRECTIONS, FARTHEST_ZOOM, NEAREST_ZOOM, Values, map_center
from onboarding.step_page import Visit

EQUATOR_M = 40_075_017
TILE_PX = 256
SMALLEST_CIRCLE_PX = 4


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A stored place on the list."""

    place: Location
    point: str
    area: str
    radius: str
    surroundings: Surroundings
    without_prices: str


def place_context(visit: Visit, values: Values) -> dict[str, Any]:
    """Everything around the form: map, point, price area, matches, and where tiles would come from."""
    latitude, longitude = map_center(values)
    point = point_of(values["latitude"], values["longitude"])
    radius = values.get("radius", "150")
    radius_m = int(radius) if radius.isascii() and radius.isdecimal() and len(radius) < 4 else 150
    vehicle = visit.draft.vehicle
    view = getattr(vehicle, "view", None)
    return {
        "values": values,
        "surroundings": surroundings_of(latitude, longitude, zoom=int(values["zoom"])),
        "circle_px": f"{_circle_px(radius_m, latitude, int(values['zoom'])):.1f}",
        "directions": direction_buttons(),
        "can_zoom_in": int(values["zoom"]) < NEAREST_ZOOM,
        "can_zoom_out": int(values["zoom"]) > FARTHEST_ZOOM,
        "center": f"{latitude:.5f},{longitude:.5f}",
        "has_car_position": view is not None and view.latitude is not None,
        "is_simulated": has_simulated_car(visit.driver),
        "matches": values.get("matches", []),
        "town": values.get("town", ""),
        "countries": covered_countries(),
        "tile_host": settings.TILE_URL.partition("//")[2].partition("/")[0].replace("{s}.", ""),
        **point_context(visit.driver, point, values.get("price_area", ""), visit.now),
    }


def point_context(driver: Driver, point: tuple[float, float] | None, area_code: str, now: datetime) -> dict[str, Any]:
    """The lines that name a point: where it is, its price area, and what to do without prices."""
    if point is None:
        return {"point": "", "area": None, "without_prices": "", "asks_example": False}
    # Looked for among all of them, since a database may not even be asked for a text with a null character.
    by_code = {area.code: area for area in PriceArea.objects.all()} if area_code else {}
    area = by_code.get(area_code) or places.price_area_at(*point)
    sentence = without_prices(area, driver, now)
    asks_example = bool(sentence) and has_simulated_car(driver)
    if asks_example:
        sentence = gettext("We have no prices here yet. Take those of another area to try it with")
    return {
        "point": point_words(*point),
        "area": area,
        "without_prices": sentence,
        "asks_example": asks_example,
        "countries": covered_countries(),
    }


def has_simulated_car(driver: Driver) -> bool:
    """Whether the driver has a car that may be tried with the prices of another area."""
    return any(vehicle.is_simulated for vehicle in driver.vehicles.all())


def with_example(driver: Driver, values: Values, now: datetime) -> Values:
    """Returns the form with an area whose prices stand in, where they are needed and nothing was answered yet.

    Where the point has prices of its own, a simulated car needs no others: the answer is taken away.
    """
    point = point_of(values["latitude"], values["longitude"])
    if point is None or not has_simulated_car(driver):
        return values
    if not point_context(driver, point, values.get("price_area", ""), now)["asks_example"]:
        return {name: value for name, value in values.items() if name != "example_area"}
    return {"example_area": nearest_example(point), **values}


def place_rows(visit: Visit) -> list[PlaceRow]:
    """The driver's places for the list."""
    stored = visit.driver.locations.with_prices().order_by("created_at", "pk")
    return [
        PlaceRow(
            place=place,
            point=point_words(place.latitude, place.longitude),
            area=area_words(place),
            radius=radius_words(place),
            surroundings=surroundings_of(place.latitude, place.longitude, zoom=6),
            without_prices=without_prices(place.pricing_area, visit.driver, visit.now),
        )
        for place in stored
    ]


def point_words(latitude: float, longitude: float) -> str:
    """Returns `58.1467 north, 7.9956 east, near Kristiansand`."""
    values = {"latitude": f"{abs(latitude):.4f}", "longitude": f"{abs(longitude):.4f}"}
    words = {
        (True, True): gettext("%(latitude)s north, %(longitude)s east"),
        (True, False): gettext("%(latitude)s north, %(longitude)s west"),
        (False, True): gettext("%(latitude)s south, %(longitude)s east"),
        (False, False): gettext("%(latitude)s south, %(longitude)s west"),
    }
    point = words[(latitude >= 0, longitude >= 0)] % values
    town = nearest_town(latitude, longitude)
    return gettext("%(point)s, near %(town)s") % {"point": point, "town": town} if town else point


def radius_words(place: Location) -> str:
    """Returns `within 150 m`."""
    return gettext("within %(distance)s") % {"distance": f"{place.radius_meters}{NO_BREAK}m"}


def area_words(place: Location) -> str:
    """Returns `Price area NO2 (South Norway)`, with the example where one lends its prices."""
    area = gettext("No price area")
    if place.price_area is not None:
        area = gettext("Price area %(area)s") % {"area": area_name(place.price_area)}
    if place.example_area is None:
        return area
    return gettext("%(area)s. Example prices of %(example)s") % {"area": area, "example": area_name(place.example_area)}


def without_prices(area: PriceArea | None, driver: Driver, now: datetime) -> str:
    """Returns what to say where no prices are known, nothing elsewhere."""
    if area is not None:
        period = prices.prices_between(
            area_code=area.code,
            start=now,
            end=now + timedelta(hours=1),
            is_accelerated=not driver.clock.shows_wall_time,
            now=now,
        )
        if period.intervals:
            return ""
    return gettext(
        "We have no prices here yet. You can save the place; smart charging starts when prices are available"
    )


def direction_buttons() -> list[dict[str, Any]]:
    """The eight move buttons in reading order, with a gap in the middle."""
    words = {
        "north-west": gettext("Move north-west"),
        "north": gettext("Move north"),
        "north-east": gettext("Move north-east"),
        "west": gettext("Move west"),
        "east": gettext("Move east"),
        "south-west": gettext("Move south-west"),
        "south": gettext("Move south"),
        "south-east": gettext("Move south-east"),
    }
    angles = {"north-west": -45, "north": 0, "north-east": 45, "west": -90, "east": 90}
    angles |= {"south-west": -135, "south": 180, "south-east": 135}
    return [{"value": value, "label": words[value], "angle": angles[value]} for value in DIRECTIONS]


def _circle_px(radius_m: int, latitude: float, zoom: int) -> float:
    meters_per_px: float = EQUATOR_M * max(0.01, cos(latitude * pi / 180)) / (TILE_PX * (1 << zoom))
    return max(SMALLEST_CIRCLE_PX, radius_m / meters_per_px)
