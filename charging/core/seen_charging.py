"""What the charging of one night shows: F1 to F5 and F8 of UX 3.2, look-alikes left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from charging.core import look_alikes
from charging.core.causes import Seen
from charging.core.facts import CommandKind
from charging.core.nights import Night, OurCommand
from charging.core.sightings import Change, Evidence, Sighting, beginning, end
from charging.core.spells import Spell

UNDONE_WITHIN = timedelta(minutes=15)
FOUGHT_WITHIN = timedelta(minutes=10)
FIGHT_LASTS = timedelta(minutes=60)
CHANGES_OF_A_FIGHT = 3
UNDONE_IN_A_FIGHT = 2
WAITED_AT_LEAST = timedelta(minutes=30)
"""Longer than all sendings of one START take to show."""

STAYS_AT_CEILING = timedelta(minutes=30)


def undone_starts(night: Night, index: int) -> Iterator[Sighting]:
    """F1: the car followed our START, and stopped within a quarter of an hour."""
    for undone in _undone(night, UNDONE_WITHIN):
        if undone.kind is CommandKind.START:
            confirmed = Evidence(undone.confirmed_at, Seen.START_CONFIRMED)
            yield Sighting(index, undone.change.moment, (confirmed, undone.change.evidence))


def foreign_starts(night: Night, index: int) -> Iterator[Sighting]:
    """F2: charging in two readings or more, though our STOP had taken effect."""
    for spell in night.spells:
        stop = night.command_before(spell.began_at)
        is_foreign = spell.is_seen_twice and is_foreign_start(night, spell)
        if is_foreign and stop is not None and stop.confirmed_at is not None:
            begun = beginning(night, spell)
            yield Sighting(index, begun.moment, (Evidence(stop.confirmed_at, Seen.STOP_CONFIRMED), begun.evidence))


def waits(night: Night, index: int) -> Iterator[Sighting]:
    """F3: asked to charge again and again, the car stays idle for half an hour or more and then charges."""
    previous_end = night.plugged_in_at
    for spell in night.spells:
        asked_at = _asked_since(night, spell, previous_end)
        previous_end = spell.last.observed_at
        if asked_at is None or spell.began_at - asked_at < WAITED_AT_LEAST or _explains_wait(night, spell, asked_at):
            continue
        begun = beginning(night, spell)
        yield Sighting(index, begun.moment, (Evidence(asked_at, Seen.START_SENT), begun.evidence))


def cut_short(night: Night, index: int) -> Iterator[Sighting]:
    """F4: charging that we wanted ends before the battery is full; what was undone at once is no window's end."""
    for spell in night.spells:
        if look_alikes.foreign_stop(night, spell) and _is_long(spell) and night.wanted_charge(spell.last.observed_at):
            ended = end(night, spell)
            yield Sighting(index, ended.moment, (ended.evidence,), percent=spell.final_percent)


def ceilings(night: Night, index: int) -> Iterator[Sighting]:
    """F5: charging ends below the limit, whatever the car calls it, and nothing but short tries follows."""
    is_on = bool(night.spells) and night.spells[-1].ended_at is None
    long = [] if is_on else [spell for spell in night.spells if _is_long(spell)]
    for spell in long[-1:]:
        if not look_alikes.stopped_short(night, spell) or spell.last.charge_limit_percent is None:
            continue
        ended = end(night, spell, Seen.CEILING_REACHED)
        has_stayed = night.seen_until - ended.moment.until >= STAYS_AT_CEILING
        if has_stayed and night.wanted_charge(spell.last.observed_at):
            yield Sighting(index, ended.moment, (ended.evidence,), percent=spell.final_percent)


def fights(night: Night, index: int) -> Iterator[Sighting]:
    """F8: three changes by somebody else within an hour, or our commands undone twice, each within ten minutes."""
    changes = sorted(foreign_changes(night), key=lambda change: change.moment.until)
    is_crowded = any(
        later.moment.until - first.moment.until <= FIGHT_LASTS
        for first, later in zip(changes, changes[CHANGES_OF_A_FIGHT - 1 :], strict=False)
    )
    if is_crowded or len(list(_undone(night, FOUGHT_WITHIN))) >= UNDONE_IN_A_FIGHT:
        yield Sighting(index, changes[-1].moment, tuple(change.evidence for change in changes))


@dataclass(frozen=True, slots=True)
class _Undone:
    """A command of ours that had taken effect, and the change that undid it."""

    kind: CommandKind
    confirmed_at: datetime
    change: Change


def _undone(night: Night, within: timedelta) -> Iterator[_Undone]:
    for change in foreign_changes(night):
        at = change.moment.until
        command = night.command_before(at)
        if command is not None and command.confirmed_at is not None and _is_soon(command.confirmed_at, at, within):
            yield _Undone(command.kind, command.confirmed_at, change)


def foreign_changes(night: Night) -> Iterator[Change]:
    """Every start and stop by somebody else; none in a night that the driver has taken into their own hands."""
    for spell in night.spells:
        if is_foreign_start(night, spell):
            yield beginning(night, spell)
        if not night.is_claimed and look_alikes.foreign_stop(night, spell):
            yield end(night, spell)


def _is_long(spell: Spell) -> bool:
    return spell.ended_at is not None and spell.ended_at - spell.began_at > UNDONE_WITHIN


def _is_soon(confirmed_at: datetime, at: datetime, within: timedelta) -> bool:
    return confirmed_at <= at <= confirmed_at + within


def is_foreign_start(night: Night, spell: Spell) -> bool:
    return not night.is_claimed and look_alikes.foreign_start(night, spell)


def _asked_since(night: Night, spell: Spell, previous_end: datetime) -> datetime | None:
    """When we first asked for this spell: the oldest START after the last charging and after the last STOP."""
    before: list[OurCommand] = [c for c in night.commands if previous_end <= c.first_sent_at < spell.began_at]
    asked_at = None
    for command in reversed(before):
        if command.kind is CommandKind.STOP:
            break
        asked_at = command.first_sent_at
    return asked_at


def _explains_wait(night: Night, spell: Spell, asked_at: datetime) -> bool:
    """Asleep, without power, full, or the safety net that the driver keeps: no timer need be behind such a wait."""
    return (
        look_alikes.unseen_start(night, spell)
        or look_alikes.topping_up(night, spell)
        or look_alikes.lacked_power(night, asked_at, spell.began_at)
        or look_alikes.by_the_net(night, spell)
    )
