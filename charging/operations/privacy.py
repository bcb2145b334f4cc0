"""What is stored of whom, as charging/data/privacy.toml says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings

from charging.adapters.bundled import read_toml

TRACE = "trace"
UNTIL_ERASED = "erasure"


@dataclass(frozen=True, slots=True)
class Table:
    """How the fields of one model are classified; `label` is the model's, such as charging.Vehicle."""

    label: str
    heading: str
    owner: str
    personal: tuple[str, ...]
    secret: tuple[str, ...]
    none: tuple[str, ...]
    unexported: tuple[str, ...]
    apart: dict[str, str]

    @property
    def exported(self) -> tuple[str, ...]:
        """The fields that a driver gets, in the order of the model."""
        return tuple(name for name in self.personal if name not in self.unexported)


@cache
def tables() -> tuple[Table, ...]:
    """Returns every classified table, in the order of the headings."""
    return tuple(_table(label, entry) for label, entry in read_toml("privacy.toml")["tables"].items())


@cache
def nobodys() -> frozenset[str]:
    """Returns the labels of libraries' models that hold nothing of anybody."""
    return frozenset(read_toml("privacy.toml")["nobodys"])


@cache
def headings() -> dict[str, str | int]:
    """Returns what is kept how long, by heading: until erasure, a setting's name, or a number of days."""
    return {name: entry["keep"] for name, entry in read_toml("privacy.toml")["headings"].items()}


def kept_for(heading: str) -> timedelta | None:
    """Returns how long what stands under the heading is kept; None until it is deleted."""
    keep = headings()[heading]
    if keep == UNTIL_ERASED:
        return None
    if isinstance(keep, int):
        return timedelta(days=keep)
    number: int = getattr(settings, keep)
    return timedelta(hours=number) if keep.endswith("_HOURS") else timedelta(days=number)


def _table(label: str, entry: dict[str, Any]) -> Table:
    lists = {name: tuple(entry.get(name, ())) for name in ("personal", "secret", "none", "unexported")}
    return Table(label, entry.get("heading", ""), entry.get("owner", ""), apart=entry.get("apart", {}), **lists)
