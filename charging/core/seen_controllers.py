"""What tells one controller from another: F9, F10 and F16 of UX 3.2, look-alikes left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from charging.core import look_alikes
from charging.core.causes import Seen
from charging.core.facts import CommandKind, PriceInterval
from charging.core.market_time import time_zone
from charging.core.nights import Night
from charging.core.seen_charging import foreign_changes, is_foreign_start
from charging.core.sightings import Evidence, Sighting, beginning, end
from charging.core.spells import Spell

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SEEN_EXACTLY = timedelta(seconds=30)
"""Only where the reading before was so near is it the car that tells the time, and not our asking."""

CORRECTED_WITHIN = timedelta(minutes=62)
PAUSED_WITHIN = timedelta(seconds=60)
PAUSES_TO_REPEAT = 2
CHARGED_AT_LEAST = HOUR
OVERLAP = 0.8
LONGEST_CHOICE = timedelta(hours=24)


def corrections(night: Night, index: int) -> Iterator[Sighting]:
    """F9: what somebody else undid within an hour, and how many minutes after our command had taken effect."""
    for change in foreign_changes(night):
        command = night.command_before(change.moment.until)
        if command is None or command.confirmed_at is None:
            continue
        passed = change.moment.until - command.confirmed_at
        is_exact = change.moment.until - change.moment.after <= SEEN_EXACTLY
        if is_exact and _is_seen_exactly(night, command.confirmed_at) and passed <= CORRECTED_WITHIN:
            is_start = command.kind is CommandKind.START
            followed = Evidence(command.confirmed_at, Seen.START_CONFIRMED if is_start else Seen.STOP_CONFIRMED)
            yield Sighting(index, change.moment, (followed, change.evidence), minutes_after=passed / MINUTE)


def re_pauses(night: Night, index: int) -> Iterator[Sighting]:
    """F16: each time we have started it, twice or more, charging is paused again within a minute."""
    ours = [] if night.is_claimed else [spell for spell in night.spells if _is_by_our_start(night, spell)]
    if len(ours) < PAUSES_TO_REPEAT or _is_at_unknown_limit(ours):
        return
    if all(_is_paused_at_once(night, spell) for spell in ours):
        yield Sighting(index, end(night, ours[-1]).moment, _rows(night, ours))


def optimised(night: Night, index: int) -> Iterator[Sighting]:
    """F10: charging that others began lies in the cheapest hours before some full hour, which is not our deadline."""
    spells = [spell for spell in night.spells if is_foreign_start(night, spell) and spell.ended_at is not None]
    charged = [(spell.began_at, spell.ended_at or spell.began_at) for spell in spells]
    if sum((until - since for since, until in charged), timedelta()) < CHARGED_AT_LEAST:
        return
    deadlines = frozenset(_deadlines(night, charged))
    if deadlines:
        yield Sighting(index, beginning(night, spells[0]).moment, _rows(night, spells), deadlines=deadlines)


def _rows(night: Night, spells: list[Spell]) -> tuple[Evidence, ...]:
    return tuple(change.evidence for spell in spells for change in (beginning(night, spell), end(night, spell)))


def _is_seen_exactly(night: Night, instant: datetime) -> bool:
    return any(instant - SEEN_EXACTLY <= reading.observed_at < instant for reading in night.readings)


def _is_by_our_start(night: Night, spell: Spell) -> bool:
    command = night.command_before(spell.began_at)
    return command is not None and command.kind is CommandKind.START


def _is_at_unknown_limit(spells: list[Spell]) -> bool:
    """Whether all ended at one level while the car tells no limit: its own may have ended them."""
    is_told = any(spell.last.charge_limit_percent is not None for spell in spells)
    return not is_told and len({spell.final_percent for spell in spells}) == 1


def _is_paused_at_once(night: Night, spell: Spell) -> bool:
    command = night.command_before(spell.began_at)
    if command is None or spell.ended_at is None or not look_alikes.foreign_stop(night, spell):
        return False
    not_before = max(command.first_sent_at, (spell.before or spell.first).observed_at)
    return spell.ended_at - not_before <= PAUSED_WITHIN


def _deadlines(night: Night, charged: list[tuple[datetime, datetime]]) -> Iterator[int]:
    """The hours of the local clock before which no time would have been cheaper than the one that was charged in."""
    zone = time_zone(night.timezone_name)
    at = charged[-1][1].replace(minute=0, second=0, microsecond=0)
    latest = night.plugged_in_at + LONGEST_CHOICE
    while at <= latest:
        if at >= charged[-1][1] - night.tolerance and _is_cheapest_before(night, charged, at):
            yield at.astimezone(zone).hour
        at += HOUR


def _is_cheapest_before(night: Night, charged: list[tuple[datetime, datetime]], deadline: datetime) -> bool:
    """Whether more than four fifths lie in the cheapest time until then, of which there was more than twice as much."""
    choice = [price for price in night.prices if price.start >= night.plugged_in_at and price.end <= deadline]
    length = sum((until - since for since, until in charged), timedelta())
    cheapest = _cheapest(choice, length)
    if _length(cheapest) < length or 2 * _length(cheapest) > _length(choice):
        return False
    both = ((since, until, price) for since, until in charged for price in cheapest)
    within = sum((max(min(b, p.end) - max(a, p.start), timedelta()) for a, b, p in both), timedelta())
    return within > OVERLAP * length


def _cheapest(prices: list[PriceInterval], length: timedelta) -> list[PriceInterval]:
    """The cheapest of them that last so long together, with all that cost as much as the dearest of these."""
    found: list[PriceInterval] = []
    for price in sorted(prices, key=lambda price: price.price_per_kwh):
        if _length(found) >= length and price.price_per_kwh > found[-1].price_per_kwh:
            break
        found.append(price)
    return found


def _length(prices: list[PriceInterval]) -> timedelta:
    return sum((price.end - price.start for price in prices), timedelta())
