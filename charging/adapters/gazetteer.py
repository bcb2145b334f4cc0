"""Finds towns by name without asking anybody: the bundled towns of the countries with price areas.

Nothing is read before the first question. Then the names stand in one text, which is searched as a whole: a line a
town, largest first, and on it the names as `plain` writes them, the town's own one first, each closed by a bar.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np

from charging.adapters.bundled import DATA
from charging.core.geo import distance_m

MOST_MATCHES = 5
NEAR_M = 60_000
"""Two towns of one name are told apart by the largest town this near to each."""

METERS_PER_DEGREE = 111_000
"""Of latitude, rounded down."""

NAME_END = "|"

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d", "œ": "oe", "-": " ", "'": " "})


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its place on earth; `country` is an ISO code."""

    name: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """The file, ready to be searched: `starts` is where each town's line begins in `names`, with its line break."""

    names: str
    starts: np.ndarray
    rows: tuple[str, ...]
    latitudes: np.ndarray

    def town(self, index: int) -> Town:
        name, country, latitude, longitude = self.rows[index].split("\t")
        return Town(name, country, float(latitude), float(longitude))

    def holding(self, text: str) -> Iterator[int]:
        """The towns on whose lines the text is found, largest first, each once."""
        at = self.names.find(text)
        while at >= 0:
            index = int(np.searchsorted(self.starts, at, side="right")) - 1
            yield index
            at = self.names.find(text, int(self.starts[index + 1])) if index + 1 < len(self.rows) else -1

    def within(self, latitude: float, degrees: float) -> Iterator[Town]:
        """The towns at most so many degrees further north or south."""
        return (self.town(int(index)) for index in np.flatnonzero(abs(self.latitudes - latitude) <= degrees))


def towns() -> tuple[Town, ...]:
    """All bundled towns, largest first."""
    return tuple(_gazetteer().town(index) for index in range(len(_gazetteer().rows)))


def search(query: str) -> tuple[Town, ...]:
    """Up to five towns for a text, best first: the whole name, then its beginning, then any part of it.

    Accents and case do not matter. Where a whole name fits, only those are given; of equals the larger town comes
    first, but Åre before Arès for whoever writes its ring. What follows a comma is tried without it too, so
    "Storgata 5, Oslo" finds Oslo.
    """
    for text in (query, *reversed(query.split(","))):
        words = plain(text.replace(NAME_END, " "))
        if any(sign.isalnum() for sign in words) and (found := _best(words)):
            best = tuple(_gazetteer().town(index) for index in found)
            return best if text.isascii() else _as_spelled_first(text, best)
    return ()


def largest_near(town: Town) -> str | None:
    """The name of the largest other town near to this one, None where there is none."""
    close = _gazetteer().within(town.latitude, NEAR_M / METERS_PER_DEGREE)
    return next((other.name for other in close if other.name != town.name and _is_near(town, other)), None)


def nearest(latitude: float, longitude: float, within_m: float) -> Town | None:
    """The town nearest to a point, None where none is within reach."""
    found = min(
        (
            (distance_m(latitude, longitude, town.latitude, town.longitude), index, town)
            for index, town in enumerate(_gazetteer().within(latitude, within_m / METERS_PER_DEGREE))
        ),
        default=None,
    )
    return found[2] if found is not None and found[0] <= within_m else None


def plain(text: str) -> str:
    """The text in lower case without accents, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


@cache
def _gazetteer() -> _Gazetteer:
    with gzip.open(DATA / "towns.tsv.gz", "rt", encoding="utf-8") as file:
        rows, names = zip(*(line.rstrip("\n").rsplit("\t", 1) for line in file), strict=True)
    lines = [f"\n{line}{NAME_END}" for line in names]
    return _Gazetteer(
        names="".join(lines),
        starts=np.cumsum([0, *map(len, lines[:-1])]),
        rows=rows,
        latitudes=np.array([float(row.split("\t")[2]) for row in rows]),
    )


def _best(words: str) -> list[int]:
    """The best towns for words, best first."""
    holding = _gazetteer().holding
    whole = sorted({*_first(holding(f"\n{words}{NAME_END}")), *_first(holding(f"{NAME_END}{words}{NAME_END}"))})
    if whole:
        return whole[:MOST_MATCHES]
    begun = chain(holding(f"\n{words}"), holding(f"{NAME_END}{words}"), holding(words))
    return list(_first(begun))


def _as_spelled_first(text: str, found: tuple[Town, ...]) -> tuple[Town, ...]:
    spelled = text.strip().casefold()
    return tuple(sorted(found, key=lambda town: town.name.casefold() != spelled))


def _first(indexes: Iterator[int]) -> dict[int, None]:
    """The first few of them without doubles, in their order."""
    found: dict[int, None] = {}
    for index in indexes:
        found[index] = None
        if len(found) == MOST_MATCHES:
            break
    return found


def _is_near(town: Town, other: Town) -> bool:
    return distance_m(town.latitude, town.longitude, other.latitude, other.longitude) <= NEAR_M
