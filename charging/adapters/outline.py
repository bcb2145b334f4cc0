"""Draws the price areas around a point from the bundled outlines, for a map without a map server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import asinh, degrees, pi, radians, sinh, tan

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from charging.adapters.geography import outlines

WIDTH_PX = 640
HEIGHT_PX = 280
TILE_PX = 256
ZOOMS = range(3, 13)
MARGIN_PX = 4
"""Lines along the edge of the picture lie outside of it."""

_NORTHMOST = 85.0


@dataclass(frozen=True, slots=True)
class Outline:
    """A picture of `width_px` x `height_px` with the point in its middle: per area code the data of an SVG path."""

    width_px: int
    height_px: int
    paths: tuple[tuple[str, str], ...]
    x_px: int
    y_px: int


@lru_cache(maxsize=256)
def outline_svg(latitude: float, longitude: float, zoom: int = 6) -> Outline:
    """The areas around a point in the web Mercator projection at one of the zooms 3 to 12 of web maps.

    `paths` is empty where no area is near.
    """
    pixels = TILE_PX * 2 ** min(max(zoom, ZOOMS.start), ZOOMS.stop - 1)
    left = (longitude + 180) / 360 * pixels - WIDTH_PX / 2
    bounded = max(-_NORTHMOST, min(_NORTHMOST, latitude))
    top = (1 - asinh(tan(radians(bounded))) / pi) / 2 * pixels - HEIGHT_PX / 2
    frame = _frame(left, top, pixels)

    def project(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x = (points[:, 0] + 180) / 360 * pixels - left
        y = (1 - np.arcsinh(np.tan(np.radians(points[:, 1]))) / pi) / 2 * pixels - top
        return np.column_stack((x, y))

    paths: list[tuple[str, str]] = []
    for code, outline in outlines().items():
        part = shapely.clip_by_rect(outline, *frame)
        if data := _path_data(shapely.transform(part, project).simplify(0.7)):
            paths.append((code, data))
    return Outline(WIDTH_PX, HEIGHT_PX, tuple(paths), WIDTH_PX // 2, HEIGHT_PX // 2)


def _frame(left: float, top: float, pixels: int) -> tuple[float, float, float, float]:
    """West, south, east and north of the picture with its margin, in degrees."""
    x = (left - MARGIN_PX, left + WIDTH_PX + MARGIN_PX)
    y = (top + HEIGHT_PX + MARGIN_PX, top - MARGIN_PX)
    west, east = (value / pixels * 360 - 180 for value in x)
    south, north = (degrees(np.arctan(sinh(pi * (1 - 2 * value / pixels)))) for value in y)
    return west, south, east, north


def _path_data(geometry: BaseGeometry) -> str:
    """`M x y L x y ... Z` for each ring, in whole pixels; rings of fewer than three different points are left out."""
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join(filter(None, (_ring_data(shapely.get_coordinates(ring)) for ring in rings)))


def _ring_data(coordinates: npt.NDArray[np.float64]) -> str:
    points = [(round(x), round(y)) for x, y in coordinates[:-1]]
    distinct = [point for index, point in enumerate(points) if point != points[index - 1]]
    if len(distinct) < 3:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in distinct) + "Z"
