"""Files of prices that somebody brings along: CSV, compressed by gzip or plain, or a JSON list; one price a row.

Columns or keys: `utc_start, area, resolution_minutes, price, currency, unit, source`; prices are per MWh, and a time
without an offset is UTC. Rows may come in any order; those of one area, delivery day and source make a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from charging.adapters.prices.areas import Area
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, Span, make_price_day
from charging.adapters.prices.price_rows import Row, read_rows
from charging.core.market_time import market_day

Key = tuple[str, date, str]
"""Area, delivery day and source."""


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day of which nothing is taken: where in the file it begins, and why it is refused."""

    line: int
    area_code: str
    delivery_date: date
    reason: str
    message: str


def read_price_file(
    path: Path,
    *,
    known_areas: Mapping[str, Area],
    only_areas: Collection[str] = (),
    only_source: str = "",
    licence: str = "",
) -> tuple[list[PriceDay], list[RefusedDay]]:
    """The complete days of a file in order of area, day and source, and the days that are refused.

    An empty selection takes everything. Raises PriceAnswerError with the number of the line where the file has not the
    right columns or a row no time, OSError and UnicodeDecodeError where it cannot be read.
    """
    grouped: dict[Key, list[Row]] = {}
    for row in read_rows(path):
        if (not only_areas or row.area in only_areas) and only_source in ("", row.source):
            day = _delivery_date(row, known_areas.get(row.area))
            grouped.setdefault((row.area, day, row.source), []).append(row)
    days: list[PriceDay] = []
    refused: list[RefusedDay] = []
    for (area_code, day, source), rows in sorted(grouped.items()):
        try:
            days.append(_price_day(known_areas.get(area_code), day, source, rows, licence))
        except PriceAnswerError as error:
            refused.append(RefusedDay(rows[0].line, area_code, day, error.reason, str(error)))
    return days, refused


def _delivery_date(row: Row, area: Area | None) -> date:
    start = _instant(row)
    return market_day(start) if area is None else area.market_day(start)


def _price_day(area: Area | None, day: date, source: str, rows: list[Row], licence: str) -> PriceDay:
    if area is None:
        raise PriceAnswerError("unknown area")
    if {(row.currency, row.unit) for row in rows} != {(area.currency, "MWh")}:
        found = sorted({f"{row.currency}/{row.unit}" for row in rows})
        raise PriceAnswerError("wrong unit", f"{', '.join(found)[:60]} instead of {area.currency}/MWh")
    return make_price_day(
        area=area,
        delivery_date=day,
        source=source,
        currency=area.currency,
        licence=licence,
        spans=sorted(_spans(rows), key=lambda span: span[:2]),
    )


def _spans(rows: Iterable[Row]) -> Iterator[Span]:
    for row in rows:
        start = _instant(row)
        yield start, start + timedelta(minutes=_minutes(row)), _price(row)


def _instant(row: Row) -> datetime:
    try:
        instant = datetime.fromisoformat(row.utc_start)
        return instant.replace(tzinfo=UTC) if instant.utcoffset() is None else instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PriceAnswerError("a time is not ISO 8601", f"line {row.line}: {row.utc_start[:30]!r}") from error


def _minutes(row: Row) -> int:
    if not (row.resolution_minutes.isascii() and row.resolution_minutes.isdecimal()) or len(row.resolution_minutes) > 4:
        raise PriceAnswerError("unknown market time unit", f"line {row.line}: {row.resolution_minutes[:20]!r} minutes")
    return int(row.resolution_minutes)


def _price(row: Row) -> Decimal:
    try:
        return Decimal(row.price)
    except InvalidOperation as error:
        raise PriceAnswerError("a price is no number", f"line {row.line}: {row.price[:20]!r}") from error
