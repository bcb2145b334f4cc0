"""What is published at a broker, as somebody chooses from it: what looks like a car, and every topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from charging.adapters.vehicles.mqtt_presets import Likeness
from charging.models import Connection
from charging.operations.mqtt_connections import topics_behind


@dataclass(frozen=True, slots=True)
class LooksLikeACar:
    """`key` names it in an address, `title` is its own name, `label` says who publishes it."""

    key: str
    title: str
    label: str
    topics: Mapping[str, str]
    is_controllable: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What looks like cars, the likeliest first, and topics with what is kept there."""

    cars: tuple[LooksLikeACar, ...]
    topics: tuple[tuple[str, str], ...]


def choices_behind(*, connection: Connection, at_wall: datetime) -> Choices:
    """Returns what may be chosen. Raises Refused with the trouble in words."""
    found = topics_behind(connection=connection, at_wall=at_wall)
    return Choices(tuple(map(_shown, found.cars)), found.topics)


def _shown(car: Likeness) -> LooksLikeACar:
    label = f"{car.kind}: {car.name}" if car.kind and car.name else car.kind or car.name
    return LooksLikeACar(car.chosen["level"], car.title, label, car.chosen, car.is_controllable)
