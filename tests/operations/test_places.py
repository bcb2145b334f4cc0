"""Finding a point: towns, price areas, and coordinates that were given the wrong way round."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from charging.models import PriceArea
from charging.operations import places, prices
from tests.adapters.geocoder_server import GeocoderServer, serve_geocoder
from tests.feeds.server import Reply


def test_towns_are_found_by_name_best_first_and_at_most_five() -> None:
    found = places.search_places("Kristiansand")

    assert not found.is_down
    assert (found.matches[0].name, found.matches[0].country) == ("Kristiansand", "NO")
    assert len(places.search_places("kris").matches) == 5


def test_a_town_that_is_found_has_its_name_for_the_reader() -> None:
    with translation.override("da"):
        assert places.search_places("Copenhagen").matches[0].name == "København"

    assert places.search_places("København").matches[0].name == "Copenhagen"


def test_only_towns_of_one_name_are_told_apart_by_a_larger_one() -> None:
    assert [match.near for match in places.search_places("Oslo").matches] == [""]
    assert [match.near for match in places.search_places("Newport").matches if match.name == "Newport"] == [
        "Bristol",
        "Southampton",
        "Birmingham",
        "London",
    ]


def test_without_a_geocoder_nobody_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.READYBY_GEOCODER = ""
    monkeypatch.setattr(places, "make_client", lambda: pytest.fail("asked"))

    assert places.search_places("Oslo").matches
    assert places.geocoder_host() == ""


@pytest.fixture
def geocoder(settings: Settings) -> Iterator[GeocoderServer]:
    """A Nominatim of this machine that knows one address."""
    address = {"lat": "59.9127", "lon": "10.7461", "display_name": "5, Storgata, Oslo"}
    with serve_geocoder(Reply(json.dumps([address]).encode())) as server:
        settings.READYBY_GEOCODER, settings.READYBY_GEOCODER_URL = "nominatim", server.url
        yield server


def test_the_geocoder_is_asked_first(geocoder: GeocoderServer) -> None:
    assert places.search_places("Storgata 5, Oslo").matches == (places.Match("5, Storgata, Oslo", 59.9127, 10.7461),)
    assert places.geocoder_host() == geocoder.url.removeprefix("http://")


def test_nothing_is_sent_for_nothing(geocoder: GeocoderServer) -> None:
    assert places.search_places("  ") == places.Found(())
    assert geocoder.asked == []


def test_where_the_geocoder_knows_nothing_the_towns_are_looked_through(geocoder: GeocoderServer) -> None:
    geocoder.reply = Reply(b"[]")

    found = places.search_places("Oslo")

    assert (found.matches[0].name, found.is_down) == ("Oslo", False)


def test_a_geocoder_in_trouble_leaves_the_towns_and_its_log_does_not_tell_what_was_asked(
    geocoder: GeocoderServer, caplog: pytest.LogCaptureFixture
) -> None:
    geocoder.reply = Reply(b"", status=503)

    found = places.search_places("Secret Street 7, Oslo")

    assert (found.matches[0].name, found.is_down) == ("Oslo", True)
    assert "the geocoder gave no usable answer" in caplog.text
    assert "Secret" not in caplog.text + str([record.__dict__ for record in caplog.records])


def test_a_geocoder_that_may_not_be_asked_is_spared(geocoder: GeocoderServer) -> None:
    assert places.search_places("Oslo", may_ask=False).is_down
    assert geocoder.asked == []


@pytest.mark.parametrize(
    ("kind", "host"), [("photon", "photon.komoot.io"), ("nominatim", "nominatim.openstreetmap.org")]
)
def test_the_public_geocoders_are_known(settings: Settings, kind: str, host: str) -> None:
    settings.READYBY_GEOCODER, settings.READYBY_GEOCODER_URL = kind, ""

    assert places.geocoder_host() == host


@pytest.mark.parametrize(
    "query", ["", "   ", "Xyzzy", "\x00", "a" * 10_000], ids=["empty", "spaces", "x", "null", "10k"]
)
def test_nothing_is_found_for_what_names_no_town(query: str) -> None:
    assert places.search_places(query) == places.Found(())


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
