"""The rows of a file of prices, still as text, each with the line or the entry it stands in."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, cast

from charging.adapters.prices import json_answer
from charging.adapters.prices.price_day import PriceAnswerError

GZIP_MAGIC = b"\x1f\x8b"
LARGEST_JSON_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One price as the file has it; `line` counts from 1, the heading of a CSV file included."""

    line: int
    utc_start: str
    area: str
    resolution_minutes: str
    price: str
    currency: str
    unit: str
    source: str


COLUMNS = tuple(field.name for field in fields(Row) if field.name != "line")


def read_rows(path: Path) -> Iterator[Row]:
    """All rows of a CSV file or a JSON list. Raises PriceAnswerError, OSError and UnicodeDecodeError."""
    try:
        with _open(path) as file:
            is_json = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["
        with _open(path) as file:
            yield from (_json_rows if is_json else _csv_rows)(file)
    except (EOFError, zlib.error) as error:
        raise PriceAnswerError("broken compression", str(error)) from error


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_compressed = file.read(2) == GZIP_MAGIC
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_compressed else path.open("rb")


def _csv_rows(file: IO[bytes]) -> Iterator[Row]:
    reader = csv.DictReader(TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    try:
        if missing := set(COLUMNS).difference(reader.fieldnames or ()):
            raise PriceAnswerError("columns missing", ", ".join(sorted(missing)))
        for row in reader:
            yield _row(row, f"line {reader.line_num}", reader.line_num)
    except csv.Error as error:
        raise PriceAnswerError("not CSV", f"after line {reader.line_num}: {error}") from error


def _json_rows(file: IO[bytes]) -> Iterator[Row]:
    content = file.read(LARGEST_JSON_BYTES + 1)
    if len(content) > LARGEST_JSON_BYTES:
        raise PriceAnswerError("file too large", f"more than {LARGEST_JSON_BYTES} bytes of JSON")
    for number, value in enumerate(json_answer.as_list(json_answer.parse(content), "prices"), start=1):
        if not isinstance(value, dict):
            raise PriceAnswerError("not an object", f"entry {number}")
        yield _row(value, f"entry {number}", number)


def _row(values: dict[str, Any], place: str, line: int) -> Row:
    missing = [name for name in COLUMNS if values.get(name) is None]
    if missing:
        raise PriceAnswerError("a value is missing", f"{place}: {', '.join(missing)}")
    return Row(line, **{name: str(values[name]).strip() for name in COLUMNS})
