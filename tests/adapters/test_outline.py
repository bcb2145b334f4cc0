"""The map that needs no map server."""

import re

import pytest
import shapely

from charging.adapters.outline import HEIGHT_PX, MARGIN_PX, WIDTH_PX, outline_svg

PATH = re.compile(r"(M-?\d+ -?\d+(L-?\d+ -?\d+){2,}Z)+")


def read_rings(data: str) -> list[shapely.Polygon]:
    rings = [ring for ring in data.split("Z") if ring]
    return [shapely.Polygon([tuple(map(int, p.split())) for p in ring[1:].split("L")]) for ring in rings]


@pytest.mark.parametrize("zoom", [3, 6, 9, 12])
def test_the_paths_are_svg_within_the_picture(zoom: int) -> None:
    picture = outline_svg(59.91, 10.75, zoom)

    assert (picture.width_px, picture.height_px) == (640, 280)
    for _, data in picture.paths:
        assert PATH.fullmatch(data)
        numbers = [int(number) for number in re.findall(r"-?\d+", data)]
        assert all(-MARGIN_PX - 1 <= x <= WIDTH_PX + MARGIN_PX + 1 for x in numbers[::2])
        assert all(-MARGIN_PX - 1 <= y <= HEIGHT_PX + MARGIN_PX + 1 for y in numbers[1::2])


def test_the_point_lies_in_its_own_area_in_the_middle_of_the_picture() -> None:
    picture = outline_svg(60.8, 11.0, 6)

    middle = shapely.Point(picture.x_px, picture.y_px)

    around = [code for code, data in picture.paths if any(ring.contains(middle) for ring in read_rings(data))]
    assert around == ["NO1"]


def test_north_is_up_and_east_is_right() -> None:
    shapes = {
        code: max(read_rings(data), key=lambda ring: ring.area) for code, data in outline_svg(59.4, 11.5, 5).paths
    }

    assert shapes["NO3"].centroid.y < shapes["NO2"].centroid.y
    assert shapes["NO2"].centroid.x < shapes["SE3"].centroid.x


def test_a_place_far_from_all_areas_has_an_empty_picture() -> None:
    assert outline_svg(-33.9, 18.4, 6).paths == ()


@pytest.mark.parametrize(("latitude", "longitude"), [(90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (0.0, -180.0)])
def test_the_ends_of_the_earth_have_a_picture_too(latitude: float, longitude: float) -> None:
    assert outline_svg(latitude, longitude, 3).width_px == WIDTH_PX


def test_a_picture_is_light_enough_for_a_page() -> None:
    data = "".join(data for _, data in outline_svg(59.91, 10.75, 6).paths)
    assert 500 < len(data) < 40_000
