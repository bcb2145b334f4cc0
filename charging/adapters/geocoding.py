"""Finds well-known towns by name without asking anybody: the fallback of the address search."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import read_json

MOST_MATCHES = 5

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d", "œ": "oe", "-": " ", "'": " "})


@dataclass(frozen=True, slots=True)
class City:
    """A town with its place on earth; `country` is an ISO code, `price_area` the code of its price area."""

    name: str
    other_names: tuple[str, ...]
    country: str
    price_area: str
    latitude: float
    longitude: float


@cache
def cities() -> tuple[City, ...]:
    """All bundled towns."""
    return tuple(City(**row | {"other_names": tuple(row["other_names"])}) for row in read_json("cities.json"))


def search(query: str) -> tuple[City, ...]:
    """Up to five towns for a text, best first: the whole name, then its beginning, then any part of it.

    Accents and case do not matter. What follows a comma is tried without it too, so "Storgata 5, Oslo" finds Oslo.
    """
    for text in (query, *reversed(query.split(","))):
        words = _plain(text)
        ranked = sorted((rank, city.name, city) for city in cities() if (rank := _rank(words, city)) is not None)
        if words and ranked:
            return tuple(city for _, _, city in ranked[:MOST_MATCHES])
    return ()


def _rank(words: str, city: City) -> int | None:
    names = [_plain(name) for name in (city.name, *city.other_names)]
    tests = (
        any(name == words for name in names),
        any(name.startswith(words) for name in names),
        any(words in name for name in names),
    )
    return next((rank for rank, is_match in enumerate(tests) if is_match), None)


def _plain(text: str) -> str:
    """The text in lower case without accents, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
