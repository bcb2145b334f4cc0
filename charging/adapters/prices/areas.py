"""The price areas that Readyby knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import read_json


@dataclass(frozen=True, slots=True)
class Area:
    """A bidding zone of the European day-ahead market.

    `currency` is the one its prices are published in, `timezone_names` are the time zones of its land, the main one
    first, and `bidding_zone_eic` is its code at ENTSO-E.
    """

    code: str
    name: str
    country: str
    currency: str
    timezone_names: tuple[str, ...]
    bidding_zone_eic: str

    @property
    def timezone_name(self) -> str:
        return self.timezone_names[0]


@cache
def areas() -> dict[str, Area]:
    """All known price areas by code."""
    rows = read_json("price_areas.json")
    return {row["code"]: Area(**row | {"timezone_names": tuple(row["timezone_names"])}) for row in rows}
