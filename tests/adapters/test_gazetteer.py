"""Towns are found by name without asking anybody."""

from collections import Counter

import pytest

from charging.adapters.gazetteer import MOST_MATCHES, largest_near, nearest, search, towns
from charging.adapters.geography import countries_covered
from charging.adapters.well_known_towns import cities

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


def test_a_whole_name_leaves_out_longer_ones_and_a_name_begun_comes_before_its_middle() -> None:
    assert {town.name for town in search("Essen")} == {"Essen"}
    names = [town.name for town in search("kristian")]
    assert len(names) == MOST_MATCHES
    assert set(names[:3]) == {"Kristiansand", "Kristianstad", "Kristiansund"}


def test_of_equals_the_larger_comes_first_and_a_larger_town_near_it_tells_them_apart() -> None:
    found = search("Newport")

    assert [town.country for town in found] == ["GB", "GB", "GB"]
    near = [largest_near(town) for town in found]
    assert None not in near
    assert len(set(near)) == len(near)
    assert "Newport" not in near


def test_a_town_far_from_all_others_has_none_near() -> None:
    assert largest_near(search("Kirkenes")[0]) is None


@pytest.mark.parametrize(
    ("query", "name", "country"),
    [
        ("Αθήνα", "Athens", "GR"),
        ("софия", "Sofia", "BG"),
        ("Helsingfors", "Helsinki", "FI"),
        ("Bozen", "Bolzano", "IT"),
        ("saint-etienne", "Saint-Étienne", "FR"),
        ("Vaxjo", "Växjö", "SE"),
    ],
)
def test_a_town_is_found_by_its_name_in_another_language_or_script(query: str, name: str, country: str) -> None:
    assert (search(query)[0].name, search(query)[0].country) == (name, country)


def test_every_covered_country_has_many_towns_and_they_lie_on_earth() -> None:
    counted = Counter(town.country for town in towns())

    assert set(counted) == set(countries_covered())
    assert min(counted.values()) >= 10
    assert all(34 < town.latitude < 72 or town.country in {"ES", "PT"} for town in towns())
    assert all(town.name and town.plain_names for town in towns())


def test_the_well_known_towns_are_there_once_and_found_by_name() -> None:
    assert len({(city.name, city.country) for city in cities()}) == len(cities()) >= 150
    assert {city.country for city in cities()} == COUNTRIES
    missing = [city.name for city in cities() if city.name not in {town.name for town in search(city.name)}]
    assert missing == []


@pytest.mark.parametrize(
    ("point", "within_m", "name"),
    [
        ((58.1467, 7.9956), 30_000, "Kristiansand"),
        ((69.65, 18.96), 30_000, "Tromsø"),
        ((60.3, 7.5), 20_000, None),
        ((0.0, 0.0), 30_000, None),
        ((90.0, 0.0), 30_000, None),
    ],
)
def test_the_nearest_town_is_named_within_reach(point: tuple[float, float], within_m: float, name: str | None) -> None:
    found = nearest(*point, within_m)

    assert (found.name if found is not None else None) == name
