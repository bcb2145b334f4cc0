"""Whether a cause still stands: which sightings belong together, when it is gone, and when it is back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from charging.core.causes import Cause
from charging.core.clean_nights import Known, is_clean, tries_all_the_same
from charging.core.clock_times import roundest, shows
from charging.core.nights import Night
from charging.core.patterns import SAME_PERCENT, Sightings, same_clock, same_percent
from charging.core.sightings import Sighting
from charging.core.signatures import SIGNATURES

CLEAN_NIGHTS = 2
"""After so many nights in which it could have shown and did not, a cause is gone."""


def here(nights: Sequence[Night]) -> tuple[Night, ...]:
    """Those at a place: away from one we never act (N3)."""
    return tuple(night for night in nights if night.is_at_place)


def sightings_of(cause: Cause, nights: Sequence[Night]) -> Sightings:
    """Everything seen in these nights that may speak for the cause, in time order."""
    looks = dict.fromkeys(signature.look for signature in SIGNATURES if signature.cause is cause)
    return tuple(sorted((s for look in looks for s in look(nights)), key=lambda sighting: sighting.at))


def first_night_of(cause: Cause, nights: Sequence[Night]) -> int:
    """The index of the night from which on sightings belong together: no two clean nights lie between them."""
    known = _known(cause, nights)
    seen = {sighting.night for sighting in sightings_of(cause, nights)}
    first, clean = 0, 0
    for index, night in enumerate(nights):
        if index in seen:
            clean = 0
        elif is_clean(cause, night, known):
            clean += 1
        if clean >= CLEAN_NIGHTS:
            first = index + 1
    return first


def is_gone(
    cause: Cause, nights: Sequence[Night], *, since: datetime, clock_time: time | None, percent: float | None
) -> bool:
    """Whether a cause that was last seen at `since` has been missing in two nights that would have shown it."""
    at_place = here(nights)
    known = replace(_known(cause, at_place), clock_time=clock_time, percent=percent)
    seen = {sighting.night for sighting in sightings_of(cause, at_place)}
    clean = [
        index
        for index, night in enumerate(at_place)
        if index not in seen and night.plugged_in_at > since and is_clean(cause, night, known)
    ]
    return len(clean) >= CLEAN_NIGHTS


def seen_again(
    cause: Cause, nights: Sequence[Night], *, since: datetime, clock_time: time | None, percent: float | None
) -> Sightings:
    """Sightings of the same kind after `since`: at the same time on the clock, or at the same level, if it has one."""
    at_place = here(nights)
    later = [sighting for sighting in sightings_of(cause, at_place) if sighting.at > since]
    return tuple(s for s in later if _is_alike(s, at_place[s.night], clock_time, percent))


def _is_alike(sighting: Sighting, night: Night, clock_time: time | None, percent: float | None) -> bool:
    moment = sighting.moment
    if clock_time is not None and moment.after < moment.until:
        start, end = moment.after - night.tolerance, moment.until + night.tolerance
        return shows(clock_time, night.timezone_name, start, end)
    if percent is not None and sighting.percent is not None:
        return abs(sighting.percent - percent) <= SAME_PERCENT
    return True


def _known(cause: Cause, nights: Sequence[Night]) -> Known:
    """What all these nights together tell of the cause."""
    sightings = sightings_of(cause, nights)
    clocked = [s for s in SIGNATURES if s.cause is cause and s.has_clock]
    at_one_time = [same_clock(signature.holds(signature.look(nights), nights), nights) for signature in clocked]
    at_one_level = same_percent(sightings)
    return Known(
        clock_time=next((roundest([s.moment for s in alike]) for alike in at_one_time if alike), None),
        percent=at_one_level[-1].percent if at_one_level else None,
        is_trying=tries_all_the_same(sightings, nights),
    )
