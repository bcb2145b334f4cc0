"""What was seen, row by row: the evidence of a finding as lines of the time rail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Seen
from charging.models import Finding
from charging.models.activities import Actor
from charging.views import formatting
from charging.views.fullest import fullest
from charging.views.timeline import ACTORS, RailEvent

ROWS_SHOWN = 12


def _percent(value: str) -> dict[str, str]:
    return {"percent": formatting.percent(float(value))}


def _power(value: str) -> dict[str, str]:
    return {"power": formatting.power(float(value))}


def _change(value: str) -> dict[str, str]:
    before, after = value.split(">")
    return {"before": formatting.percent(float(before)), "after": formatting.percent(float(after))}


def _text(value: str) -> dict[str, str]:
    """A vendor's own words; names in capitals are written as words."""
    words = value.replace("_", " ").strip()
    return {"text": words.lower() if words.isupper() else words}


def _nothing(value: str) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Row:
    """Wordings from the fullest to the barest, who did it, and how the value is read."""

    wordings: tuple[Promise, ...]
    actor: Actor
    read: Callable[[str], dict[str, str]] = _nothing
    tone: str = ""


ROWS: dict[Seen, Row] = {
    Seen.START_SENT: Row((_("Asked to charge"),), Actor.READYBY),
    Seen.START_CONFIRMED: Row((_("Started, as we had asked"),), Actor.READYBY, tone="hit"),
    Seen.STOP_CONFIRMED: Row((_("Stopped, as we had asked"),), Actor.READYBY),
    Seen.CHARGING_BEGAN: Row((_("Charging began, at %(power)s"), _("Charging began")), Actor.ELSEWHERE, _power, "hit"),
    Seen.CHARGING_ENDED: Row((_("Charging ended, at %(percent)s"), _("Charging ended")), Actor.ELSEWHERE, _percent),
    Seen.CEILING_REACHED: Row(
        (_("Charging ended at %(percent)s and did not go on"), _("Charging ended and did not go on")),
        Actor.ELSEWHERE,
        _percent,
    ),
    Seen.LIMIT_CHANGED: Row(
        (_("The car’s limit changed from %(before)s to %(after)s"), _("The car’s limit changed")),
        Actor.ELSEWHERE,
        _change,
    ),
    Seen.CONFLICT_ANSWERED: Row((_("Asked the car: a schedule or the charger says no"),), Actor.ELSEWHERE, tone="warn"),
    Seen.SCHEDULE_REPORTED: Row(
        (_("The car named a schedule: “%(text)s”"), _("The car said that a schedule is on")), Actor.ELSEWHERE, _text
    ),
    Seen.SECOND_ACCOUNT: Row((_("Smart charging is on in another account"),), Actor.UNKNOWN),
}


def evidence_of(finding: Finding, now: datetime, timezone: tzinfo) -> tuple[RailEvent, ...]:
    """Returns the newest rows in time order, in words and with the time of the place's clock."""
    rows = sorted(finding.evidence, key=lambda row: datetime.fromisoformat(row["at"]))
    return tuple(_event(row, now, timezone) for row in rows[-ROWS_SHOWN:])


def _event(stored: dict[str, str], now: datetime, timezone: tzinfo) -> RailEvent:
    at, row = datetime.fromisoformat(stored["at"]), ROWS[Seen(stored["seen"])]
    actor, day = str(ACTORS[row.actor]), formatting.day_word(at, now, timezone)
    return RailEvent(
        clock=formatting.clock(at, timezone),
        at=at.isoformat(),
        text=fullest(row.wordings, _values(row, stored.get("value", ""))),
        actor=f"{actor}, {day}" if day else actor,
        tone=row.tone,
    )


def _values(row: Row, value: str) -> dict[str, str]:
    """What the value says; nothing where it cannot be read."""
    try:
        return row.read(value) if value else {}
    except ValueError:
        return {}
