"""Finds towns by name without asking anybody: the bundled towns of the countries with price areas."""

from __future__ import annotations

import gzip
import unicodedata
from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import DATA
from charging.core.geo import distance_m

MOST_MATCHES = 5
NEAR_M = 60_000
"""Two towns of one name are told apart by the largest town this near to each."""

METERS_PER_DEGREE = 111_000
"""Of latitude, rounded down."""

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d", "œ": "oe", "-": " ", "'": " "})


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its place on earth; `country` is an ISO code, `plain_names` are its names as `plain` writes them."""

    name: str
    country: str
    latitude: float
    longitude: float
    plain_names: tuple[str, ...]


@cache
def towns() -> tuple[Town, ...]:
    """All bundled towns, largest first."""
    with gzip.open(DATA / "towns.tsv.gz", "rt", encoding="utf-8") as file:
        return tuple(_town(line.rstrip("\n")) for line in file)


def search(query: str) -> tuple[Town, ...]:
    """Up to five towns for a text, best first: the whole name, then its beginning, then any part of it.

    Accents and case do not matter. Where a whole name fits, only those are given; of equals the larger town comes
    first. What follows a comma is tried without it too, so "Storgata 5, Oslo" finds Oslo.
    """
    for text in (query, *reversed(query.split(","))):
        words = plain(text)
        if not any(sign.isalnum() for sign in words):
            continue
        ranked = [(rank, index) for index, town in enumerate(towns()) if (rank := _rank(words, town)) is not None]
        best = [row for row in ranked if row[0] == 0] or sorted(ranked)
        if best:
            return tuple(towns()[index] for _, index in best[:MOST_MATCHES])
    return ()


def largest_near(town: Town) -> str | None:
    """The name of the largest other town near to this one, None where there is none."""
    return next((other.name for other in towns() if other.name != town.name and _is_near(town, other)), None)


def nearest(latitude: float, longitude: float, within_m: float) -> Town | None:
    """The town nearest to a point, None where none is within reach."""
    reach = within_m / METERS_PER_DEGREE
    close = (town for town in towns() if abs(town.latitude - latitude) <= reach)
    found = min(
        (
            (distance_m(latitude, longitude, town.latitude, town.longitude), index, town)
            for index, town in enumerate(close)
        ),
        default=None,
    )
    return found[2] if found is not None and found[0] <= within_m else None


def plain(text: str) -> str:
    """The text in lower case without accents, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def _town(line: str) -> Town:
    name, country, latitude, longitude, others = line.split("\t")
    names = (plain(name), *filter(None, others.split("|")))
    return Town(name, country, float(latitude), float(longitude), names)


def _rank(words: str, town: Town) -> int | None:
    own, *others = town.plain_names
    if words == own or words in others:
        return 0
    if own.startswith(words):
        return 1
    if any(name.startswith(words) for name in others):
        return 2
    return 3 if any(words in name for name in town.plain_names) else None


def _is_near(town: Town, other: Town) -> bool:
    # Cheap first: most towns are far away.
    if abs(town.latitude - other.latitude) > 1:
        return False
    return distance_m(town.latitude, town.longitude, other.latitude, other.longitude) <= NEAR_M
