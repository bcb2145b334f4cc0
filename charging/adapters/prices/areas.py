"""The price areas that Readyby knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from charging.adapters.bundled import read_json
from charging.core import market_time


@dataclass(frozen=True, slots=True)
class Area:
    """An area in which energy has one price at a time: a bidding zone of the day-ahead market, or a part of one.

    `currency` is the one its prices are published in, `timezone_names` are the time zones of its land, the main one
    first, and `bidding_zone_eic` is its code at ENTSO-E, empty where it has none. Delivery days begin at midnight of
    the market's time zone and their prices are out by `publication_time` on the day before, in market time. The market
    time unit is the one of today; older days, and single hours, may have another.
    """

    code: str
    name: str
    country: str
    currency: str
    timezone_names: tuple[str, ...]
    bidding_zone_eic: str = ""
    market_timezone_name: str = market_time.MARKET_TIMEZONE
    market_time_unit_minutes: int = 15
    publication_time: time = market_time.PUBLICATION_TIME

    @property
    def timezone_name(self) -> str:
        return self.timezone_names[0]

    def market_day(self, instant: datetime) -> date:
        """The delivery day that an instant belongs to."""
        return market_time.market_day(instant, self.market_timezone_name)

    def day_bounds(self, delivery_date: date) -> tuple[datetime, datetime]:
        """Start and end of a delivery day: 23, 24 or 25 hours."""
        return market_time.market_day_bounds(delivery_date, self.market_timezone_name)

    def published_at(self, delivery_date: date) -> datetime:
        """When the prices of a delivery day are out."""
        return market_time.published_at(delivery_date, self.publication_time, self.market_timezone_name)


@cache
def areas() -> dict[str, Area]:
    """All known price areas by code."""
    return {row["code"]: _area(row) for row in read_json("price_areas.json")}


def _area(row: dict[str, Any]) -> Area:
    zones, published = tuple(row["timezone_names"]), time.fromisoformat(row["publication_time"])
    return Area(**row | {"timezone_names": zones, "publication_time": published})
