"""The search for an address: what is asked, what is offered, and what is said when nobody answers."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import Location
from onboarding import rate_limit
from tests.adapters.geocoder_server import GeocoderServer, serve_geocoder
from tests.feeds.server import Reply
from tests.onboarding.walk import URLS, answer_until, begin, page, send

DOWN = "Address search is not available right now. Use the map or coordinates"


@pytest.fixture
def at_places(client: Client) -> Client:
    begin(client)
    answer_until(client, "places")
    return client


@pytest.fixture
def geocoder(settings: Settings) -> Iterator[GeocoderServer]:
    rows = [
        {"lat": "59.9127", "lon": "10.7461", "display_name": "5, Storgata, Oslo <b>"},
        {"lat": "69.6489", "lon": "18.9551", "display_name": "5, Storgata, Tromsø"},
    ]
    with serve_geocoder(Reply(json.dumps(rows).encode())) as server:
        settings.READYBY_GEOCODER, settings.READYBY_GEOCODER_URL = "nominatim", server.url
        yield server


def words(client: Client) -> str:
    return html.unescape(page(client, URLS["places"]))


def test_addresses_are_offered_as_radios_and_the_chosen_one_sets_the_point(
    at_places: Client, geocoder: GeocoderServer
) -> None:
    send(at_places, URLS["places"], name="Home", q="Storgata 5", search="1")

    text = page(at_places, URLS["places"])
    assert text.count('name="found"') == 2
    assert "5, Storgata, Oslo &lt;b&gt;" in text
    assert "© OpenStreetMap contributors" in text
    send(at_places, URLS["places"], name="Home", q="Storgata 5", found="1", take="1")
    assert 'value="69.6489"' in page(at_places, URLS["places"])


def test_the_page_says_who_is_asked(at_places: Client, geocoder: GeocoderServer) -> None:
    text = words(at_places)

    assert "Search for an address" in text
    assert f"What you type is sent to {geocoder.url.removeprefix('http://')}" in text
    assert geocoder.asked == []


def test_a_town_is_only_its_middle_and_says_so_until_the_point_is_moved(at_places: Client) -> None:
    note = "This is the middle of Lillehammer. Move the point to where you charge."

    send(at_places, URLS["places"], name="Home", q="Storgata 5, Lillehammer", search="1")
    assert note in words(at_places)

    send(at_places, URLS["places"], name="Home", q="Storgata 5, Lillehammer", move="north")
    assert note not in words(at_places)


def test_an_address_is_where_it_is(at_places: Client, geocoder: GeocoderServer) -> None:
    send(at_places, URLS["places"], name="Home", q="Storgata 5", search="1")
    send(at_places, URLS["places"], name="Home", q="Storgata 5", found="1", take="1")

    assert "This is the middle of" not in words(at_places)


def test_ux_21_a_geocoder_that_is_down_is_said_and_towns_are_offered(
    at_places: Client, geocoder: GeocoderServer
) -> None:
    geocoder.reply = Reply(b"", status=503)

    response = send(at_places, URLS["places"], name="Home", q="Storgata 5, Oslo", search="1")

    assert (response.status_code, response.headers["Location"]) == (303, "/setup/places/#search-down")
    text = words(at_places)
    assert text.count(DOWN) == 1
    assert "Oslo, Norway</label>" in text
    send(at_places, URLS["places"], name="Home", q="Storgata 5, Oslo", found="0", take="1")
    assert DOWN not in words(at_places)


def test_a_geocoder_that_is_down_is_no_error_of_the_field(at_places: Client, geocoder: GeocoderServer) -> None:
    geocoder.reply = Reply(b"nonsense")

    send(at_places, URLS["places"], name="Home", q="Xyzzyville", search="1")

    text = words(at_places)
    assert DOWN in text
    assert "No match" not in text
    assert "There is a problem" not in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Enter a street, town or postcode"),
        ("Xyzzyville", "No match for 'Xyzzyville'. Try the town only, or pick the point on the map"),
    ],
)
def test_a_search_without_an_answer_says_so(
    at_places: Client, geocoder: GeocoderServer, query: str, message: str
) -> None:
    geocoder.reply = Reply(b"[]")

    response = send(at_places, URLS["places"], name="Home", q=query, search="1")

    assert response.status_code == 422
    assert html.unescape(response.content.decode()).count(message) == 2


def test_without_a_point_the_search_for_an_address_is_named(at_places: Client, geocoder: GeocoderServer) -> None:
    response = send(at_places, URLS["places"], name="Home", save="1")

    message = "Choose a point: search for an address, pick it on the map, or enter coordinates"
    assert message in response.content.decode()
    assert not Location.objects.exists()


def test_one_address_does_not_use_up_the_geocoder(
    at_places: Client, geocoder: GeocoderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MOST_SEARCHES", 2)

    for _ in range(4):
        send(at_places, URLS["places"], name="Home", q="Storgata", search="1")

    assert len(geocoder.asked) == 2
    assert DOWN in words(at_places)


def test_two_towns_of_one_name_are_told_apart(at_places: Client) -> None:
    response = send(at_places, URLS["places"], name="Home", q="newport", search="1")
    assert response.headers["Location"] == "/setup/places/#matches"

    text = words(at_places)

    assert "Newport, Great Britain, near Bristol</label>" in text
    assert text.count('name="found"') == 5


@pytest.mark.parametrize(
    ("tile_url", "words_shown"),
    [
        (
            "https://{s}.tiles.example/{z}/{x}/{y}.png",
            "Map pictures come from tiles.example only after you open the map",
        ),
        ("", "This server shows no map pictures"),
    ],
)
def test_the_page_says_where_map_pictures_come_from(
    at_places: Client, settings: Settings, tile_url: str, words_shown: str
) -> None:
    settings.TILE_URL = tile_url

    assert words_shown in words(at_places)
