"""Distances on the earth, judged by vectors in space."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.geo import EARTH_RADIUS_M, distance_m

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)
HALF_WAY_ROUND_M = math.pi * EARTH_RADIUS_M


def make_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def measure_by_chord(point: tuple[float, float], other: tuple[float, float]) -> float:
    chord = math.dist(make_vector(*point), make_vector(*other))
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, chord / 2))


@given(POINTS, POINTS)
def test_the_distance_is_that_of_the_chord_in_space(point: tuple[float, float], other: tuple[float, float]) -> None:
    expected = measure_by_chord(point, other)
    # Near the opposite point of the earth the arc sine loses half of its digits, here and there alike.
    assert distance_m(*point, *other) == pytest.approx(expected, rel=1e-6, abs=0.5)


@given(POINTS, POINTS)
def test_the_distance_is_the_same_both_ways_and_never_below_zero_or_beyond_half_way_round(
    point: tuple[float, float], other: tuple[float, float]
) -> None:
    there, back = distance_m(*point, *other), distance_m(*other, *point)
    assert there == pytest.approx(back)
    assert 0 <= there <= HALF_WAY_ROUND_M + 1


@given(POINTS, POINTS, POINTS)
def test_a_detour_is_never_shorter(
    start: tuple[float, float], stop: tuple[float, float], between: tuple[float, float]
) -> None:
    assert distance_m(*start, *stop) <= distance_m(*start, *between) + distance_m(*between, *stop) + 0.5


@given(LATITUDES)
def test_180_degrees_east_and_west_are_the_same_place(latitude: float) -> None:
    assert distance_m(latitude, 180.0, latitude, -180.0) == pytest.approx(0, abs=1e-3)


@given(LONGITUDES, LONGITUDES)
def test_all_longitudes_meet_at_the_pole(longitude: float, other: float) -> None:
    assert distance_m(90.0, longitude, 90.0, other) == pytest.approx(0, abs=1e-3)


def test_oslo_to_bergen_is_about_305_kilometers() -> None:
    assert distance_m(59.9139, 10.7522, 60.3913, 5.3221) == pytest.approx(305_000, rel=0.01)


def test_150_meters_across_the_antimeridian_are_150_meters() -> None:
    degrees = 150 / (EARTH_RADIUS_M * math.radians(1))
    assert distance_m(0.0, 180 - degrees / 2, 0.0, -180 + degrees / 2) == pytest.approx(150)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf], ids=["nan", "infinity", "minus infinity"])
@pytest.mark.parametrize("position", range(4))
def test_a_coordinate_that_is_no_finite_number_is_refused(bad: float, position: int) -> None:
    coordinates = [1.0, 2.0, 3.0, 4.0]
    coordinates[position] = bad
    with pytest.raises(ValueError, match="finite"):
        distance_m(*coordinates)
