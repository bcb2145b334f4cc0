"""Sessions as rows of the history: one table for each month, with totals that never add two currencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from charging.models import ChargingSession
from charging.models.sessions import EnergySource
from charging.views import date_words, formatting
from charging.views.session_words import (
    UNKNOWN,
    battery_words,
    money_or_unknown,
    notes,
    saving_words,
    shown,
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as text."""

    car_id: UUID
    session_id: UUID
    date: str
    car: str
    place: str
    energy: str
    battery: str
    cost: str
    at_once: str
    saving: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The sums of the sessions that were paid in one currency, or whose cost is not known."""

    label: str
    energy: str
    cost: str
    at_once: str
    saving: str


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month in the time of the places: its sessions, the newest first."""

    caption: str
    rows: tuple[SessionRow, ...]
    totals: tuple[TotalRow, ...]


def local_day(session: ChargingSession) -> date:
    """The day on which the car was plugged in, by the clocks of its place."""
    return session.plugged_in_at.astimezone(ZoneInfo(session.timezone_name)).date()


def months(sessions: Iterable[ChargingSession], *, names_estimates: bool, most_rows: int) -> tuple[Month, ...]:
    """The months of these sessions, which come newest first, as far as `most_rows` rows go.

    The totals of the last month are those of all its sessions.
    """
    # Where the car was in two time zones, those around the turn of a month come mixed.
    in_order = sorted(sessions, key=_local_month, reverse=True)
    found, left = [], most_rows
    for first, group in groupby(in_order, key=_local_month):
        if left <= 0:
            break
        of_month = list(group)
        rows = tuple(_row(session, names_estimates) for session in of_month[:left])
        found.append(Month(date_words.month_year(first), rows, totals(of_month)))
        left -= len(rows)
    return tuple(found)


def _local_month(session: ChargingSession) -> date:
    return local_day(session).replace(day=1)


def _row(session: ChargingSession, names_estimates: bool) -> SessionRow:
    is_told, amounts = session.energy_source != EnergySource.UNKNOWN, shown(session)
    return SessionRow(
        car_id=session.vehicle.public_id,
        session_id=session.public_id,
        date=date_words.day_month(local_day(session)),
        car=str(session.vehicle),
        place=session.place_name or UNKNOWN,
        energy=formatting.number(session.energy_kwh, 1) if is_told else UNKNOWN,
        battery=battery_words(session),
        cost=money_or_unknown(amounts.cost, session.currency),
        at_once=money_or_unknown(amounts.at_once, session.currency),
        saving=saving_words(amounts.saving, session.currency),
        notes=tuple(notes(session, names_estimates=names_estimates)),
    )


def totals(sessions: Sequence[ChargingSession]) -> tuple[TotalRow, ...]:
    """One row for each currency, and one for the energy whose cost is not known."""
    paid_in = {session.currency for session in sessions if session.cost is not None}
    groups = [
        (currency, [session for session in sessions if session.cost is not None and session.currency == currency])
        for currency in sorted(paid_in)
    ]
    unpaid = [session for session in sessions if session.cost is None]
    is_one = len(groups) + bool(unpaid) == 1
    rows = [_total(_("Total") if is_one else _("Total in %s") % currency, group) for currency, group in groups]
    return (*rows, *([_total(_("Total") if is_one else _("Without a cost"), unpaid)] if unpaid else []))


def _total(label: str, sessions: Sequence[ChargingSession]) -> TotalRow:
    currency, amounts = sessions[0].currency, [shown(session) for session in sessions]
    return TotalRow(
        label=label,
        energy=formatting.number(sum(session.energy_kwh for session in sessions), 1),
        cost=money_or_unknown(_sum([amount.cost for amount in amounts]), currency),
        at_once=money_or_unknown(_sum([amount.at_once for amount in amounts]), currency),
        saving=saving_words(saved(sessions), currency),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None where one of them is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def saved(sessions: Iterable[ChargingSession]) -> Decimal | None:
    """What smart charging saved in sessions of one currency; None where it had no part in any of them."""
    savings = [shown(session).saving for session in sessions]
    known = [saving for saving in savings if saving is not None]
    return sum(known, Decimal(0)) if known else None
