"""What to switch off in a car, a charger or an app, brand by brand, from charging/data/guides. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.text import slugify

from charging.adapters.bundled import read_json

OTHER = "other"
"""A charger that no guide is about."""


class Kind(StrEnum):
    CAR = "car"
    CHARGER = "charger"
    APP = "app"


class Confidence(StrEnum):
    """How well the steps are known.

    High: they stand on the maker's own page. Medium: others describe them, or the maker's page names the setting only.
    Low: nobody confirms them yet, so pages say so and never show them as a fact.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Guide:
    """One row. `names` are what the setting may be called, `signs` what a lamp or a screen shows while it is on.

    `models` narrows a car's guide to some of its vendor's models; empty means all. `checked_on` is the day on which
    the row was compared with the stored text of at least one of its sources; None until it was. It is no trial.
    """

    kind: Kind
    brand: str
    vendor: str
    models: tuple[str, ...]
    names: tuple[str, ...]
    steps: tuple[str, ...]
    signs: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    checked_on: date | None
    confidence: Confidence

    @property
    def slug(self) -> str:
        """The brand as addresses have it."""
        return slugify(self.brand)

    @property
    def is_confirmed(self) -> bool:
        """Whether a page may show the steps as a fact."""
        return self.confidence != Confidence.LOW


@cache
def all_guides() -> tuple[Guide, ...]:
    """Every guide: cars, chargers and apps, each in the order of its file."""
    return tuple(guide_of(row) for name in ("cars", "chargers", "apps") for row in read_json(f"guides/{name}.json"))


def guide_of(row: dict[str, Any]) -> Guide:
    """The guide that a row of a file says. Raises KeyError, TypeError or ValueError for what is none."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    values["kind"], values["confidence"] = Kind(row["kind"]), Confidence(row["confidence"])
    values["checked_on"] = date.fromisoformat(row["checked_on"]) if row["checked_on"] is not None else None
    return Guide(**values)


def of_kind(kind: Kind) -> tuple[Guide, ...]:
    """The guides of one kind."""
    return tuple(guide for guide in all_guides() if guide.kind == kind)


def guide_at(kind: str, slug: str) -> Guide | None:
    """The guide at an address, or None."""
    return next((guide for guide in all_guides() if (guide.kind, guide.slug) == (kind, slug)), None)


def car_guides(vendor: str, model: str = "") -> tuple[Guide, ...]:
    """The guides for a car: that of its model where there is one, else all of its vendor, else none."""
    of_vendor = tuple(guide for guide in of_kind(Kind.CAR) if guide.vendor == vendor)
    return tuple(guide for guide in of_vendor if model in guide.models) or of_vendor


def charger_guide(brand: str) -> Guide | None:
    """The guide for a charger's brand, or None."""
    return next((guide for guide in of_kind(Kind.CHARGER) if guide.brand == brand), None)
