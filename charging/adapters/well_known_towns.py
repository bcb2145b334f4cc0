"""The few well-known towns that maps without a map server are drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import read_json


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
