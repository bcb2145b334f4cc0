"""What was seen of a signature in one night, with the rows that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from charging.core.causes import Seen
from charging.core.clock_times import Moment
from charging.core.nights import Night
from charging.core.spells import Spell


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that a finding rests on."""

    at: datetime
    seen: Seen
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something seen in the night of that index.

    `percent` is the level or the limit it left, `before_percent` the limit it found. `minutes_after` is how long after
    a command of ours it happened, `deadlines` are hours of the local clock that would explain it.
    """

    night: int
    moment: Moment
    evidence: tuple[Evidence, ...]
    percent: float | None = None
    before_percent: float | None = None
    minutes_after: float | None = None
    deadlines: frozenset[int] = frozenset()

    @property
    def at(self) -> datetime:
        return self.moment.until


LookAtNight = Callable[[Night, int], Iterator[Sighting]]
Look = Callable[[Sequence[Night]], tuple[Sighting, ...]]


def in_each_night(look: LookAtNight) -> Look:
    """The look at one night as a look at all of them."""

    def look_at_all(nights: Sequence[Night]) -> tuple[Sighting, ...]:
        return tuple(sighting for index, night in enumerate(nights) for sighting in look(night, index))

    return look_at_all


@dataclass(frozen=True, slots=True)
class Change:
    """A spell that began or ended: when, and the row that shows it."""

    moment: Moment
    evidence: Evidence


def beginning(night: Night, spell: Spell) -> Change:
    """The beginning of a spell."""
    since = (spell.before or spell.first).observed_at
    evidence = Evidence(spell.began_at, Seen.CHARGING_BEGAN, number(spell.first.charging_power_kw))
    return Change(night.moment(since, spell.began_at), evidence)


def end(night: Night, spell: Spell, seen: Seen = Seen.CHARGING_ENDED) -> Change:
    """The end of a spell that has one."""
    assert spell.ended_at is not None, "it has ended"
    evidence = Evidence(spell.ended_at, seen, number(spell.final_percent))
    return Change(night.moment(spell.last.observed_at, spell.ended_at), evidence)


def number(value: float | None) -> str:
    """A power or a level as evidence names it."""
    return "" if value is None else f"{value:g}"
