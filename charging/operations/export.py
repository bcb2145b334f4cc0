"""Everything that is stored of a driver, as JSON files in one zip."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from charging.models import Driver
from charging.operations.privacy import Table, tables
from charging.operations.traces import rows_of

ABOUT = "about.json"


COORDINATE = re.compile(r'(\\?"(?:latitude|longitude)\\?"\s*:\s*(?:\\?")?)(-?\d+\.\d{4,})')
"""A position as JSON, or as JSON within a text of it."""


def export_driver(*, driver: Driver, file: IO[bytes], at_wall: datetime, is_rough: bool = False) -> None:
    """Writes a zip with one JSON file for each table that holds something of the driver, and `about.json` beside them.

    Which fields those have says charging/data/privacy.toml: what is personal, and never a secret. A rough one has its
    positions rounded to three decimals, about a hundred meters: for whoever helps, and need not know the door.
    """
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables():
            if table.owner and (count := _write_table(archive, table, driver, _rough if is_rough else str)):
                counts[_file_name(table)] = count
        about = {"driver": driver.public_id, "exported_at": at_wall, "rows": counts}
        archive.writestr(ABOUT, json.dumps(about, cls=DjangoJSONEncoder, indent=1))


def _file_name(table: Table) -> str:
    return f"{table.label}.json"


def _write_table(archive: zipfile.ZipFile, table: Table, driver: Driver, said: Callable[[str], str]) -> int:
    """Writes the table's rows, one a line; no file where there are none. Returns how many rows."""
    rows = _rows(table, driver)
    first = next(rows, None)
    if first is None:
        return 0
    count = 1
    with archive.open(_file_name(table), "w") as file:
        file.write(b"[\n" + said(_line(first)).encode())
        for row in rows:
            file.write(b",\n" + said(_line(row)).encode())
            count += 1
        file.write(b"\n]\n")
    return count


def _rows(table: Table, driver: Driver) -> Iterator[dict[str, Any]]:
    return rows_of(driver, table).order_by("pk").values(*table.exported).iterator(chunk_size=1000)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)


def _rough(line: str) -> str:
    return COORDINATE.sub(lambda found: f"{found[1]}{float(found[2]):.3f}", line)
