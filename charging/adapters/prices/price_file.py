"""Reads files of prices: CSV, compressed by gzip or plain, one market time unit a line.

Columns: `utc_start, area, resolution_minutes, price, currency, unit, source`; prices are per MWh.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, make_price_day
from charging.core.market_time import market_day

Row = dict[str, str]
GZIP_MAGIC = b"\x1f\x8b"
COLUMNS = frozenset({"utc_start", "area", "resolution_minutes", "price", "currency", "unit", "source"})


def read_price_file(
    path: Path, *, only_areas: Collection[str] = (), only_source: str = "", licence: str = ""
) -> tuple[list[PriceDay], Counter[str]]:
    """The complete days of a file in order of area, day and source, and how many days were refused per reason.

    An empty selection takes everything. Raises PriceAnswerError where the file has not the right columns, OSError
    where it cannot be read.
    """
    grouped: dict[tuple[str, date, str], list[Row]] = {}
    for row in _rows(path):
        if (not only_areas or row["area"] in only_areas) and only_source in ("", row["source"]):
            day = market_day(_instant(row["utc_start"]))
            grouped.setdefault((row["area"], day, row["source"]), []).append(row)
    days: list[PriceDay] = []
    refused: Counter[str] = Counter()
    for (area_code, day, source), rows in sorted(grouped.items()):
        try:
            days.append(_price_day(area_code, day, source, rows, licence))
        except PriceAnswerError as error:
            refused[error.reason] += 1
    return days, refused


def _rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        is_compressed = file.read(2) == GZIP_MAGIC
    with (gzip.open if is_compressed else open)(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := COLUMNS.difference(reader.fieldnames or ()):
            raise PriceAnswerError("columns missing", ", ".join(sorted(missing)))
        yield from reader


def _price_day(area_code: str, day: date, source: str, rows: list[Row], licence: str) -> PriceDay:
    area = areas().get(area_code)
    if area is None:
        raise PriceAnswerError("unknown area", area_code)
    if {(row["currency"], row["unit"]) for row in rows} != {(area.currency, "MWh")}:
        raise PriceAnswerError("wrong unit")
    return make_price_day(
        area_code=area_code,
        delivery_date=day,
        source=source,
        currency=area.currency,
        licence=licence,
        points=sorted((_instant(row["utc_start"]), _price(row["price"])) for row in rows),
    )


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise PriceAnswerError("a time is not ISO 8601", text[:30]) from error


def _price(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise PriceAnswerError("a price is no number", text[:20]) from error
