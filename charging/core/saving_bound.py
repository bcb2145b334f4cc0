"""The most that waiting could save, found without a plan: a car with nothing to save is asked again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from charging.core.facts import Facts
from charging.core.need import Need
from charging.core.planning import least_saving

ROUNDING_PER_KWH = 2e-5
"""The planner rounds prices to 1e-5 per kWh, so its saving may exceed the bound by so much."""


def could_save(facts: Facts, need: Need, now: datetime) -> bool:
    """Whether a plan that saves enough is possible at all; False only where there is certainly none.

    The bound: the need in the cheapest hours before the deadline, in pieces however small (a fractional knapsack),
    against charging at once. True wherever it says nothing: prices do not reach from now to the deadline, part of the
    charge is forced, or there is more to charge than time.
    """
    deadline = facts.policy.deadline_at
    if deadline is None or need.forced_energy_kwh > 0 or now + need.duration > deadline:
        return True
    inside = [one for one in facts.prices if one.end > now and one.start < deadline]
    lengths = [min(one.end, deadline) - max(one.start, now) for one in inside]
    if need.energy_kwh <= 0 or sum(lengths, timedelta(0)) != deadline - now:
        return True
    priced = [(length.total_seconds(), float(one.price_per_kwh)) for length, one in zip(lengths, inside, strict=True)]
    seconds = need.duration.total_seconds()
    kwh_per_second = need.energy_kwh / seconds
    at_once = _cost(priced, seconds) * kwh_per_second
    least_cost = _cost(sorted(priced, key=lambda row: row[1]), seconds) * kwh_per_second
    least = float(least_saving(Decimal(at_once), facts.thresholds))
    return at_once - least_cost + ROUNDING_PER_KWH * need.energy_kwh >= least


def _cost(priced: list[tuple[float, float]], seconds: float) -> float:
    """Price times seconds over the first `seconds` of these (length, price), which last as long at least."""
    cost = 0.0
    for length, price in priced:
        part = min(length, seconds)
        cost += part * price
        seconds -= part
    return cost
