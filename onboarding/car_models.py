"""The models a simulated car can be."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.vendor_names import VENDOR_NAMES
from charging.operations.vehicles import NOT_SIMULATED, CarDetails

DEFAULT_MODEL = "family"
NAMES = {"small": "Small car", "family": "Family car", "old": "Older car"}
"""Names of charging.models.vehicles.SIMULATED_NAMES, which are stored as they are."""

LABELS = {
    "small": _("Small car, 40 kWh battery, charges at 7 kW"),
    "family": _("Family car, 77 kWh battery, charges at 11 kW"),
    "old": _("Older car, 24 kWh battery, charges at 3.7 kW"),
}


WELL_BEHAVED = ""
BEHAVIOURS: tuple[tuple[str, Promise], ...] = (
    (WELL_BEHAVED, _("Well: it does what it is asked")),
    ("timer_at_23", _("Badly: a timer in the car lets it charge from 23:00 only")),
    ("another_app", _("Badly: another app undoes what Readyby does")),
    ("sleeps", _("Badly: it sleeps and is hard to wake")),
    ("offline_at_night", _("Badly: it has no network from 01:00 to 03:00")),
)
"""What a new simulated car can be like, to see what happens then: names of faults, with words."""


@dataclass(frozen=True, slots=True)
class CarModel:
    """A model of charging/data/car_models.json."""

    key: str
    vendor: str
    brand: str
    model: str
    year: int | None
    battery_capacity_kwh: float
    max_power_kw: float

    @property
    def label(self) -> Promise:
        return LABELS[self.key]

    def details(self, *, soc_percent: float, charge_limit_percent: float, behaviour: str = WELL_BEHAVED) -> CarDetails:
        """The car as the simulator begins with it; `behaviour` is one of BEHAVIOURS."""
        return CarDetails(
            vendor=self.vendor,
            brand=self.brand,
            model=self.model,
            year=self.year,
            display_name=NAMES[self.key],
            battery_capacity_kwh=self.battery_capacity_kwh,
            max_power_kw=self.max_power_kw,
            soc_percent=soc_percent,
            charge_limit_percent=charge_limit_percent,
            fault_name=behaviour,
        )


@cache
def car_models() -> dict[str, CarModel]:
    """All models by key, in the order of the file. Their words for people are here, so that they can be translated."""
    text = (resources.files("charging") / "data" / "car_models.json").read_text(encoding="utf-8")
    rows = [{name: value for name, value in row.items() if name != "label"} for row in json.loads(text)]
    return {row["key"]: CarModel(**row) for row in rows}


def models_of(vendor: str) -> dict[str, CarModel]:
    """The models of one make: those that there are, else all sizes under its name.

    All models for a make that no simulated car can be of, and for none.
    """
    if vendor not in VENDOR_NAMES or vendor in NOT_SIMULATED:
        return car_models()
    own = {key: car for key, car in car_models().items() if car.vendor == vendor}
    brand = VENDOR_NAMES[vendor]
    return own or {
        key: replace(car, vendor=vendor, brand=brand, model="", year=None) for key, car in car_models().items()
    }


def brand_of(vendor: str) -> str:
    """The name of the make that all models to choose from are of, empty where there are several."""
    brands = {car.brand for car in models_of(vendor).values()}
    return brands.pop() if len(brands) == 1 else ""
