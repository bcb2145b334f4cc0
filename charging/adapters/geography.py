"""What the coordinates of a point tell: its time zone and its price area. A suggestion; what a driver sets wins."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import cos, isfinite, radians
from typing import cast

import shapely
from shapely import MultiPolygon, STRtree
from shapely.geometry import shape
from tzfpy import get_tz

from charging.adapters.bundled import read_json
from charging.adapters.prices.areas import areas
from charging.core.geo import EARTH_RADIUS_M

COAST_M = 20_000
"""The outlines are coarse along coasts: a point this near to an area belongs to it."""

ISLAND_M = 200_000
"""Bornholm and Aland are missing from the outlines: where a time zone names the country, its nearest area counts."""

_METERS_PER_DEGREE = EARTH_RADIUS_M * radians(1)


def timezone_of(latitude: float, longitude: float) -> str | None:
    """IANA name of the time zone of a point on land or near a coast; None at sea and for impossible coordinates."""
    if not _is_on_earth(latitude, longitude):
        return None
    name = str(get_tz(longitude, latitude))
    return None if not name or name.startswith("Etc/") else name


def price_area_of(latitude: float, longitude: float) -> str | None:
    """Code of the price area of a point, None where Readyby knows no prices.

    The outlines follow borders to a few hundred meters only, the time zone is more exact: it decides between
    countries, the outlines between the areas of one country. Where an area has a time zone to itself no outline is
    needed; areas without one that share theirs have to be chosen by hand.
    """
    if not _is_on_earth(latitude, longitude):
        return None
    zone = timezone_of(latitude, longitude)
    for within_m in (COAST_M,) if zone is None else (COAST_M, ISLAND_M):
        near = _distances_m(latitude, longitude, within_m)
        matching = [code for code in near if zone is None or zone in areas()[code].timezone_names]
        if matching:
            return min(matching, key=lambda code: near[code])
    return None if zone is None else _alone_in_their_zones().get(zone)


def suggests_swap(latitude: float, longitude: float) -> bool:
    """Whether the two coordinates look exchanged: the point lies in no area, the exchanged one does."""
    return price_area_of(latitude, longitude) is None and price_area_of(longitude, latitude) is not None


def countries_covered() -> tuple[str, ...]:
    """ISO codes of the countries with price areas, in the order of the areas; Luxembourg shares Germany's."""
    found = dict.fromkeys(area.country for area in areas().values())
    return tuple(country for code in found for country in ((code, "LU") if code == "DE" else (code,)))


@cache
def outlines() -> dict[str, MultiPolygon]:
    """The polygons of each area in degrees of longitude and latitude."""
    features = read_json("bidding_zones.geojson.gz")["features"]
    return {row["properties"]["area"]: cast(MultiPolygon, shape(row["geometry"])) for row in features}


@cache
def _alone_in_their_zones() -> dict[str, str]:
    """Areas without outlines by those of their time zones that no other area has."""
    zones = Counter(zone for area in areas().values() for zone in area.timezone_names)
    without = [area for code, area in areas().items() if code not in outlines()]
    return {zone: area.code for area in without for zone in area.timezone_names if zones[zone] == 1}


@cache
def _tree() -> tuple[STRtree, tuple[str, ...]]:
    parts = [(code, part) for code, outline in outlines().items() for part in outline.geoms]
    return STRtree([part for _, part in parts]), tuple(code for code, _ in parts)


def _distances_m(latitude: float, longitude: float, within_m: float) -> dict[str, float]:
    """Distance to each area within reach, 0 inside of it."""
    tree, codes = _tree()
    # Degrees of longitude are narrower away from the equator; no area lies beyond 85 degrees.
    narrowing = max(0.08, cos(radians(latitude)))
    reach = within_m / _METERS_PER_DEGREE
    box = shapely.box(longitude - reach / narrowing, latitude - reach, longitude + reach / narrowing, latitude + reach)
    distances: dict[str, float] = {}
    for index in tree.query(box):
        part = shapely.clip_by_rect(tree.geometries[index], *box.bounds)
        flat = shapely.transform(part, lambda points: (points - (longitude, latitude)) * (narrowing, 1.0))
        distance = float(flat.distance(shapely.Point(0, 0))) * _METERS_PER_DEGREE
        if distance <= within_m:
            code = codes[index]
            distances[code] = min(distance, distances.get(code, distance))
    return distances


def _is_on_earth(latitude: float, longitude: float) -> bool:
    return isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
