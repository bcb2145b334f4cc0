"""Nights in which a cause could have shown itself, so that it says something when it did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from charging.core import look_alikes
from charging.core.causes import Cause
from charging.core.clock_times import shows
from charging.core.facts import CommandKind
from charging.core.market_time import next_deadline
from charging.core.nights import Night
from charging.core.patterns import SAME_PERCENT
from charging.core.sightings import Sighting
from charging.core.spells import Spell

HELD_AT_LEAST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a cause: its time on the clock, its level, and whether the car tries the charger all the same.

    `is_trying`: in the nights of a timer the car charged for a few minutes after it was plugged in.
    """

    clock_time: time | None = None
    percent: float | None = None
    is_trying: bool = False


def is_clean(cause: Cause, night: Night, known: Known) -> bool:
    """Whether the night is over and would have shown the cause; that it did not is for the caller to see."""
    return night.is_over and COULD_SHOW[cause](night, known)


def tries_all_the_same(sightings: Sequence[Sighting], nights: Sequence[Night]) -> bool:
    """Whether in one of these nights the car charged before the first row of evidence."""
    return any(spell.began_at < s.evidence[0].at for s in sightings for spell in nights[s.night].spells)


def _followed(night: Night, kind: CommandKind) -> bool:
    return any(command.kind is kind and command.confirmed_at is not None for command in night.commands)


def _was_held(night: Night, known: Known) -> bool:
    """Whether the car stood still for us long enough, at the known time if there is one."""
    for stop in night.commands:
        if stop.kind is not CommandKind.STOP or stop.confirmed_at is None:
            continue
        until = min((c.first_sent_at for c in night.commands if c.first_sent_at > stop.confirmed_at), default=None)
        end = until or night.seen_until
        if known.clock_time is None and end - stop.confirmed_at >= HELD_AT_LEAST:
            return True
        if known.clock_time is not None and shows(known.clock_time, night.timezone_name, stop.confirmed_at, end):
            return True
    return False


def _charged_before(night: Night, known: Known) -> bool:
    """Whether the car charged before the time of the timer, and not only to try the charger."""
    if known.clock_time is None:
        return False
    timer_at = next_deadline(known.clock_time, night.timezone_name, night.plugged_in_at)
    if timer_at > night.seen_until:
        return False
    early = [spell for spell in night.spells if spell.began_at < timer_at - night.tolerance]
    return any(_is_no_try(night, spell, known) for spell in early)


def _is_no_try(night: Night, spell: Spell, known: Known) -> bool:
    last = night.command_before(spell.began_at)
    is_asked = last is not None and last.kind is CommandKind.START
    is_try = look_alikes.is_blip(night, spell) and not look_alikes.our_stop(night, spell)
    return is_asked or not (known.is_trying or is_try)


def _charged_past(night: Night, known: Known) -> bool:
    """Whether the car went on charging beyond the time at which it used to end."""
    clock = known.clock_time
    return clock is not None and any(_covers(night, spell, clock) for spell in night.spells)


def _covers(night: Night, spell: Spell, clock: time) -> bool:
    end: datetime = spell.last.observed_at - night.tolerance
    return end > spell.began_at and shows(clock, night.timezone_name, spell.began_at, end)


def _charged_beyond(night: Night, known: Known) -> bool:
    """Whether the level rose above the ceiling."""
    levels = [spell.final_percent for spell in night.spells if spell.final_percent is not None]
    return known.percent is not None and max(levels, default=0.0) > known.percent + SAME_PERCENT


def _told_its_limit(night: Night, known: Known) -> bool:
    """Whether the limit was reported, at the known time if there is one."""
    told = [reading.observed_at for reading in night.readings if reading.charge_limit_percent is not None]
    if not told or known.clock_time is None:
        return bool(told)
    return shows(known.clock_time, night.timezone_name, told[0], told[-1])


COULD_SHOW: dict[Cause, Callable[[Night, Known], bool]] = {
    Cause.TIMER: _charged_before,
    Cause.WINDOW_END: _charged_past,
    Cause.CEILING: _charged_beyond,
    Cause.LIMIT_AUTOMATION: _told_its_limit,
    Cause.UNDONE: lambda night, known: _followed(night, CommandKind.START),
    Cause.FOREIGN_START: _was_held,
    Cause.RANDOM_STARTS: _was_held,
    Cause.OTHER_OPTIMISER: _was_held,
    Cause.CHARGER_PAUSES: lambda night, known: _followed(night, CommandKind.START),
    Cause.TUG_OF_WAR: lambda night, known: any(command.confirmed_at is not None for command in night.commands),
    Cause.CHARGER_REFUSES: lambda night, known: any(command.confirmed_at is not None for command in night.commands),
    Cause.REPORTED_SCHEDULE: lambda night, known: bool(night.spells),
    Cause.SECOND_ACCOUNT: lambda night, known: True,
}
