"""What to switch off in a car or a charger, brand by brand, from charging/data/guides/brands.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

OTHER = "other"
"""A charger that no guide is about."""


@dataclass(frozen=True, slots=True)
class Guide:
    """`source` is the page the steps were taken from; menu names change, so pages say that they may differ."""

    kind: str
    brand: str
    vendor: str
    steps: tuple[str, ...]
    note: str
    source: str


@cache
def all_guides() -> tuple[Guide, ...]:
    """Every guide, in the order of the file."""
    text = (resources.files("charging") / "data" / "guides" / "brands.json").read_text(encoding="utf-8")
    return tuple(Guide(**row | {"steps": tuple(row["steps"])}) for row in json.loads(text))


def of_kind(kind: str) -> tuple[Guide, ...]:
    """The guides for a `car` or a `charger`."""
    return tuple(guide for guide in all_guides() if guide.kind == kind)


def car_guide(vendor: str) -> Guide | None:
    """The guide for a car's vendor, or None."""
    return next((guide for guide in of_kind("car") if guide.vendor == vendor), None)


def charger_guide(brand: str) -> Guide | None:
    """The guide for a charger's brand, or None."""
    return next((guide for guide in of_kind("charger") if guide.brand == brand), None)
