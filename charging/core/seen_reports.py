"""What a car and the answers to our commands say in so many words: F6, F11 and F12 of UX 3.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from itertools import pairwise

from charging.core.causes import Seen
from charging.core.clock_times import DAY_MINUTES
from charging.core.facts import CommandKind, Reading
from charging.core.nights import Night
from charging.core.sightings import Evidence, Sighting, number

CLOCK = r"([01]?\d|2[0-4])[:.]([0-5]\d)"
HOURS = re.compile(rf"\b{CLOCK}\s*(?:-|–|to|until)\s*{CLOCK}\b")


def limit_changes(nights: Sequence[Night]) -> tuple[Sighting, ...]:
    """F6: the charge limit is another one than in the reading before, of the same night or the one before it."""
    readings = [(index, reading) for index, night in enumerate(nights) for reading in night.readings]
    known = [(index, reading) for index, reading in readings if reading.charge_limit_percent is not None]
    return tuple(
        _limit_change(nights[index], index, before, after)
        for (_, before), (index, after) in pairwise(known)
        if before.charge_limit_percent != after.charge_limit_percent
    )


def _limit_change(night: Night, index: int, before: Reading, after: Reading) -> Sighting:
    old, new = before.charge_limit_percent, after.charge_limit_percent
    evidence = Evidence(after.observed_at, Seen.LIMIT_CHANGED, f"{number(old)} > {number(new)}")
    moment = night.moment(before.observed_at, after.observed_at)
    return Sighting(index, moment, (evidence,), percent=new, before_percent=old)


def conflicts(night: Night, index: int) -> Iterator[Sighting]:
    """F11: the answer to a command names another schedule; the last such answer of the night."""
    named = [command for command in night.commands if command.is_schedule_conflict]
    for command in named[-1:]:
        at = command.last_sent_at
        yield Sighting(index, night.moment(at, at), (Evidence(at, Seen.CONFLICT_ANSWERED, command.kind.value),))


def reported_schedules(night: Night, index: int) -> Iterator[Sighting]:
    """F12: the car says that a schedule is on; its last word of the night."""
    reported = [reading for reading in night.readings if reading.reported_schedule]
    for reading in reported[-1:]:
        at = reading.observed_at
        evidence = Evidence(at, Seen.SCHEDULE_REPORTED, reading.reported_schedule)
        yield Sighting(index, night.moment(at, at), (evidence,))


def opening(sightings: Sequence[Sighting], nights: Sequence[Night]) -> time | None:
    """When the hours begin that the newest of these reports names, as in "preferred times 23:00-06:00".

    None where it names none, and where the car has followed a START of ours outside of them: they do not hold it back.
    """
    match = HOURS.search(sightings[-1].evidence[0].value)
    if match is None:
        return None
    hours = [int(part) for part in match.groups()]
    start, end = hours[0] % 24 * 60 + hours[1], hours[2] % 24 * 60 + hours[3]
    if any(_has_followed_outside(nights[sighting.night], start, end) for sighting in sightings):
        return None
    return time(*divmod(start, 60))


def _has_followed_outside(night: Night, start: int, end: int) -> bool:
    """Whether a START of ours began a spell outside of the hours, in minutes since midnight."""
    tolerance = night.tolerance / timedelta(minutes=1)
    length = (end - start) % DAY_MINUTES + tolerance
    for spell in night.spells:
        last = night.command_before(spell.began_at)
        since_opening = night.moment(spell.began_at, spell.began_at).clock_minutes - start + tolerance
        is_asked = last is not None and last.kind is CommandKind.START
        if is_asked and spell.is_seen_twice and since_opening % DAY_MINUTES >= length:
            return True
    return False
