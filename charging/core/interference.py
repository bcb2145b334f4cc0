"""Interference: which third parties work against the plan, told from the nights of a car (UX 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from charging.core.causes import Cause, Seen, Status, Strength
from charging.core.clock_times import roundest
from charging.core.nights import Night
from charging.core.patterns import NIGHTS_TO_REPEAT, Sightings, count_nights, same_clock
from charging.core.seen_reports import opening
from charging.core.sightings import Evidence
from charging.core.signatures import SIGNATURES, Signature
from charging.core.standing import first_night_of, here

CONFIRMED_FROM = 3
SUSPECTED_FROM = 2
RECENT_NIGHTS = 5
MOST_EVIDENCE = 30

Told = dict[Signature, Sightings]
"""The sightings that count, by the signature that they speak for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, with the signatures that speak for it and the newest rows of evidence in time order."""

    cause: Cause
    codes: tuple[str, ...]
    score: int
    status: Status
    nights: int
    first_seen_at: datetime
    last_seen_at: datetime
    evidence: tuple[Evidence, ...]
    clock_time: time | None = None
    percent: float | None = None


def judge(nights: Sequence[Night], *, now: datetime, has_second_account: bool = False) -> tuple[Finding, ...]:
    """What these nights, oldest first, show of each cause; nights away from a place show nothing.

    The scores of a cause add up over its signatures and nights: it is suspected from 2 and confirmed from 3 on. Without
    direct evidence it is confirmed only when two of the last five nights show it.
    """
    at_place = here(nights)
    told = _told(at_place)
    findings = [_second_account(now)] if has_second_account else []
    for cause in Cause:
        of_cause = {signature: told[signature] for signature in told if signature.cause is cause}
        status = _status(of_cause, at_place)
        if status is not None:
            findings.append(_finding(cause, status, of_cause, at_place))
    return tuple(findings)


def _told(nights: tuple[Night, ...]) -> Told:
    """What counts of each signature; what one of them tells, those that it goes before do not tell again."""
    told: Told = {}
    for signature in SIGNATURES:
        first = first_night_of(signature.cause, nights)
        seen = tuple(sighting for sighting in signature.look(nights) if sighting.night >= first)
        told[signature] = signature.holds(seen, nights)
    for signature in SIGNATURES:
        taken = {sighting.night for sighting in told[signature]}
        for other in SIGNATURES:
            if other.code in signature.before:
                told[other] = tuple(sighting for sighting in told[other] if sighting.night not in taken)
    return {signature: sightings for signature, sightings in told.items() if sightings}


def _strength(signature: Signature, sightings: Sightings) -> Strength:
    return Strength.STRONG if signature.grows and len(sightings) > 1 else signature.strength


def _score(told: Told) -> int:
    return sum(_strength(signature, seen) * count_nights(seen) for signature, seen in told.items())


def _status(told: Told, nights: tuple[Night, ...]) -> Status | None:
    score = _score(told)
    is_direct = any(signature.strength is Strength.DIRECT for signature in told)
    recent = {s.night for seen in told.values() for s in seen if s.night >= len(nights) - RECENT_NIGHTS}
    if score >= CONFIRMED_FROM and (is_direct or len(recent) >= NIGHTS_TO_REPEAT):
        return Status.CONFIRMED
    return Status.SUSPECTED if score >= SUSPECTED_FROM else None


def _finding(cause: Cause, status: Status, told: Told, nights: tuple[Night, ...]) -> Finding:
    sightings = sorted({s for seen in told.values() for s in seen}, key=lambda sighting: sighting.at)
    evidence = sorted(
        {row for sighting in sightings for row in sighting.evidence}, key=lambda row: (row.at, row.seen, row.value)
    )
    return Finding(
        cause=cause,
        codes=tuple(signature.code for signature in told),
        score=_score(told),
        status=status,
        nights=count_nights(tuple(sightings)),
        first_seen_at=sightings[0].at,
        last_seen_at=sightings[-1].at,
        evidence=tuple(evidence[-MOST_EVIDENCE:]),
        clock_time=_clock_time(told, nights),
        percent=_percent(told),
    )


def _clock_time(told: Told, nights: tuple[Night, ...]) -> time | None:
    for signature, sightings in told.items():
        if signature.cause is Cause.REPORTED_SCHEDULE:
            return opening(sightings, nights)
        alike = same_clock(sightings, nights) if signature.has_clock else ()
        if alike:
            return roundest([sighting.moment for sighting in alike])
    return None


def _percent(told: Told) -> float | None:
    levels = [seen[-1].percent for signature, seen in told.items() if signature.has_percent]
    return next((round(level) for level in levels if level is not None), None)


def _second_account(now: datetime) -> Finding:
    """F15: the same car has smart charging on in another account of this server."""
    evidence = (Evidence(now, Seen.SECOND_ACCOUNT),)
    return Finding(Cause.SECOND_ACCOUNT, ("F15",), Strength.DIRECT, Status.CONFIRMED, 1, now, now, evidence)
