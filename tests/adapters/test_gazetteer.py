"""Towns are found by name without asking anybody."""

import subprocess
import sys
from collections import Counter

import pytest

from charging.adapters.bundled import DATA
from charging.adapters.gazetteer import MOST_MATCHES, _gazetteer, largest_near, nearest, plain, search, towns
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


@pytest.mark.parametrize("query", ["", "   ", ",", "Xyzzyville", "\x00", "%", "|", "oslo|christiania", "́"])
def test_what_is_no_town_finds_nothing(query: str) -> None:
    assert search(query) == ()


def test_a_whole_name_leaves_out_longer_ones_and_a_name_begun_comes_before_its_middle() -> None:
    assert {town.name for town in search("Essen")} == {"Essen"}
    names = [town.name for town in search("kristian")]
    assert len(names) == MOST_MATCHES
    assert set(names[:3]) == {"Kristiansand", "Kristianstad", "Kristiansund"}


def test_of_equals_the_larger_comes_first_and_a_larger_town_near_it_tells_them_apart() -> None:
    found = [town for town in search("Newport") if town.name == "Newport"]

    assert [town.country for town in found] == ["GB", "GB", "GB", "GB"]
    near = [largest_near(town) for town in found]
    assert None not in near
    assert len(set(near)) == len(near)
    assert "Newport" not in near


def test_a_town_far_from_all_others_has_none_near() -> None:
    assert largest_near(search("Kautokeino")[0]) is None


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
    assert all(town.name == town.name.strip() != "" for town in towns())


def test_the_file_has_the_names_as_a_question_is_written() -> None:
    lines = _gazetteer().names.removesuffix("|").split("|\n")

    assert lines[0].split("|")[0] == "\nlondon"
    assert [line.strip().split("|")[0] for line in lines] == [plain(town.name) for town in towns()]


@pytest.mark.parametrize(
    ("query", "name", "latitude"),
    [
        ("Geilo", "Geilo", 60.5),
        ("Trysil", "Trysil", 61.3),
        ("Innbygda", "Trysil", 61.3),
        ("Sandvika", "Sandvika", 59.9),
        ("Bærum", "Sandvika", 59.9),
        ("Hemsedal", "Hemsedal", 60.9),
        ("Hovden", "Hovden", 59.6),
        ("Beitostølen", "Beitostølen", 61.2),
        ("Sälen", "Sälen", 61.1),
        ("Åre", "Åre", 63.4),
        ("Ås", "Ås", 59.7),
        ("Idre", "Idre", 61.9),
        ("Levi", "Levi", 67.8),
        ("Ruka", "Ruka", 66.2),
        ("Mariehamn", "Mariehamn", 60.1),
        ("Kirkenes", "Kirkenes", 69.7),
        ("Otepää", "Otepää", 58.1),
        ("Ischgl", "Ischgl", 47.0),
        ("Zermatt", "Zermatt", 46.0),
    ],
)
def test_a_small_place_where_people_charge_is_found(query: str, name: str, latitude: float) -> None:
    found = search(query)[0]

    assert (found.name, round(found.latitude, 1)) == (name, latitude)


def test_nothing_is_read_before_the_first_question() -> None:
    script = (
        "from charging.adapters import gazetteer\n"
        "print(gazetteer._gazetteer.cache_info().currsize, bool(gazetteer.search('Geilo')),"
        " gazetteer._gazetteer.cache_info().currsize)"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert told.split() == ["0", "True", "1"]


def test_the_notice_tells_the_true_number_of_towns_and_the_file_stays_small() -> None:
    assert f"The {len(towns()):,} towns" in (DATA / "NOTICE.md").read_text()
    assert (DATA / "towns.tsv.gz").stat().st_size < 1_500_000


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
