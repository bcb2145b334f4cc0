"""What lies around a point: areas and towns on a picture, and the town that names it."""

import pytest
from django.utils import translation

from charging.operations.surroundings import LETTER_PX, nearest_town, surroundings_of


def test_the_picture_around_a_point_has_areas_and_names_that_do_not_touch() -> None:
    picture = surroundings_of(58.1467, 7.9956, zoom=6)

    assert "NO2" in dict(picture.outline.paths)
    names = [town.name for town in picture.towns]
    assert "Stavanger" in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("latitude", "longitude", "town"),
    [
        pytest.param(58.1467, 7.9956, "Kristiansand", id="in town"),
        pytest.param(70.0, -30.0, None, id="at sea"),
    ],
)
def test_a_point_is_named_by_the_nearest_town(latitude: float, longitude: float, town: str | None) -> None:
    assert nearest_town(latitude, longitude) == town


@pytest.mark.parametrize(
    ("language", "on_the_map", "near"),
    [
        ("en", "Gothenburg", "Copenhagen"),
        ("da", "Göteborg", "København"),
        ("de", "Göteborg", "København"),
        ("fi", "Göteborg", "København"),
    ],
)
def test_the_map_calls_towns_as_their_own_country_does_but_not_in_english(
    language: str, on_the_map: str, near: str
) -> None:
    with translation.override(language):
        picture = surroundings_of(57.0, 14.0, zoom=6)
        nearest = nearest_town(55.676, 12.566)

    assert on_the_map in {town.name for town in picture.towns}
    assert nearest == near


@pytest.mark.parametrize(("language", "name"), [("en", "Helsinki"), ("fi", "Helsinki"), ("sv", "Helsingfors")])
def test_finland_has_a_name_in_each_of_its_two_languages(language: str, name: str) -> None:
    with translation.override(language):
        assert name in {town.name for town in surroundings_of(61.0, 22.0, zoom=6).towns}
        assert nearest_town(60.169, 24.935) == name


@pytest.mark.parametrize("latitude", [58.1467, 69.65, 41.0], ids=["south", "far north", "beyond the areas"])
@pytest.mark.parametrize("zoom", [3, 6, 9])
def test_names_lie_on_the_picture_left_of_their_dots_where_there_is_no_room_on_the_right(
    latitude: float, zoom: int
) -> None:
    picture = surroundings_of(latitude, 7.9956, zoom=zoom)

    for town in picture.towns:
        assert 0 < town.x_px < picture.outline.width_px
        assert 0 < town.y_px < picture.outline.height_px
        assert town.is_left == (town.x_px + len(town.name) * LETTER_PX + 14 > picture.outline.width_px)
