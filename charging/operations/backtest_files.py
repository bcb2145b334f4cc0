"""Reading the files of a backtest: prices by area, and real plug-ins."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from charging.core.facts import PriceInterval
from charging.core.market_time import split_into_quarters

KWH_PER_MWH = 1000


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """The prices of one area, per quarter of an hour and in time order; quarters may be missing."""

    intervals: tuple[PriceInterval, ...]
    starts: tuple[datetime, ...]

    def between(self, start: datetime, end: datetime) -> tuple[PriceInterval, ...]:
        """The quarters that overlap `[start, end)`."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        if self.intervals[first].end <= start:
            first += 1
        return self.intervals[first : bisect_left(self.starts, end)]

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether no quarter of `[start, end)` is missing."""
        inside = self.between(start, end)
        is_joined = all(before.end == after.start for before, after in pairwise(inside))
        return bool(inside) and is_joined and inside[0].start <= start and inside[-1].end >= end


@dataclass(frozen=True, slots=True)
class PlugIn:
    """One real charging session: when the cable was in, and the energy that flowed."""

    session_id: str
    user_id: str
    plugged_in_at: datetime
    unplugged_at: datetime
    energy_kwh: float


def read_prices(path: Path) -> dict[str, PriceHistory]:
    """The price history of each area in the file. Of prices given twice the first counts.

    Columns: utc_start, area, resolution_minutes, price (per MWh). Raises OSError, KeyError or ValueError for a file
    that cannot be read as such.
    """
    quarters: dict[str, dict[datetime, PriceInterval]] = {}
    for row in _rows(path):
        area = quarters.setdefault(row["area"], {})
        start = datetime.fromisoformat(row["utc_start"])
        end = start + timedelta(minutes=int(row["resolution_minutes"]))
        for quarter in split_into_quarters(PriceInterval(start, end, float(row["price"]) / KWH_PER_MWH)):
            area.setdefault(quarter.start, quarter)
    return {area: _history(found) for area, found in quarters.items()}


def read_plug_ins(path: Path) -> list[PlugIn]:
    """The sessions of the file that took energy, in its order.

    Columns: session_id, user_id, plugin_utc, plugout_utc, energy_kwh. Raises OSError, KeyError or ValueError.
    """
    plug_ins = [
        PlugIn(
            session_id=row["session_id"],
            user_id=row["user_id"],
            plugged_in_at=datetime.fromisoformat(row["plugin_utc"]),
            unplugged_at=datetime.fromisoformat(row["plugout_utc"]),
            energy_kwh=float(row["energy_kwh"]),
        )
        for row in _rows(path)
    ]
    return [one for one in plug_ins if one.energy_kwh > 0 and one.unplugged_at > one.plugged_in_at]


def _history(quarters: dict[datetime, PriceInterval]) -> PriceHistory:
    starts = tuple(sorted(quarters))
    return PriceHistory(tuple(quarters[start] for start in starts), starts)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
