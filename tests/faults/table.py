"""The table of faults: what must hold, and which tests demand it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("table.toml")


@dataclass(frozen=True)
class Fault:
    """`short` tests run with every `make test`, `long` ones by `make faults`; `not_run` says why some do not."""

    id: str
    what: str
    short: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    not_run: str = ""


def faults() -> list[Fault]:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["fault"]
    return [
        Fault(row["id"], row["what"], tuple(row.get("short", ())), tuple(row.get("long", ())), row.get("not_run", ""))
        for row in rows
    ]
