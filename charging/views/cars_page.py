"""All cars of a driver who has several: what each does now, newest trouble first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charging.models import Driver, Vehicle
from charging.views import formatting
from charging.views.access import cars_of, now_of
from charging.views.situation import load_situation
from charging.views.status_card import StatusCard, make_card

TROUBLE = frozenset({"problem", "needs"})


@dataclass(frozen=True, slots=True)
class CarRow:
    """One car with the card of its dashboard; `level` is what is in the battery, empty where nobody knows."""

    vehicle: Vehicle
    card: StatusCard
    level: str


def car_rows(driver: Driver) -> list[CarRow]:
    """The cars that need the driver first, the one with the newest trouble before all, then the others by age."""
    rows = [_row(car, now_of(car)) for car in cars_of(driver)]
    trouble = [row for row in rows if row.card.tone in TROUBLE]
    trouble.sort(key=lambda row: row.vehicle.state_changed_at, reverse=True)
    return [*trouble, *(row for row in rows if row not in trouble)]


def _row(vehicle: Vehicle, now: datetime) -> CarRow:
    situation = load_situation(vehicle, now)
    level = situation.view.soc_percent if situation.view is not None else None
    return CarRow(vehicle, make_card(situation), formatting.percent(level) if level is not None else "")
