"""Sessions as comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from charging.core.cents import cents
from charging.models import ChargingSession
from charging.views.session_words import notes, shown

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets read the wide signs of East Asian keyboards as the narrow ones."""


def _local(session: ChargingSession, at: datetime | None) -> str:
    return "" if at is None else at.astimezone(ZoneInfo(session.timezone_name)).isoformat(timespec="seconds")


def _text(text: str) -> str:
    """The text with a mark before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def _kwh(energy_kwh: float) -> str:
    return f"{energy_kwh:.3f}"


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{cents(amount):f}"


COLUMNS: dict[str, Callable[[ChargingSession], Any]] = {
    "plugged in": lambda s: _local(s, s.plugged_in_at),
    "unplugged": lambda s: _local(s, s.unplugged_at),
    "car": lambda s: _text(str(s.vehicle)),
    "place": lambda s: _text(s.place_name),
    "kWh": lambda s: _kwh(s.energy_kwh) if s.energy_source else "",
    "energy": lambda s: s.energy_source,
    "battery from %": lambda s: "" if s.soc_from_percent is None else s.soc_from_percent,
    "battery to %": lambda s: "" if s.soc_to_percent is None else s.soc_to_percent,
    "currency": lambda s: s.currency,
    "cost": lambda s: _money(shown(s).cost),
    "cost from plug-in": lambda s: _money(shown(s).at_once),
    "saving": lambda s: _money(shown(s).saving),
    "kWh up to minimum": lambda s: _kwh(s.protective_energy_kwh),
    "cost up to minimum": lambda s: _money(s.protective_cost),
    "kWh against the plan": lambda s: _kwh(s.override_energy_kwh),
    "cost against the plan": lambda s: _money(s.override_cost),
    "price area": lambda s: _text(s.price_area_code),
    "spot price only": lambda s: "yes" if s.is_spot_only else "no",
    "sample prices from": lambda s: " ".join(s.prices_recorded_on),
    "notes": lambda s: _text("; ".join(notes(s))),
}
"""The columns in their order. Numbers are written for machines, with a point; texts in the driver's language."""


def write_csv(file: HttpResponse, sessions: Iterable[ChargingSession]) -> None:
    """Writes one line with the names of the columns and one for each session."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([column(session) for column in COLUMNS.values()] for session in sessions)
