"""What several nights have to have in common before sightings count: one surprise is the owner's wish (UX 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from charging.core.clock_times import agreeing, roundest
from charging.core.nights import Night
from charging.core.sightings import Sighting

Sightings = tuple[Sighting, ...]

NIGHTS_TO_REPEAT = 2
NIGHTS_AT_CEILING = 3
NIGHTS_OF_RANDOM_STARTS = 3
NIGHTS_OF_AN_OPTIMISER = 3
CORRECTIONS_OF_A_CADENCE = 3
CADENCES = (30.0, 15.0, 5.0)
"""Minutes between two looks of services that check what a car does."""

OFF_BEAT = 0.75
CHANGES_OF_A_TOGGLE = 4
"""There and back twice: who raises the limit for a trip, and lowers it after, does so once."""

SAME_PERCENT = 1.0
ARRIVAL = timedelta(hours=2)
HALF_HOUR = 30


def any_night(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Each sighting counts by itself."""
    return sightings


def but_for_one_arrival(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Without those right after arrival, if they are of one night: that is the owner."""
    arrivals = {s.night for s in sightings if s.at <= nights[s.night].plugged_in_at + ARRIVAL}
    if len(arrivals) > 1:
        return sightings
    return tuple(s for s in sightings if s.at > nights[s.night].plugged_in_at + ARRIVAL)


def same_clock(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Those at the same time on the clock, if two nights or more have one."""
    if not sightings:
        return ()
    tolerance = max(nights[s.night].tolerance for s in sightings)
    group = tuple(sightings[index] for index in agreeing([s.moment for s in sightings], tolerance))
    return group if count_nights(group) >= NIGHTS_TO_REPEAT else ()


def same_clock_not_level(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Ends at the same time on the clock; where the level is the same too, the clock has to show a half hour.

    Nights that are alike end at the same level whatever ends them: clocks are set to half hours.
    """
    group = same_clock(sightings, nights)
    if len(same_percent(group)) == len(group) and not _is_by_the_clock(group):
        return ()
    return group


def same_level_not_clock(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Ends at the same level in three nights or more, if they are not at the same half hour on the clock."""
    group = same_percent(sightings)
    if count_nights(group) < NIGHTS_AT_CEILING:
        return ()
    is_same_time = len(same_clock(group, nights)) == len(group)
    return () if is_same_time and _is_by_the_clock(group) else group


def same_percent(sightings: Sightings) -> Sightings:
    """The largest group whose levels are within a percent of one of them; of equal ones that of the latest."""
    groups = [tuple(s for s in sightings if _differ(s.percent, center.percent) <= SAME_PERCENT) for center in sightings]
    return max(reversed(groups), key=len, default=())


def automatic_limits(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Changes of the limit at the same time on the clock, first those that lower it; else to and fro between two."""
    seen = [s for s in sightings if s.moment.until - s.moment.after <= nights[s.night].effect_within]
    lowered, raised = (tuple(s for s in seen if _is_lowered(s) is is_lowered) for is_lowered in (True, False))
    daily = same_clock(lowered, nights) or same_clock(raised, nights)
    if daily or not sightings:
        return daily
    toggled = tuple(s for s in sightings if _pair(s) == _pair(sightings[-1]))
    is_enough = len(toggled) >= CHANGES_OF_A_TOGGLE and count_nights(toggled) >= NIGHTS_TO_REPEAT
    return toggled if is_enough else ()


def limits_below_minimum(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Of such changes those to less than the driver's minimum."""
    automatic = automatic_limits(sightings, nights)
    return tuple(s for s in automatic if s.percent is not None and s.percent < nights[s.night].minimum_percent)


def irregular(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Those of three nights or more without one in between that lacks them, at times that have nothing in common."""
    seen = {s.night for s in sightings}
    is_every_night = len(seen) >= NIGHTS_OF_RANDOM_STARTS and seen >= set(range(min(seen), max(seen) + 1))
    return sightings if is_every_night and not same_clock(sightings, nights) else ()


def at_a_cadence(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Three or more on two nights or more, if all came a whole number of beats after our commands."""
    is_enough = len(sightings) >= CORRECTIONS_OF_A_CADENCE and count_nights(sightings) >= NIGHTS_TO_REPEAT
    is_regular = any(all(_is_on_beat(s.minutes_after, beat) for s in sightings) for beat in CADENCES)
    return sightings if is_enough and is_regular else ()


def before_another_deadline(sightings: Sightings, nights: Sequence[Night]) -> Sightings:
    """Those of three nights or more that one deadline explains, unless most began at the same time on the clock."""
    hours = {hour for s in sightings for hour in s.deadlines}
    groups = [tuple(s for s in sightings if hour in s.deadlines) for hour in sorted(hours)]
    group = max(groups, key=count_nights, default=())
    is_by_the_clock = 2 * count_nights(same_clock(group, nights)) > count_nights(group)
    return group if count_nights(group) >= NIGHTS_OF_AN_OPTIMISER and not is_by_the_clock else ()


def count_nights(sightings: Sightings) -> int:
    return len({s.night for s in sightings})


def _is_by_the_clock(group: Sightings) -> bool:
    return bool(group) and roundest([s.moment for s in group]).minute % HALF_HOUR == 0


def _differ(one: float | None, other: float | None) -> float:
    return abs((one or 0.0) - (other or 0.0))


def _is_lowered(sighting: Sighting) -> bool:
    return (sighting.percent or 0.0) < (sighting.before_percent or 0.0)


def _is_on_beat(minutes: float | None, beat: float) -> bool:
    beats = round((minutes or 0.0) / beat)
    return minutes is not None and beats >= 1 and abs(minutes - beats * beat) <= OFF_BEAT


def _pair(sighting: Sighting) -> frozenset[float | None]:
    return frozenset((sighting.percent, sighting.before_percent))
