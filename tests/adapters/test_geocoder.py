"""Addresses are asked for at a server of this machine that answers well, badly, slowly or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from charging.adapters import geocoder
from charging.adapters.geocoder import LONGEST_LABEL, LONGEST_QUERY, Address, GeocoderError, find_addresses
from charging.adapters.prices.reading import LARGEST_ANSWER_BYTES, make_client
from tests.adapters.geocoder_server import serve_geocoder
from tests.feeds.server import Reply

PROPERTIES = {"street": "Storgata", "housenumber": "5", "postcode": "0155", "city": "Oslo", "country": "Norway"}


def photon(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(coordinates: Any = (10.7461, 59.9127), **properties: Any) -> dict[str, Any]:
    return {"geometry": {"type": "Point", "coordinates": coordinates}, "properties": properties or PROPERTIES}


def nominatim(*rows: Any) -> bytes:
    return json.dumps(list(rows)).encode()


def row(**values: Any) -> dict[str, Any]:
    return {"lat": "59.9127", "lon": "10.7461", "display_name": "5, Storgata, Oslo, Norge"} | values


def ask(kind: str, reply: Reply, text: str = "Storgata 5") -> tuple[Address, ...]:
    with serve_geocoder(reply) as server, make_client() as client:
        return find_addresses(kind, server.url, text, client=client)


def test_photon_gives_longitude_first_and_the_parts_of_an_address() -> None:
    found = ask("photon", Reply(photon(feature())))

    assert found == (Address("Storgata 5, 0155 Oslo, Norway", 59.9127, 10.7461),)


@pytest.mark.parametrize(
    ("properties", "label"),
    [
        ({"name": "Oslo", "city": "Oslo", "country": "Norway"}, "Oslo, Norway"),
        ({"name": "Hytta", "county": "Innlandet"}, "Hytta, Innlandet"),
        ({"name": "A\u202eB\nC", "country": 5}, "A B C"),
        ({"name": "x" * 900}, "x" * LONGEST_LABEL),
    ],
)
def test_an_address_of_photon_is_one_short_line(properties: dict[str, Any], label: str) -> None:
    assert [found.label for found in ask("photon", Reply(photon(feature(**properties))))] == [label]


def test_nominatim_gives_coordinates_as_texts() -> None:
    assert ask("nominatim", Reply(nominatim(row()))) == (Address("5, Storgata, Oslo, Norge", 59.9127, 10.7461),)


def test_what_was_typed_and_the_number_of_answers_is_all_that_is_sent() -> None:
    with serve_geocoder(Reply(nominatim())) as server, make_client() as client:
        assert find_addresses("nominatim", f"{server.url}/", "Å & b " + "x" * 999, client=client) == ()

    asked = urlsplit(server.asked[0])
    assert asked.path == "/search"
    typed = ("Å & b " + "x" * 999)[:LONGEST_QUERY]
    assert parse_qs(asked.query) == {"q": [typed], "limit": ["5"], "format": ["jsonv2"]}


def test_more_answers_than_asked_for_are_cut() -> None:
    assert len(ask("nominatim", Reply(nominatim(*[row()] * 40)))) == 5
    assert len(ask("photon", Reply(photon(*[feature()] * 40)))) == 5


@pytest.mark.parametrize(
    "broken",
    [
        row(lat="91"),
        row(lon="nan"),
        row(lat=None),
        row(lat=True),
        row(lat="1e999"),
        row(lat=[1]),
        row(display_name=""),
        row(display_name="\x00\u200b"),
        row(display_name=7),
        "Oslo",
        None,
    ],
    ids=str,
)
def test_a_row_that_is_not_as_it_should_be_is_left_out(broken: Any) -> None:
    assert len(ask("nominatim", Reply(nominatim(broken, row())))) == 1


@pytest.mark.parametrize(
    "broken",
    [
        feature(coordinates=None),
        feature(coordinates=[1]),
        feature(coordinates=["x", "y"]),
        feature(coordinates=[181, 0]),
        {"geometry": "here", "properties": PROPERTIES},
        {"geometry": {"coordinates": [1, 1]}},
        [],
    ],
    ids=str,
)
def test_a_feature_that_is_not_as_it_should_be_is_left_out(broken: Any) -> None:
    assert len(ask("photon", Reply(photon(broken, feature())))) == 1


@pytest.mark.parametrize("kind", ["photon", "nominatim"])
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"7", b"null", b'{"features": 5}', b"\xff\xfe", b"[" * 100_000, b'{"features"', b"NaN"],
    ids=lambda body: repr(body[:12]),
)
def test_an_answer_that_is_none_raises(kind: str, body: bytes) -> None:
    with pytest.raises(GeocoderError):
        ask(kind, Reply(body))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"[]", status=500),
        Reply(b"[]", status=429, headers={"Retry-After": "60"}),
        Reply(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
        Reply(b"[" + b" " * LARGEST_ANSWER_BYTES + b"]"),
        Reply(b"[]" * 9, manner="cut off"),
        Reply(b"[]", manner="reset"),
        Reply(b"[]", manner="hang up"),
        Reply(b"[]", manner="not HTTP"),
    ],
    ids=["500", "429", "redirect", "too large", "cut off", "reset", "hang up", "not HTTP"],
)
def test_a_service_in_trouble_raises(reply: Reply) -> None:
    with pytest.raises(GeocoderError):
        ask("nominatim", reply)


def test_a_service_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoder, "WITHIN", timedelta(seconds=0.2))

    with pytest.raises(GeocoderError, match="too slow"):
        ask("nominatim", Reply(b"[" + b" " * 5000 + b"]", manner="drip body"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[", "nonsense", "http://127.0.0.1:99999"])
def test_an_address_where_nobody_answers_raises(url: str) -> None:
    with make_client() as client, pytest.raises(GeocoderError):
        find_addresses("photon", url, "Oslo", client=client)


def test_the_error_does_not_repeat_what_was_asked() -> None:
    with pytest.raises(GeocoderError) as raised:
        ask("nominatim", Reply(b"", status=400), "Secret street 7")

    assert "Secret" not in str(raised.value)
