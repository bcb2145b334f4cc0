"""The few well-known towns that maps without a map server are drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import read_json


@dataclass(frozen=True, slots=True)
class City:
    """A town with its place on earth; `country` is an ISO code, `price_area` the code of its price area.

    `name` is the English one. `local_name` is what its country calls it, `swedish_name` what Swedish speakers in
    Finland do; both are empty where that is no other name.
    """

    name: str
    other_names: tuple[str, ...]
    country: str
    price_area: str
    latitude: float
    longitude: float
    local_name: str = ""
    swedish_name: str = ""

    def name_in(self, language: str) -> str:
        """The name for a reader of a language: English for English, else the one on the road signs there."""
        if language == "en":
            return self.name
        return (self.swedish_name if language == "sv" else "") or self.local_name or self.name


@cache
def cities() -> tuple[City, ...]:
    """All bundled towns."""
    return tuple(City(**row | {"other_names": tuple(row["other_names"])}) for row in read_json("cities.json"))


@cache
def _by_name() -> dict[tuple[str, str], City]:
    return {(city.name, city.country): city for city in cities()}


def name_in(language: str, name: str, country: str) -> str:
    """The name of any town for a reader of a language; one that is not well known is called as it is."""
    city = _by_name().get((name, country))
    return city.name_in(language) if city is not None else name
