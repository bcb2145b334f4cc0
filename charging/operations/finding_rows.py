"""One finding as it is stored: opened, brought up to date, seen again, closed, and told in the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from charging.core.causes import Cause, Status
from charging.core.clock_times import apart
from charging.core.interference import MOST_EVIDENCE
from charging.core.interference import Finding as Found
from charging.core.nights import LEAST_TOLERANCE
from charging.core.patterns import SAME_PERCENT, Sightings, count_nights
from charging.core.sightings import Evidence
from charging.models import Finding, Vehicle
from charging.models.activities import Actor
from charging.models.findings import Answer
from charging.operations.decisions import note


def open_finding(vehicle: Vehicle, found: Found, now: datetime, *, instead_of: Finding | None = None) -> None:
    """Stores what was found for the first time; the driver's word on what it looked like before stays with it."""
    seen_at = found.first_seen_at
    row = Finding(vehicle=vehicle, cause=found.cause.value, first_seen_at=seen_at, last_seen_at=seen_at, nights=0)
    _take(row, found)
    if instead_of is not None:
        row.answer, row.answered_at = instead_of.answer, instead_of.answered_at
        row.acknowledged_at = instead_of.acknowledged_at
    row.save()
    _tell_of(row, now)


def refresh_finding(row: Finding, found: Found, now: datetime) -> None:
    """Brings an open one up to date; once confirmed it stays so. Writes nothing where nothing has changed.

    The driver's word falls when it is seen after they switched it off, or when it is another thing than they meant;
    the operator's falls when it becomes sure.
    """
    before = _values(row)
    was_silent = row.status != Status.CONFIRMED.value or row.answer != Answer.NONE
    if _is_contradicted(row, found):
        row.answer, row.answered_at, row.acknowledged_at = Answer.NONE, None, None
    _take(row, found)
    if row.status != before["status"]:
        row.acknowledged_at = None
    if _values(row) == before:
        return
    row.save()
    if was_silent:
        _tell_of(row, now)


def see_again(row: Finding, sightings: Sightings, now: datetime) -> None:
    """Notes that an open or a gone one has shown itself once more; what was said to be switched off is not."""
    was_silent = row.gone_at is not None or row.answer == Answer.SWITCHED_OFF
    if row.answer == Answer.SWITCHED_OFF:
        row.answer, row.answered_at = Answer.NONE, None
    if was_silent:
        row.acknowledged_at = None
    row.gone_at = None
    row.last_seen_at = sightings[-1].at
    row.nights += count_nights(sightings)
    row.evidence = _merged(row.evidence, (evidence for sighting in sightings for evidence in sighting.evidence))
    row.save()
    if was_silent:
        _tell_of(row, now)


def take_in(row: Finding, found: Found, now: datetime) -> None:
    """Adds what speaks for one that was merged into this one; its cause, time and level stay. Writes only news.

    That the driver has switched it off falls when it is seen after that.
    """
    before = _values(row)
    was_silent = row.status != Status.CONFIRMED.value or row.answer != Answer.NONE
    if row.answer == Answer.SWITCHED_OFF and _is_contradicted(row, found):
        row.answer, row.answered_at, row.acknowledged_at = Answer.NONE, None, None
    if found.status is Status.CONFIRMED:
        row.status = Status.CONFIRMED.value
    if row.status != before["status"]:
        row.acknowledged_at = None
    row.nights = max(row.nights, found.nights)
    row.first_seen_at = min(row.first_seen_at, found.first_seen_at)
    row.last_seen_at = max(row.last_seen_at, found.last_seen_at)
    row.evidence = _merged(row.evidence, found.evidence)
    if _values(row) == before:
        return
    row.save()
    if was_silent:
        _tell_of(row, now)


def close_finding(row: Finding, now: datetime) -> None:
    """Stores that it is gone; the timeline tells it of what was told before."""
    row.gone_at = now
    row.save(update_fields=["gone_at"])
    if row.status == Status.CONFIRMED.value:
        note_finding(row, "finding_gone", now)


def replace_finding(row: Finding, now: datetime) -> None:
    """Stores that it has turned out to be another cause: that one is told of, and nothing is over."""
    row.gone_at = now
    row.save(update_fields=["gone_at"])


def _take(row: Finding, found: Found) -> None:
    is_confirmed = Status.CONFIRMED.value in {row.status, found.status.value}
    row.status = Status.CONFIRMED.value if is_confirmed else Status.SUSPECTED.value
    row.codes = list(found.codes)
    row.score = found.score
    row.clock_time = found.clock_time
    row.percent = found.percent
    row.nights = max(row.nights, found.nights)
    row.first_seen_at = min(row.first_seen_at, found.first_seen_at)
    row.last_seen_at = max(row.last_seen_at, found.last_seen_at)
    # Another account is seen each time it is looked for: once is evidence enough.
    if found.cause is not Cause.SECOND_ACCOUNT or not row.evidence:
        row.evidence = _merged(row.evidence, found.evidence)


def _is_contradicted(row: Finding, found: Found) -> bool:
    if row.answer == Answer.SWITCHED_OFF:
        return row.answered_at is not None and found.last_seen_at > row.answered_at
    return row.answer == Answer.ON_PURPOSE and _is_another_kind(row, found)


def _is_another_kind(row: Finding, found: Found) -> bool:
    """Whether other signatures speak for it, or it has moved to another time or level."""
    if not set(found.codes) <= set(row.codes):
        return True
    if row.clock_time is not None and found.clock_time is not None:
        return apart(row.clock_time, found.clock_time) > LEAST_TOLERANCE
    if row.percent is not None and found.percent is not None:
        return abs(row.percent - found.percent) > SAME_PERCENT
    return row.clock_time != found.clock_time


def _merged(rows: list[dict[str, str]], evidence: Iterable[Evidence]) -> list[dict[str, str]]:
    """The rows with those of the evidence, each once, the newest of them in time order."""
    new = [{"at": item.at.isoformat(), "seen": item.seen.value, "value": item.value} for item in evidence]
    both = {(row["at"], row["seen"], row["value"]): row for row in [*rows, *new]}
    ordered = sorted(both.values(), key=lambda row: (datetime.fromisoformat(row["at"]), row["seen"], row["value"]))
    return ordered[-MOST_EVIDENCE:]


def _values(row: Finding) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _tell_of(row: Finding, now: datetime) -> None:
    """The line of a finding that the driver has not answered yet, once it is sure."""
    if row.status == Status.CONFIRMED.value and row.answer == Answer.NONE:
        note_finding(row, "finding", now)


def note_finding(row: Finding, code: str, now: datetime, actor: Actor = Actor.READYBY) -> None:
    """Writes a line of the timeline about a finding."""
    clock_time = f"{row.clock_time:%H:%M}" if row.clock_time is not None else None
    params = {"cause": row.cause, "codes": row.codes, "clock_time": clock_time, "percent": row.percent}
    note(vehicle=row.vehicle, code=code, actor=actor, now=now, **params)
