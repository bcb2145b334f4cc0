"""A vehicle behind Enode's API: as its driver chooses it, and as it is kept with its connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from charging.adapters.vehicles.enode_reading import TOLD_BY
from charging.adapters.vehicles.enode_values import number_of, part_of, text_of, texts_of, yes_or_no
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.obstacle import WELL, Control, Obstacle

CONTROL = ("startCharging", "stopCharging")
READING = "chargeState"
CONTROL_SCOPE = "vehicle:control:charging"


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether something can be had; if not, what its driver could do about it: nothing named means never."""

    is_capable: bool
    intervention_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundCar:
    """One vehicle of an account. What nobody told is empty or None; capacity in kWh."""

    id: str
    vendor: str
    brand: str
    model: str
    name: str
    vin: str
    year: int | None
    battery_capacity_kwh: float | None
    scopes: tuple[str, ...]
    is_smart_charging: bool
    capabilities: Mapping[str, Capability]

    @property
    def words(self) -> str:
        """Name, model and the last four of the VIN, so that its driver knows it."""
        model = " ".join(filter(None, (self.brand or self.vendor.capitalize(), self.model)))
        parts = (self.name if self.name != model else "", model, self.vin[-4:] and f"…{self.vin[-4:]}")
        return ", ".join(filter(None, parts))

    @property
    def lacks_scope(self) -> bool:
        return CONTROL_SCOPE not in self.scopes

    @property
    def is_controllable(self) -> bool:
        return all(self._of(name).is_capable for name in CONTROL)

    @property
    def blocked_by(self) -> tuple[str, ...]:
        """The interventions that would make it controllable; none for a car that never is."""
        ids = [one for name in CONTROL if not self._of(name).is_capable for one in self._of(name).intervention_ids]
        return tuple(dict.fromkeys(ids))

    @property
    def tells(self) -> tuple[str, ...]:
        """The parts of a reading that it tells."""
        return tuple(part for part in TOLD_BY if self._of(part).is_capable)

    def _of(self, name: str) -> Capability:
        return self.capabilities.get(name, Capability(is_capable=False))


@dataclass(frozen=True, slots=True)
class EnodeCar:
    """A vehicle that is read and commanded: its id, whose it is there, its maker, and what it tells."""

    id: str
    user_id: str
    vendor: str
    tells: tuple[str, ...]


def found_car(content: Any) -> FoundCar:
    """Returns the vehicle of an answer. Raises GatewayError for one without an id."""
    if not isinstance(content, Mapping) or not text_of(content, "id", 100):
        raise GatewayError("The answer is no vehicle.")
    about, capabilities = part_of(content, "information"), part_of(content, "capabilities")
    year = number_of(about, "year", 1900, 2200)
    return FoundCar(
        id=text_of(content, "id", 100),
        vendor=text_of(content, "vendor", 20),
        brand=text_of(about, "brand", 60),
        model=text_of(about, "model", 60),
        name=text_of(about, "displayName", 100),
        vin=text_of(about, "vin", 17),
        year=None if year is None else int(year),
        battery_capacity_kwh=number_of(part_of(content, "chargeState"), "batteryCapacity", 1, 1000),
        scopes=texts_of(content, "scopes"),
        is_smart_charging=yes_or_no(part_of(content, "smartChargingPolicy"), "isEnabled") is True,
        capabilities={
            name: Capability(
                yes_or_no(part_of(capabilities, name), "isCapable") is True,
                texts_of(part_of(capabilities, name), "interventionIds"),
            )
            for name in capabilities
        },
    )


def control_in(content: Mapping[str, Any]) -> Control:
    """Returns what keeps a vehicle that was connected from being commanded or seen. What is not told is no obstacle.

    Raises GatewayError for one without an id.
    """
    car = found_car(content)
    if isinstance(content.get("scopes"), list) and car.lacks_scope:
        return Control(Obstacle.SCOPE_WITHDRAWN)
    if not all(name in car.capabilities for name in (*CONTROL, READING)):
        return WELL
    if not car.is_controllable:
        blocked_by = car.blocked_by
        return Control(Obstacle.BLOCKED, blocked_by) if blocked_by else Control(Obstacle.NOT_POSSIBLE)
    return WELL if READING in car.tells else Control(Obstacle.READING_GONE)


def car_to_json(car: FoundCar) -> dict[str, Any]:
    """Returns what is kept of a car beside its connection."""
    return {"vehicle": car.id, "vendor": car.vendor, "tells": list(car.tells)}


def car_from_json(stored: Mapping[str, Any], user_id: str) -> EnodeCar:
    """Returns what was kept; what is not known any more is left out."""
    tells = tuple(part for part in texts_of(stored, "tells") if part in TOLD_BY)
    return EnodeCar(text_of(stored, "vehicle", 100), user_id, text_of(stored, "vendor", 20), tells)
