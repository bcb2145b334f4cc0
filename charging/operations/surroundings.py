"""What lies around a point: outlines of price areas, and towns to find one's way by. Nothing is asked for elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, pi, radians, tan

from django.utils.translation import get_language

from charging.adapters import gazetteer, well_known_towns
from charging.adapters.outline import TILE_PX, Outline, outline_svg

NEAR_TOWN_M = 30_000
MARGIN_PX = 12
LETTER_PX = 8
LINE_PX = 22


@dataclass(frozen=True, slots=True)
class Town:
    """A town on the picture: where its dot is, and whether its name stands left of it."""

    name: str
    x_px: int
    y_px: int
    is_left: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A picture with the point in its middle."""

    outline: Outline
    towns: tuple[Town, ...]


def surroundings_of(latitude: float, longitude: float, *, zoom: int) -> Surroundings:
    """Returns the picture at one of the zooms 3 to 12, with names for the reader's language.

    Names that would touch another or the middle are left out.
    """
    language = get_language() or "en"
    outline = outline_svg(round(latitude, 5), round(longitude, 5), zoom)
    pixels = TILE_PX * 2**zoom
    left = (longitude + 180) / 360 * pixels - outline.width_px / 2
    top = _mercator(latitude) * pixels - outline.height_px / 2
    towns: list[Town] = []
    middle = (outline.x_px - 30, outline.y_px - 30, outline.x_px + 30, outline.y_px + 30)
    taken: list[tuple[float, float, float, float]] = [middle]
    for city in well_known_towns.cities():
        x = round((city.longitude + 180) / 360 * pixels - left)
        y = round(_mercator(city.latitude) * pixels - top)
        if not (MARGIN_PX < x < outline.width_px - MARGIN_PX and MARGIN_PX < y < outline.height_px - MARGIN_PX):
            continue
        name = city.name_in(language)
        width = len(name) * LETTER_PX + 14
        is_left = x + width > outline.width_px
        box = (x - width if is_left else x - 6, y - LINE_PX / 2, x + 6 if is_left else x + width, y + LINE_PX / 2)
        if not any(_touch(box, other) for other in taken):
            taken.append(box)
            towns.append(Town(name, x, y, is_left))
    return Surroundings(outline, tuple(towns))


def nearest_town(latitude: float, longitude: float) -> str | None:
    """Returns the name of the nearest known town within 30 km, for the reader's language, or None."""
    town = gazetteer.nearest(latitude, longitude, NEAR_TOWN_M)
    return well_known_towns.name_in(get_language() or "en", town.name, town.country) if town is not None else None


def _mercator(latitude: float) -> float:
    bounded = max(-85.0, min(85.0, latitude))
    return (1 - asinh(tan(radians(bounded))) / pi) / 2


def _touch(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
