"""Points at borders, on coasts and on islands that the suggestion of a price area was not made with."""

from __future__ import annotations

import pytest

from charging.adapters.geography import price_area_of, timezone_of
from charging.adapters.prices.areas import areas

BORDERS = [
    ("Svinesund, Swedish side", 59.0944, 11.2721, "SE3"),
    ("Storlien", 63.3160, 12.1000, "SE2"),
    ("Karesuando, Swedish side", 68.4400, 22.4800, "SE1"),
    ("Karesuvanto, Finnish side", 68.4500, 22.4800, "FI"),
    ("Kirkenes", 69.7271, 30.0450, "NO4"),
    ("Grense Jakobselv", 69.7400, 30.8100, "NO4"),
    ("Narva", 59.3797, 28.1791, "EE"),
    ("Kehl, opposite Strasbourg", 48.5716, 7.8090, "DE-LU"),
    ("Strasbourg", 48.5734, 7.7521, "FR"),
    ("Aachen", 50.7750, 6.0840, "DE-LU"),
    ("Vaals", 50.7700, 6.0180, "NL"),
    ("Freilassing, opposite Salzburg", 47.8400, 12.9800, "DE-LU"),
    ("Salzburg", 47.8000, 13.0450, "AT"),
    ("Konstanz", 47.6600, 9.1750, "DE-LU"),
    ("Kreuzlingen, next door to Konstanz", 47.6500, 9.1760, "CH"),
    ("Vaduz, in the Swiss area", 47.1410, 9.5215, "CH"),
    ("Bratislava, close to Austria and Hungary", 48.1450, 17.1070, "SK"),
]
COASTS = [
    ("Rostock", 54.0924, 12.0991, "DE-LU"),
    ("Warnemunde", 54.1800, 12.0830, "DE-LU"),
    ("Kalix", 65.8550, 23.1400, "SE1"),
    ("Pitea", 65.3200, 21.4800, "SE1"),
    ("Skelleftea", 64.7500, 20.9500, "SE1"),
    ("Ornskoldsvik", 63.2900, 18.7200, "SE2"),
    ("Sundsvall", 62.3900, 17.3000, "SE2"),
    ("Gavle", 60.6700, 17.1400, "SE3"),
    ("Kalmar", 56.6600, 16.3600, "SE4"),
    ("Namsos", 64.4700, 11.5000, "NO3"),
    ("Bronnoysund", 65.4700, 12.2100, "NO4"),
    ("Hammerfest", 70.6600, 23.6800, "NO4"),
    ("Honningsvag, near the North Cape", 70.9800, 25.9700, "NO4"),
    ("Split", 43.5100, 16.4400, "HR"),
    ("Varna", 43.2000, 27.9100, "BG"),
]
ISLANDS = [
    ("Reine, in Lofoten", 67.9320, 13.0887, "NO4"),
    ("Rost, the last of Lofoten", 67.5167, 12.1000, "NO4"),
    ("Utsira", 59.3100, 4.8800, "NO2"),
    ("Froya", 63.7200, 8.8000, "NO3"),
    ("Faro, north of Gotland", 57.9000, 19.1300, "SE3"),
    ("Ven, in the Sound", 55.9080, 12.7000, "SE4"),
    ("Nexo, on Bornholm", 55.0607, 15.1306, "DK2"),
    ("Christianso, beyond Bornholm", 55.3200, 15.1870, "DK2"),
    ("Laeso", 57.2700, 11.0000, "DK1"),
    ("Anholt, midway to Sweden", 56.7100, 11.5600, "DK1"),
    ("Kokar, in Aland", 59.9200, 20.9100, "FI"),
    ("Brando, in Aland", 60.4100, 21.0500, "FI"),
    ("Kuressaare, on Saaremaa", 58.2500, 22.4800, "EE"),
    ("Ruhnu, closer to Latvia", 57.7800, 23.2400, "EE"),
    ("Sylt", 54.9070, 8.3100, "DE-LU"),
    ("Borkum, closer to the Netherlands", 53.5800, 6.6600, "DE-LU"),
    ("Schiermonnikoog", 53.4800, 6.1600, "NL"),
    ("Ouessant", 48.4580, -5.0960, "FR"),
    ("Ajaccio, on Corsica", 41.9200, 8.7400, "FR"),
    ("Palma", 39.5700, 2.6500, "ES"),
    ("Rhodes", 36.4400, 28.2200, "GR"),
]
POINTS = BORDERS + COASTS + ISLANDS
OUTSIDE = [
    ("Ivangorod, opposite Narva", 59.3760, 28.2230),
    ("Nikel, east of Kirkenes", 69.4080, 30.2200),
    ("Gibraltar", 36.1408, -5.3536),
    ("Ponta Delgada", 37.7400, -25.6600),
    ("Dublin", 53.3500, -6.2600),
]


@pytest.mark.parametrize(("latitude", "longitude", "area"), [p[1:] for p in POINTS], ids=[p[0] for p in POINTS])
def test_ux_22_a_point_at_the_edge_lies_in_its_price_area_and_time_zone(
    latitude: float, longitude: float, area: str
) -> None:
    assert price_area_of(latitude, longitude) == area
    assert timezone_of(latitude, longitude) in areas()[area].timezone_names


@pytest.mark.parametrize(("latitude", "longitude"), [p[1:] for p in OUTSIDE], ids=[p[0] for p in OUTSIDE])
def test_ux_22_just_outside_there_is_no_area(latitude: float, longitude: float) -> None:
    assert price_area_of(latitude, longitude) is None


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len(POINTS) >= 50
    assert len({area for *_, area in POINTS}) >= 20
