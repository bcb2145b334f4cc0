"""Finds addresses by asking a geocoder, Photon or Nominatim, within limits of time and size.

Only what was typed is sent. An answer is a list of points with a line of text each; whatever else a service says, or
leaves out, is not believed: a row that is not as it should be is left out, an answer that is none raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

import httpx

from charging.adapters.prices.json_answer import as_list, parse, parse_object
from charging.adapters.prices.price_day import PriceAnswerError
from charging.adapters.prices.reading import read
from charging.adapters.prices.source import Question

MOST_MATCHES = 5
LONGEST_LABEL = 160
LONGEST_QUERY = 200
WITHIN = timedelta(seconds=5)
"""For a whole answer: somebody waits for the page."""


class GeocoderError(Exception):
    """There is no usable answer; the message says why, without what was asked."""


@dataclass(frozen=True, slots=True)
class Address:
    """A point in degrees with the line that names it."""

    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A kind of service: where it is unless said otherwise, how it is asked, and how its answers are read."""

    address: str
    path: str
    query: Mapping[str, str]
    rows: Callable[[bytes], Iterator[Address]]


def find_addresses(kind: str, url: str, text: str, *, client: httpx.Client) -> tuple[Address, ...]:
    """Up to five addresses for a text, in the service's order; none where it knows none.

    `kind` is a key of `GEOCODERS`, `url` its address, empty for the public one. Raises GeocoderError.
    """
    geocoder = GEOCODERS[kind]
    question = Question(
        f"{(url or geocoder.address).rstrip('/')}{geocoder.path}",
        {**geocoder.query, "q": text[:LONGEST_QUERY], "limit": str(MOST_MATCHES)},
    )
    try:
        return tuple(geocoder.rows(read(client, question, within=WITHIN)))[:MOST_MATCHES]
    except PriceAnswerError as error:
        raise GeocoderError(str(error)) from error
    except httpx.InvalidURL as error:
        raise GeocoderError("the address of the geocoder is none") from error


def _photon_rows(content: bytes) -> Iterator[Address]:
    """GeoJSON: coordinates are longitude and latitude, the parts of the address are properties."""
    for feature in as_list(parse_object(content).get("features"), "features"):
        geometry, told = _fields(feature, "geometry"), _fields(feature, "properties")
        point = geometry.get("coordinates")
        if not isinstance(point, list) or len(point) < 2:
            continue
        street = " ".join(_texts(told, "street", "housenumber"))
        town = " ".join(_texts(told, "postcode", "city"))
        parts = [*_texts(told, "name"), street, *([town] if town else _texts(told, "county")), *_texts(told, "country")]
        yield from _address(", ".join(dict.fromkeys(filter(None, parts))), point[1], point[0])


def _nominatim_rows(content: bytes) -> Iterator[Address]:
    """A list of places whose coordinates are texts."""
    for row in as_list(parse(content), "places"):
        if isinstance(row, dict):
            yield from _address(row.get("display_name"), row.get("lat"), row.get("lon"))


def _address(label: object, latitude: object, longitude: object) -> Iterator[Address]:
    """The address, if it has a name and lies on earth."""
    point = _degrees(latitude, 90), _degrees(longitude, 180)
    text = _tidy(label) if isinstance(label, str) else ""
    if text and point[0] is not None and point[1] is not None:
        yield Address(text, point[0], point[1])


def _degrees(value: object, most: float) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        degrees = float(str(value))
    except ValueError:
        return None
    return degrees if isfinite(degrees) and abs(degrees) <= most else None


def _fields(row: object, name: str) -> dict[str, Any]:
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, dict) else {}


def _texts(told: Mapping[str, Any], *names: str) -> list[str]:
    values = (told.get(name) for name in names)
    return [value for value in values if isinstance(value, str) and value.strip()]


def _tidy(label: str) -> str:
    """One short line without signs that cannot be seen."""
    seen = "".join(sign if sign.isprintable() else " " for sign in label[: 4 * LONGEST_LABEL])
    return " ".join(seen.split())[:LONGEST_LABEL]


GEOCODERS: Mapping[str, Geocoder] = {
    "photon": Geocoder("https://photon.komoot.io", "/api", {}, _photon_rows),
    "nominatim": Geocoder("https://nominatim.openstreetmap.org", "/search", {"format": "jsonv2"}, _nominatim_rows),
}
