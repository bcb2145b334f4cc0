"""The signatures of interference: what is looked for, to which cause it points, and how strongly (UX 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from charging.core import patterns, seen_charging, seen_controllers, seen_reports
from charging.core.causes import Cause, Strength
from charging.core.nights import Night
from charging.core.sightings import Look, Sighting, in_each_night


@dataclass(frozen=True, slots=True)
class Signature:
    """`look` finds sightings, `holds` leaves those that count beside the others.

    A signature that `grows` is strong once it is repeated, in the same night or in another. One that goes `before`
    others tells their sightings of the same night as well. `has_clock`, `has_percent`: what a finding takes from it.
    """

    code: str
    cause: Cause
    strength: Strength
    look: Look
    holds: Callable[[tuple[Sighting, ...], Sequence[Night]], tuple[Sighting, ...]] = patterns.any_night
    grows: bool = False
    before: tuple[str, ...] = ()
    has_clock: bool = False
    has_percent: bool = False


_undone, _started = in_each_night(seen_charging.undone_starts), in_each_night(seen_charging.foreign_starts)
_waits, _cut_short = in_each_night(seen_charging.waits), in_each_night(seen_charging.cut_short)
_ceilings, _fights = in_each_night(seen_charging.ceilings), in_each_night(seen_charging.fights)
_conflicts, _reported = in_each_night(seen_reports.conflicts), in_each_night(seen_reports.reported_schedules)
_corrected, _paused = in_each_night(seen_controllers.corrections), in_each_night(seen_controllers.re_pauses)
_optimised = in_each_night(seen_controllers.optimised)
_limits = seen_reports.limit_changes

C, S, P = Cause, Strength, patterns
SIGNATURES = (
    Signature("F1", C.UNDONE, S.WEAK, _undone, grows=True),
    Signature("F2", C.FOREIGN_START, S.WEAK, _started, P.but_for_one_arrival, grows=True, has_clock=True),
    Signature("F3", C.TIMER, S.STRONG, _waits, P.same_clock, has_clock=True),
    Signature("F4", C.WINDOW_END, S.STRONG, _cut_short, P.same_clock_not_level, has_clock=True),
    Signature("F5", C.CEILING, S.STRONG, _ceilings, P.same_level_not_clock, has_percent=True),
    Signature("F6", C.LIMIT_AUTOMATION, S.STRONG, _limits, P.automatic_limits, has_clock=True, has_percent=True),
    Signature("F7", C.LIMIT_AUTOMATION, S.WEAK, _limits, P.limits_below_minimum),
    Signature("F8", C.TUG_OF_WAR, S.STRONG, _fights, before=("F1", "F2")),
    Signature("F9", C.TUG_OF_WAR, S.STRONG, _corrected, P.at_a_cadence, before=("F1", "F2")),
    Signature("F10", C.OTHER_OPTIMISER, S.WEAK, _optimised, P.before_another_deadline, True, before=("F2", "F17")),
    Signature("F11", C.CHARGER_REFUSES, S.DIRECT, _conflicts),
    Signature("F12", C.REPORTED_SCHEDULE, S.DIRECT, _reported),
    Signature("F16", C.CHARGER_PAUSES, S.STRONG, _paused, before=("F1", "F8", "F9")),
    Signature("F17", C.RANDOM_STARTS, S.WEAK, _started, P.irregular, before=("F2",)),
)
"""F15, the same car in another account, is no matter of nights: `judge` is told of it."""

REPLACED_BY = {
    Cause.FOREIGN_START: frozenset({Cause.RANDOM_STARTS, Cause.OTHER_OPTIMISER, Cause.TUG_OF_WAR}),
    Cause.RANDOM_STARTS: frozenset({Cause.OTHER_OPTIMISER}),
    Cause.UNDONE: frozenset({Cause.CHARGER_PAUSES, Cause.TUG_OF_WAR}),
}
"""What once looked like the one and has turned out to be the other."""
