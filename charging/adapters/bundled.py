"""Reads the files of charging/data."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


def read_json(name: str) -> Any:
    """The content of a bundled JSON file, compressed if the name ends with .gz."""
    content = (DATA / name).read_bytes()
    return json.loads(gzip.decompress(content) if name.endswith(".gz") else content)


def read_toml(name: str) -> dict[str, Any]:
    """The content of a bundled TOML file."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
