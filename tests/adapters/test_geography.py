"""What a point tells: its price area and its time zone."""

import math
import re

import pytest

from charging.adapters.geography import (
    countries_covered,
    outlines,
    price_area_of,
    suggests_swap,
    timezone_of,
)
from charging.adapters.prices.areas import areas
from charging.adapters.well_known_towns import City, cities

COUNTRIES = {
    *("NO", "SE", "DK", "FI", "EE", "LV", "LT", "DE", "LU", "NL", "BE", "FR", "AT", "PL"),
    *("CH", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "ES", "PT", "IT", "GB"),
}
WITH_OUTLINE = {
    *("NO1", "NO2", "NO3", "NO4", "NO5", "SE1", "SE2", "SE3", "SE4", "DK1", "DK2", "FI", "EE", "LV", "LT"),
    *("DE-LU", "NL", "BE", "FR", "AT", "PL"),
}
POINTS = [
    ("Oslo", 59.9127, 10.7461, "NO1"),
    ("Svinesund bridge, Norwegian side", 59.103, 11.264, "NO1"),
    ("Kristiansand", 58.1467, 7.9956, "NO2"),
    ("Stavanger", 58.970, 5.733, "NO2"),
    ("Trondheim", 63.4305, 10.3951, "NO3"),
    ("Tromso", 69.6492, 18.9553, "NO4"),
    ("Vaeroy, far out in Lofoten", 67.67, 12.68, "NO4"),
    ("Vardo, in the far east", 70.3705, 31.1107, "NO4"),
    ("Bergen", 60.3913, 5.3221, "NO5"),
    ("Lulea, on the coast", 65.5848, 22.1547, "SE1"),
    ("Haparanda, at the Finnish border", 65.8355, 24.1368, "SE1"),
    ("Holmsund, on the coast", 63.7060, 20.3640, "SE2"),
    ("Stockholm", 59.3293, 18.0686, "SE3"),
    ("Visby, on Gotland", 57.6348, 18.2948, "SE3"),
    ("Gothenburg, on the coast", 57.7089, 11.9746, "SE3"),
    ("Stromstad, at the Norwegian border", 58.9390, 11.1712, "SE3"),
    ("Malmo, on the Sound", 55.6050, 13.0038, "SE4"),
    ("Simrishamn, opposite Bornholm", 55.5566, 14.3500, "SE4"),
    ("Skagen, the northern tip", 57.7209, 10.5839, "DK1"),
    ("Padborg, at the German border", 54.8262, 9.3586, "DK1"),
    ("Copenhagen", 55.6761, 12.5683, "DK2"),
    ("Helsingor, opposite Helsingborg", 56.0361, 12.6136, "DK2"),
    ("Ronne, on Bornholm", 55.1008, 14.7065, "DK2"),
    ("Svaneke, on Bornholm's far coast", 55.1357, 15.1410, "DK2"),
    ("Helsinki", 60.1699, 24.9384, "FI"),
    ("Tornio, at the Swedish border", 65.8481, 24.1466, "FI"),
    ("Mariehamn, on Aland", 60.0973, 19.9348, "FI"),
    ("Tallinn", 59.4370, 24.7536, "EE"),
    ("Flensburg, at the Danish border", 54.7937, 9.4469, "DE-LU"),
    ("Helgoland, far out at sea", 54.1811, 7.8882, "DE-LU"),
    ("Luxembourg", 49.6116, 6.1319, "DE-LU"),
    ("Busingen, enclosed by Switzerland", 47.6970, 8.6900, "DE-LU"),
    ("Texel, an island", 53.0550, 4.7970, "NL"),
    ("Ostend", 51.2300, 2.9200, "BE"),
    ("Hendaye, at the Spanish border", 43.3590, -1.7700, "FR"),
    ("Bregenz", 47.5031, 9.7471, "AT"),
    ("Swinoujscie, at the German border", 53.9100, 14.2470, "PL"),
    ("Basel, at the German border", 47.5596, 7.5886, "CH"),
    ("Irun, at the French border", 43.3390, -1.7890, "ES"),
    ("Prague, amid areas with outlines", 50.0755, 14.4378, "CZ"),
]
NO_PRICES = [
    ("where the coordinates are zero", 0.0, 0.0),
    ("middle of the North Sea", 56.5, 3.5),
    ("Kaliningrad, between two areas", 54.7104, 20.4522),
    ("Rome, in one of seven areas without an outline", 41.9000, 12.5000),
    ("London, in one of fourteen regions", 51.5000, -0.1200),
    ("Las Palmas, Spanish but far away", 28.1000, -15.4000),
    ("Andorra, between two areas", 42.5063, 1.5218),
    ("Torshavn, Danish but far away", 62.0079, -6.7900),
    ("Longyearbyen, Norwegian but far away", 78.2232, 15.6267),
    ("New York", 40.7128, -74.0060),
    ("the north pole", 90.0, 0.0),
    ("the antimeridian", 65.0, 180.0),
]


@pytest.mark.parametrize(("latitude", "longitude", "area"), [p[1:] for p in POINTS], ids=[p[0] for p in POINTS])
def test_a_point_lies_in_its_price_area(latitude: float, longitude: float, area: str) -> None:
    assert price_area_of(latitude, longitude) == area


@pytest.mark.parametrize(("latitude", "longitude"), [p[1:] for p in NO_PRICES], ids=[p[0] for p in NO_PRICES])
def test_where_no_prices_are_known_there_is_no_area(latitude: float, longitude: float) -> None:
    assert price_area_of(latitude, longitude) is None


@pytest.mark.parametrize(("latitude", "longitude", "area"), [p[1:] for p in POINTS], ids=[p[0] for p in POINTS])
def test_a_point_lies_in_a_time_zone_of_its_area(latitude: float, longitude: float, area: str) -> None:
    assert timezone_of(latitude, longitude) in areas()[area].timezone_names


def test_a_point_at_sea_close_to_a_coast_belongs_to_the_nearest_area() -> None:
    assert price_area_of(57.60, 7.60) == "NO2"


def test_there_is_no_time_zone_on_the_high_sea() -> None:
    assert timezone_of(0.0, 0.0) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(math.nan, 10.0), (59.0, math.nan), (math.inf, 10.0), (91.0, 10.0), (59.0, 181.0), (59.0, -180.5)],
)
def test_impossible_coordinates_have_neither_area_nor_time_zone(latitude: float, longitude: float) -> None:
    assert price_area_of(latitude, longitude) is None
    assert timezone_of(latitude, longitude) is None
    assert not suggests_swap(latitude, longitude)


def test_exchanged_coordinates_of_oslo_are_noticed() -> None:
    assert suggests_swap(10.7461, 59.9127)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(59.9127, 10.7461, id="the right way round"),
        pytest.param(0.0, 0.0, id="zeros"),
        pytest.param(40.7128, -74.0060, id="no area either way"),
    ],
)
def test_other_coordinates_are_not_called_exchanged(latitude: float, longitude: float) -> None:
    assert not suggests_swap(latitude, longitude)


def test_the_countries_with_prices_can_be_listed() -> None:
    assert set(countries_covered()) == COUNTRIES


def test_every_outline_has_an_area_and_the_areas_without_one_are_known() -> None:
    assert outlines().keys() == WITH_OUTLINE
    assert outlines().keys() < areas().keys()
    assert all(outline.is_valid for outline in outlines().values())


def test_every_area_has_its_currency_market_time_and_market_time_unit() -> None:
    kinds = {
        (area.currency, area.market_timezone_name, area.market_time_unit_minutes): area.country
        for area in areas().values()
    }

    assert kinds.keys() == {
        ("EUR", "Europe/Brussels", 15),
        ("EUR", "Europe/Brussels", 60),
        ("GBP", "Europe/Brussels", 30),
    }
    assert kinds["EUR", "Europe/Brussels", 60] == "CH"
    assert kinds["GBP", "Europe/Brussels", 30] == "GB"


EIC_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"


@pytest.mark.parametrize("code", [code for code, area in areas().items() if area.country != "GB"])
def test_the_code_of_a_bidding_zone_has_the_right_check_character(code: str) -> None:
    eic = areas()[code].bidding_zone_eic
    assert re.fullmatch(r"10Y[0-9A-Z-]{12}[0-9A-Z]", eic)
    total = sum(EIC_SIGNS.index(sign) * weight for sign, weight in zip(eic[:15], range(16, 1, -1), strict=True))
    assert eic[15] == EIC_SIGNS[36 - (total - 1) % 37]


@pytest.mark.parametrize("city", cities(), ids=lambda city: city.name)
def test_every_bundled_town_lies_in_its_area_and_time_zone(city: City) -> None:
    assert price_area_of(city.latitude, city.longitude) == city.price_area
    assert timezone_of(city.latitude, city.longitude) in areas()[city.price_area].timezone_names
