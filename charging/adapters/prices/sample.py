"""Recorded prices that stand in where none can be fetched.

The bundled sample holds December 2025 of six areas (Bundesnetzagentur | SMARD.de, CC BY 4.0). It is replayed for
ever: a week takes the prices of week `ISO week modulo 4` of 1 - 28 December, by local weekday and quarter of an hour.
"""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from charging.adapters.bundled import DATA
from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import per_kwh
from charging.core.facts import PriceInterval

SOURCE = "sample"
LICENCE = "CC BY 4.0, Bundesnetzagentur | SMARD.de"
FIRST_MONDAY = date(2025, 12, 1)
WEEKS = 4
QUARTER = timedelta(minutes=15)
QUARTERS_A_DAY = 96

SampleRow = tuple[PriceInterval, date]


def sample_areas() -> tuple[str, ...]:
    """Codes of the areas that have a sample."""
    return tuple(_recorded())


def sample_intervals(area_code: str, start: datetime, end: datetime) -> tuple[SampleRow, ...]:
    """The quarters of an hour that touch `[start, end)`, in time order, each with the day it was recorded on.

    The prices of an instant never change. The hour that spring leaves out has no local time and so no price of its
    own, the doubled hour of autumn has the same prices twice. Raises KeyError for an area without a sample.
    """
    if end <= start:
        return ()
    start = start.astimezone(UTC)
    first = start - (start - datetime.min.replace(tzinfo=UTC)) % QUARTER
    rows: list[SampleRow] = []
    day = first.date()
    while datetime.combine(day, time(), UTC) < end:
        rows += _replayed_day(area_code, day)
        day += timedelta(days=1)
    return tuple(row for row in rows if first <= row[0].start < end)


@lru_cache(maxsize=8)
def recorded_intervals(area_code: str) -> tuple[SampleRow, ...]:
    """The whole sample at the instants it was recorded at, in time order. Raises KeyError for an area without one."""
    zone = ZoneInfo(areas()[area_code].timezone_name)
    first = datetime.combine(FIRST_MONDAY, time(), zone).astimezone(UTC)
    starts = (first + number * QUARTER for number in range(len(_recorded()[area_code])))
    rows = zip(starts, _recorded()[area_code], strict=True)
    return tuple((PriceInterval(at, at + QUARTER, price), at.astimezone(zone).date()) for at, price in rows)


@lru_cache(maxsize=512)
def _replayed_day(area_code: str, utc_date: date) -> tuple[SampleRow, ...]:
    """The 96 quarters of a UTC day."""
    prices, zone = _recorded()[area_code], ZoneInfo(areas()[area_code].timezone_name)
    midnight = datetime.combine(utc_date, time(), UTC)
    rows: list[SampleRow] = []
    for index in range(QUARTERS_A_DAY):
        at = midnight + index * QUARTER
        local = at.astimezone(zone)
        _, week, weekday = local.isocalendar()
        days = (week % WEEKS) * 7 + weekday - 1
        price = prices[days * QUARTERS_A_DAY + local.hour * 4 + local.minute // 15]
        rows.append((PriceInterval(at, at + QUARTER, price), FIRST_MONDAY + timedelta(days=days)))
    return tuple(rows)


@cache
def _recorded() -> dict[str, tuple[Decimal, ...]]:
    """Per area the prices per kWh of all quarters from the local midnight of 1 December 2025 on."""
    series: dict[str, list[tuple[str, Decimal]]] = {}
    with gzip.open(DATA / "sample_prices.csv.gz", "rt", encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            series.setdefault(row["area"], []).append((row["utc_start"], per_kwh(Decimal(row["price"]))))
    return {code: tuple(price for _, price in sorted(rows)) for code, rows in series.items()}
