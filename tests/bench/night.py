"""Real nights for the planner: the prices of each area of a file, and cars with drawn needs."""

from __future__ import annotations

import csv
import gzip
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from charging.core.facts import PriceInterval

AHEAD = timedelta(hours=30)
"""At 18:00 the prices of the next day are known."""


@dataclass(frozen=True)
class AreaNight:
    area: str
    now: datetime
    intervals: list[PriceInterval]


@dataclass(frozen=True)
class CarNeed:
    energy_kwh: float
    power_kw: float
    until_deadline: timedelta


def make_nights(path: Path, draw: random.Random) -> list[AreaNight]:
    """For each area one of the evenings after which the file has the most prices.

    Some areas lack the last hours of every day: those nights have gaps.
    """
    return [_make_night(area, prices, draw) for area, prices in sorted(_read_prices(path).items())]


def make_car(draw: random.Random, night: AreaNight) -> CarNeed:
    """A need of 3 to 50 kWh and a deadline 6 to 30 hours ahead that leaves time for it, gaps or not."""
    power_kw = draw.choice([2.3, 3.7, 7.4, 11.0])
    hours = draw.randint(6 * 60, int(AHEAD / timedelta(minutes=1))) / 60
    energy_kwh = min(round(draw.uniform(3, 50), 2), power_kw * hours * 0.6)
    return CarNeed(energy_kwh, power_kw, timedelta(minutes=round(hours * 60)))


def _read_prices(path: Path) -> dict[str, dict[datetime, PriceInterval]]:
    """Per area the prices by start; what two sources give twice counts once."""
    areas: dict[str, dict[datetime, PriceInterval]] = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            start = datetime.fromisoformat(row["utc_start"])
            end = start + timedelta(minutes=int(row["resolution_minutes"]))
            areas.setdefault(row["area"], {})[start] = PriceInterval(start, end, float(row["price"]) / 1000)
    return areas


def _make_night(area: str, prices: dict[datetime, PriceInterval], draw: random.Random) -> AreaNight:
    evenings = [start for start in prices if (start.hour, start.minute) == (18, 0)]
    draw.shuffle(evenings)
    best: list[PriceInterval] = []
    for now in evenings[:40]:
        intervals = [price for start, price in prices.items() if now <= start < now + AHEAD]
        if _hours(intervals) > _hours(best):
            best = intervals
    return AreaNight(area, best[0].start, best)


def _hours(intervals: list[PriceInterval]) -> float:
    return sum((price.end - price.start for price in intervals), timedelta(0)) / timedelta(hours=1)
