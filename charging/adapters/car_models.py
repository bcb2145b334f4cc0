"""Ready-made cars for the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from charging.adapters.bundled import read_json


@dataclass(frozen=True, slots=True)
class CarModel:
    """A car to simulate: `label` says what it is in plain words, `vendor` is the name of the wire format."""

    key: str
    label: str
    vendor: str
    brand: str
    model: str
    year: int
    battery_capacity_kwh: float
    max_power_kw: float


@cache
def car_models() -> dict[str, CarModel]:
    """All presets by key, in the order to show them."""
    return {row["key"]: CarModel(**row) for row in read_json("car_models.json")}
