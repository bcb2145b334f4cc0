"""The place form while it is being filled in: buttons move the point, search for one, or take the car's."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from typing import Any

from django.utils.translation import gettext

from charging.models import VehicleView
from charging.operations import places
from onboarding.countries import NAMES
from onboarding.place_form import STEPS_M, point_of

DIRECTIONS = {
    "north-west": (1, -1),
    "north": (1, 0),
    "north-east": (1, 1),
    "west": (0, -1),
    "east": (0, 1),
    "south-west": (-1, -1),
    "south": (-1, 0),
    "south-east": (-1, 1),
}
METERS_PER_DEGREE = 111_195
NORTHERN_EUROPE = (60.0, 11.0)
"""Where the map begins before a point is chosen."""
FARTHEST_ZOOM, NEAREST_ZOOM = 3, 12
FIRST_ZOOM, POINT_ZOOM = 4, 7
KEPT = ("name", "q", "latitude", "longitude", "radius", "price_area", "example_area", "step")
LONGEST = 10_000

Values = dict[str, Any]


def first_values(name: str) -> Values:
    """Returns the form as it opens for a new place; `example_area` comes only where it is asked for."""
    blank = {"q": "", "latitude": "", "longitude": "", "price_area": ""}
    return {**blank, "name": name, "radius": "150", "step": "100", "zoom": FIRST_ZOOM}


def typed_into(before: Values, post: Mapping[str, Any]) -> Values:
    """Returns the form with everything that was sent; null characters stay away from the database."""
    sent = {name: str(post[name])[:LONGEST].replace("\0", "\N{REPLACEMENT CHARACTER}") for name in KEPT if name in post}
    return {**before, **sent, "matches": [], "message": "", "is_search_down": False}


def moved(values: Values, direction: str) -> Values:
    """Returns the form with its point moved one step; from the middle of the map where none was chosen."""
    north, east = DIRECTIONS.get(direction, (0, 0))
    latitude, longitude = map_center(values)
    step_m = step_meters(values)
    latitude = max(-90.0, min(90.0, latitude + north * step_m / METERS_PER_DEGREE))
    longitude += east * step_m / (METERS_PER_DEGREE * max(0.01, cos(radians(latitude))))
    return at_point(values, latitude, (longitude + 180) % 360 - 180) | {"zoom": values["zoom"]}


def zoomed(values: Values, way: str) -> Values:
    """Returns the form with its outline one level nearer or farther."""
    zoom = int(values["zoom"]) + (1 if way == "in" else -1)
    return {**values, "zoom": max(FARTHEST_ZOOM, min(NEAREST_ZOOM, zoom))}


def at_point(values: Values, latitude: float, longitude: float) -> Values:
    """Returns the form at a point, seen from near."""
    near = max(int(values["zoom"]), POINT_ZOOM)
    point = {"latitude": coordinate_text(latitude), "longitude": coordinate_text(longitude)}
    return {**values, **point, "zoom": near, "town": ""}


def coordinate_text(degrees: float) -> str:
    """Returns at most five decimals, about a meter, without trailing zeros."""
    return f"{degrees + 0.0:.5f}".rstrip("0").rstrip(".")


def searched(values: Values, *, may_ask: bool = True) -> Values:
    """Returns the form with what was found; a single town is taken at once. Without `may_ask` only towns are found."""
    query = values["q"].strip()
    if not query:
        knows_addresses = bool(places.geocoder_host())
        message = gettext("Enter a street, town or postcode") if knows_addresses else gettext("Enter a town")
        return {**values, "message": message}
    found = places.search_places(query[:200], may_ask=may_ask)
    matches = found.matches
    if not matches and not found.is_down:
        sentence = gettext("No match for '%(query)s'. Try the town only, or pick the point on the map")
        return {**values, "message": sentence % {"query": query[:80]}}
    if len(matches) == 1 and matches[0].country and not found.is_down:
        return {**at_point(values, matches[0].latitude, matches[0].longitude), "town": matches[0].name}
    told = [
        {
            "label": match_words(match),
            "at": [match.latitude, match.longitude],
            # Only the bundled towns have a country: a geocoder's match may be an address.
            "town": match.name if match.country else "",
        }
        for match in matches
    ]
    return {**values, "matches": told, "is_search_down": found.is_down}


def match_words(match: places.Match) -> str:
    """Returns an address as it is, `Oslo, Norway`, or `Newport, Great Britain, near Bristol`."""
    country = str(NAMES.get(match.country, match.country))
    words = ", ".join(filter(None, (match.name, country)))
    return gettext("%(place)s, near %(town)s") % {"place": words, "town": match.near} if match.near else words


def at_match(values: Values, index: str) -> Values:
    """Returns the form at one of the towns that were found."""
    matches = values.get("matches") or []
    if not (index.isascii() and index.isdecimal()) or int(index) >= len(matches):
        return {**values, "message": gettext("Select one of the places found")}
    match = matches[int(index)]
    return {**at_point(values, *match["at"]), "matches": [], "town": match.get("town", "")}


def at_car(values: Values, view: VehicleView | None) -> Values:
    """Returns the form at the car's position, where it is known."""
    if view is None or view.latitude is None or view.longitude is None:
        return {**values, "message": gettext("We do not know where your car is")}
    return at_point(values, view.latitude, view.longitude)


def step_meters(values: Values) -> int:
    """The length of a move in meters."""
    return next((step for step in STEPS_M if str(step) == values.get("step")), 100)


def map_center(values: Values) -> tuple[float, float]:
    """The chosen point, or the middle of northern Europe."""
    return point_of(values["latitude"], values["longitude"]) or NORTHERN_EUROPE
