"""What looks like interference and is none (UX 3.1 item 2, N1 - N4): excluded before any signature is looked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from charging.core.clock_times import shows
from charging.core.energy import KNEE_PERCENT
from charging.core.facts import CommandKind, PowerDelivery, Reading
from charging.core.nights import Night
from charging.core.spells import Spell

FIRST_MINUTES = timedelta(minutes=30)
"""After plugging in a car may try the charger, and wait again, by itself."""

LIMIT_MARGIN_PERCENT = 2.0
"""So near to its limit a car is as good as full."""

REDUCED_SHARE = 0.6
"""A power that has fallen below this share of its peak is being limited: by load balancing, or by a cold battery."""

ROUND_PERCENT = 5
ROUND_TOLERANCE_PERCENT = 0.5
"""A level that people set: a multiple of five."""

UNABLE = frozenset({PowerDelivery.NO_POWER, PowerDelivery.FAULT})

Test = Callable[[Night, Spell], bool]


def foreign_start(night: Night, spell: Spell) -> bool:
    """Whether somebody else began this spell: none of the look-alikes of a start explains it."""
    return not any(explains(night, spell) for explains in OF_A_START.values())


def foreign_stop(night: Night, spell: Spell) -> bool:
    """Whether somebody else ended this spell before the battery was full."""
    return not any(explains(night, spell) for explains in OF_A_STOP.values()) and not says_full(spell)


def stopped_short(night: Night, spell: Spell) -> bool:
    """Whether this spell ended below the limit, not by us, even where the car calls that full."""
    return not any(explains(night, spell) for explains in OF_A_STOP.values())


def says_full(spell: Spell) -> bool:
    after = spell.after
    return after is not None and (after.is_fully_charged is True or after.power_delivery is PowerDelivery.COMPLETE)


def at_limit(reading: Reading) -> bool:
    """Whether the level is so near to the limit that nothing more is to be expected, or is not known."""
    if reading.soc_percent is None:
        return True
    limit = 100.0 if reading.charge_limit_percent is None else reading.charge_limit_percent
    return reading.soc_percent >= limit - LIMIT_MARGIN_PERCENT


def unseen_start(night: Night, spell: Spell) -> bool:
    """Lost contact or asleep (N1): nobody saw when it began."""
    return spell.before is None or spell.began_at - spell.before.observed_at > night.effect_within


def lacked_power(night: Night, start: datetime, end: datetime) -> bool:
    """Whether the charger had no power, or a fault, between these instants."""
    return any(start <= reading.observed_at <= end and reading.power_delivery in UNABLE for reading in night.readings)


def by_the_net(night: Night, spell: Spell) -> bool:
    """The schedule that the driver keeps as a safety net: expected, within the tolerance of its time."""
    if night.safety_net is None:
        return False
    since = (spell.before or spell.first).observed_at
    return shows(night.safety_net, night.timezone_name, since - night.tolerance, spell.began_at + night.tolerance)


def _power_came_back(night: Night, spell: Spell) -> bool:
    return lacked_power(night, spell.began_at - night.effect_within, spell.began_at)


def _in_first_minutes(night: Night, spell: Spell) -> bool:
    return spell.began_at < night.plugged_in_at + FIRST_MINUTES and not _defies_our_stop(night, spell)


def _defies_our_stop(night: Night, spell: Spell) -> bool:
    """Our STOP had taken effect, and the car charged all the same: longer than to try the charger, or to its limit."""
    stop = night.command_before(spell.began_at)
    was_stopped = stop is not None and stop.kind is CommandKind.STOP and stop.confirmed_at is not None
    if not was_stopped or spell.ended_at is None or spell.ended_at - spell.began_at <= FIRST_MINUTES:
        return False
    return _limit_reached(night, spell) or not _is_round(spell.final_percent)


def topping_up(night: Night, spell: Spell) -> bool:
    """A battery that has settled a little below the limit."""
    return at_limit(spell.before or spell.first)


def _protective(night: Night, spell: Spell) -> bool:
    return any(spell.began_at in period for period in night.protective)


def _climate(night: Night, spell: Spell) -> bool:
    """Preheating draws power and leaves the battery no fuller."""
    before, after = (spell.before or spell.first).soc_percent, spell.final_percent
    return before is not None and after is not None and after <= before


def _our_start(night: Night, spell: Spell) -> bool:
    """The last thing we asked for was to charge, or a START of before is only now taking effect."""
    last = night.command_before(spell.began_at)
    return last is None or last.kind is CommandKind.START or _took_effect(night, CommandKind.START, spell.began_at)


def _wanted_start(night: Night, spell: Spell) -> bool:
    """The window had come, or the hold had run out: the gateway itself starts the car then."""
    return night.wanted_charge(spell.began_at) or night.wanted_charge(spell.began_at + night.tolerance)


def _took_effect(night: Night, kind: CommandKind, instant: datetime) -> bool:
    """Whether a command of ours, sent again and again perhaps, can have reached the car just then."""
    return any(
        command.kind is kind and command.first_sent_at < instant <= command.last_sent_at + night.effect_within
        for command in night.commands
    )


def _unseen_end(night: Night, spell: Spell) -> bool:
    return spell.ended_at is None or spell.ended_at - spell.last.observed_at > night.effect_within


def _limit_reached(night: Night, spell: Spell) -> bool:
    return at_limit(spell.last) or (spell.after is not None and at_limit(spell.after))


def _power_went(night: Night, spell: Spell) -> bool:
    return lacked_power(night, spell.last.observed_at, _end(spell) + night.effect_within)


def our_stop(night: Night, spell: Spell) -> bool:
    """The last thing we asked for in this spell was to stop, or a STOP of before is only now taking effect."""
    last = night.command_before(_end(spell))
    is_ours = last is not None and last.kind is CommandKind.STOP and last.first_sent_at >= spell.began_at
    return is_ours or _took_effect(night, CommandKind.STOP, _end(spell))


def _reduced(night: Night, spell: Spell) -> bool:
    """Load balancing (N2), or a cold battery: the power had fallen before it was gone."""
    power_kw, soc_percent = spell.last.charging_power_kw, spell.last.soc_percent
    if power_kw is None or spell.peak_kw is None or (soc_percent is not None and soc_percent > KNEE_PERCENT):
        return False
    return power_kw < REDUCED_SHARE * spell.peak_kw


def _began_by_itself(night: Night, spell: Spell) -> bool:
    last = night.command_before(spell.began_at)
    is_early = spell.began_at < night.plugged_in_at + FIRST_MINUTES
    return is_early and (last is None or last.kind is not CommandKind.START)


def is_blip(night: Night, spell: Spell) -> bool:
    """The car tries the charger when it is plugged in."""
    is_short = spell.ended_at is not None and spell.ended_at <= night.plugged_in_at + FIRST_MINUTES
    return is_short and _began_by_itself(night, spell)


def _own_minimum(night: Night, spell: Spell) -> bool:
    """The car charges to a minimum of its own when it is plugged in, whatever else is set (N4)."""
    return _began_by_itself(night, spell) and _is_round(spell.final_percent)


def _is_round(percent: float | None) -> bool:
    return (
        percent is not None and abs(percent - round(percent / ROUND_PERCENT) * ROUND_PERCENT) <= ROUND_TOLERANCE_PERCENT
    )


def _departure(night: Night, spell: Spell) -> bool:
    """Whoever is about to leave ends the charge before pulling the cable."""
    return night.unplugged_at is not None and night.unplugged_at - _end(spell) <= night.effect_within


def _end(spell: Spell) -> datetime:
    return spell.ended_at or spell.last.observed_at


OF_A_START: dict[str, Test] = {
    "lost contact": unseen_start,
    "power came back": _power_came_back,
    "first minutes": _in_first_minutes,
    "protective charging": _protective,
    "topping up": topping_up,
    "preheating": _climate,
    "our start": _our_start,
    "wanted": _wanted_start,
    "safety net": by_the_net,
}

OF_A_STOP: dict[str, Test] = {
    "lost contact": _unseen_end,
    "limit reached": _limit_reached,
    "load balancing": _reduced,
    "no power": _power_went,
    "first minutes": is_blip,
    "own minimum": _own_minimum,
    "our stop": our_stop,
    "departure": _departure,
}
