"""Finding a point: towns, price areas, and coordinates that were given the wrong way round."""

from __future__ import annotations

import math

import pytest

from charging.models import PriceArea
from charging.operations import places, prices


def test_towns_are_found_by_name_best_first_and_at_most_five() -> None:
    found = places.search_places("Kristiansand")

    assert found[0].name == "Kristiansand"
    assert 1 <= len(places.search_places("a")) <= 5


@pytest.mark.parametrize(
    "query", ["", "   ", "Xyzzy", "\x00", "a" * 10_000], ids=["empty", "spaces", "x", "null", "10k"]
)
def test_nothing_is_found_for_what_names_no_town(query: str) -> None:
    assert places.search_places(query) == ()


def test_coordinates_that_only_fit_the_other_way_round_look_swapped() -> None:
    assert places.looks_swapped(7.9956, 58.1467)
    assert not places.looks_swapped(58.1467, 7.9956)
    assert not places.looks_swapped(math.nan, 7.9956)


@pytest.mark.django_db
def test_the_price_area_of_a_point_is_a_stored_one_or_none() -> None:
    PriceArea.objects.all().delete()
    assert places.price_area_at(58.1467, 7.9956) is None

    prices.ensure_price_areas()

    assert places.price_area_at(58.1467, 7.9956) == PriceArea.objects.get(code="NO2")
    assert places.price_area_at(0.0, 0.0) is None


def test_the_covered_countries_are_named_once_each() -> None:
    covered = places.countries_covered()

    assert {"NO", "DE", "LU"} <= set(covered)
    assert len(covered) == len(set(covered))
