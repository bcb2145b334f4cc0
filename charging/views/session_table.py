"""The quarters of an hour that a session's two costs rest on, as two tables: what was charged, and from plug-in on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from charging.core.savings import QuarterUse
from charging.models import ChargingSession
from charging.views import date_words, formatting
from charging.views.session_words import money_or_unknown


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter as text, named by its beginning; `day` is given where it is not that of the row before."""

    clock: str
    day: str
    price: str
    energy: str
    cost: str


@dataclass(frozen=True, slots=True)
class QuarterTable:
    """Rows in time order, the unit of prices and costs, and the total in energy and money."""

    rows: tuple[QuarterRow, ...]
    unit: str
    energy: str
    cost: str


def charged_table(session: ChargingSession) -> QuarterTable:
    """What was charged, quarter by quarter."""
    return _table(session, lambda use: use.energy_kwh, session.cost)


def at_once_table(session: ChargingSession) -> QuarterTable:
    """The same energy, charged without a pause from plug-in on."""
    return _table(session, lambda use: use.energy_at_once_kwh, session.cost_charged_at_once)


def _table(session: ChargingSession, energy_of: Callable[[QuarterUse], float], cost: Decimal | None) -> QuarterTable:
    used = [use for use in session.as_quarters() if energy_of(use) > 0]
    return QuarterTable(
        rows=tuple(_rows(used, energy_of, session)),
        unit=formatting.price_unit(session.currency),
        energy=formatting.number(sum(energy_of(use) for use in used), 2),
        cost=money_or_unknown(cost, session.currency),
    )


def _rows(
    used: Iterable[QuarterUse], energy_of: Callable[[QuarterUse], float], session: ChargingSession
) -> Iterable[QuarterRow]:
    zone, currency = ZoneInfo(session.timezone_name), session.currency
    before: date | None = None
    for use in used:
        energy_kwh, day = energy_of(use), use.start.astimezone(zone).date()
        yield QuarterRow(
            clock=formatting.clock(use.start, zone),
            day="" if day == before else date_words.day_month(day),
            price=formatting.unit_price(use.price_per_kwh, currency),
            energy=formatting.number(energy_kwh, 2),
            cost=formatting.unit_price(use.price_per_kwh * Decimal(str(energy_kwh)), currency),
        )
        before = day
