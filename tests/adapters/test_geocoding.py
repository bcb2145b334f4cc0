"""Towns are found by name without asking anybody."""

import pytest

from charging.adapters.geocoding import MOST_MATCHES, cities, search

COUNTRIES = {"NO", "SE", "DK", "FI", "EE", "LV", "LT", "DE", "LU", "NL", "BE", "FR", "AT", "PL"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("Oslo", "Oslo", id="the name"),
        pytest.param("  oSLo ", "Oslo", id="case and spaces"),
        pytest.param("tromso", "Tromsø", id="without its stroke"),
        pytest.param("LULEÅ", "Luleå", id="with its ring"),
        pytest.param("lulea", "Luleå", id="without its ring"),
        pytest.param("Lodz", "Łódź", id="Polish letters"),
        pytest.param("København", "Copenhagen", id="its own language"),
        pytest.param("koln", "Cologne", id="its own language without the accent"),
        pytest.param("Storgata 5, Oslo", "Oslo", id="an address with its town"),
        pytest.param("Berlin, Germany", "Berlin", id="a town with its country"),
        pytest.param("Breisgau", "Freiburg im Breisgau", id="the second word"),
    ],
)
def test_a_town_is_found(query: str, expected: str) -> None:
    assert search(query)[0].name == expected


@pytest.mark.parametrize("query", ["", "   ", ",", "Xyzzyville", "\x00", "%", "́"])
def test_what_is_no_town_finds_nothing(query: str) -> None:
    assert search(query) == ()


def test_the_whole_name_comes_before_longer_ones_and_beginnings_before_middles() -> None:
    names = [city.name for city in search("h")]
    assert len(names) == MOST_MATCHES
    assert all(name.startswith("H") for name in names)
    assert search("Essen")[0].name == "Essen"


def test_a_hundred_and_fifty_towns_of_all_countries_are_there_once() -> None:
    assert len(cities()) >= 150
    assert len({(city.name, city.country) for city in cities()}) == len(cities())
    assert {city.country for city in cities()} == COUNTRIES
