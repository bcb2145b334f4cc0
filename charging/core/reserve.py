"""The time kept free before a deadline: it shrinks as more is known of how fast the car charges."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum

from charging.core.facts import Car


class Knowledge(IntEnum):
    """What is known of the power of this plug-in, least first."""

    NOTHING = 0
    LEARNED = 1
    OBSERVED = 2
    BOTH = 3


RESERVES = {
    # A car that draws 70 % of what is assumed needs 1 / 0.7 = 1.43 times as long.
    Knowledge.NOTHING: (timedelta(minutes=20), 0.45),
    # The first window shows whether this plug-in is as those before, early enough to make up for it (below).
    Knowledge.LEARNED: (timedelta(minutes=15), 0.10),
    # For rounding, ramps, one missed reading and one START in vain; the share for power that fades.
    Knowledge.OBSERVED: (timedelta(minutes=10), 0.05),
    # It does at this plug what it always does.
    Knowledge.BOTH: (timedelta(minutes=10), 0.03),
}
"""A fixed time, and a share of the charging time."""

USUAL_SHARE = 0.95
"""A power that differs by less is the usual one: meters and grids are not steadier."""


def reserve(charging_time: timedelta, knowledge: Knowledge) -> timedelta:
    """The time kept free before the deadline for a charge that takes so long."""
    fixed, share = RESERVES[knowledge]
    return fixed + share * charging_time


def reserve_until_seen(charging_time: timedelta, knowledge: Knowledge) -> timedelta:
    """The time that must be left beside the charging when it begins, for a plug-in that turns out to be slow.

    What was learned lets a car wait, but it is no promise: one that waits without having shown its power must begin
    while half of the usual power would still do, as when two cars share a circuit.
    """
    if knowledge == Knowledge.LEARNED:
        return timedelta(minutes=20) + charging_time
    return reserve(charging_time, knowledge)


def knowledge_of(car: Car) -> Knowledge:
    """What is known of the power that the car draws at this plug-in.

    A power below the usual one is news, so that what was learned says nothing of it.
    """
    is_trusted = car.learned is not None and car.learned.is_trusted
    if car.observed_power_kw is None:
        return Knowledge.LEARNED if is_trusted else Knowledge.NOTHING
    return Knowledge.BOTH if is_trusted and share_of_usual(car) >= USUAL_SHARE else Knowledge.OBSERVED


def share_of_usual(car: Car) -> float:
    """The power seen in this plug-in as a share of what past ones promised; 1 where that is not less or not known."""
    learned, observed_kw = car.learned, car.observed_power_kw
    if learned is None or not learned.is_trusted or observed_kw is None:
        return 1.0
    return min(1.0, observed_kw / min(learned.power_kw, car.max_power_kw))
