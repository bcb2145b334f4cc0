"""What smart charging would have saved: a habit of plugging in, replayed night by night over prices that are known.

Both sides of a night are the same charge, with the same power and taper: once in the hours that the planner of real
cars would have chosen at plug-in, once without a pause from plug-in on. Where a plan is not worth it by the rules of
real plans, both are the same and the night saves nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise

from charging.core import energy
from charging.core.deadlines import WeeklyDeadline
from charging.core.facts import Car, Facts, PolicyFacts, PriceInterval, Thresholds
from charging.core.market_time import QUARTER, local_instant, published_until
from charging.core.need import Need, expected_power_kw, need_of
from charging.core.planning import is_worth_it, make_plan
from charging.core.power_profile import Flow
from charging.core.savings import bill_of
from charging.core.states import State

FULL_WITHIN_PERCENT = 0.5
"""A battery this near to the car's limit is full: plans are made in whole minutes."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A car that is plugged in every day at this local time with this battery level."""

    plugged_in_at: time
    soc_percent: float


@dataclass(frozen=True, slots=True)
class Driving:
    """What a night is replayed with: the car, its habit, and by when it has to be ready in which time zone.

    `policy` gives the minimum and the rules of windows; its deadline does not count.
    """

    car: Car
    habit: Habit
    deadline: WeeklyDeadline
    timezone_name: str
    policy: PolicyFacts
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True)
class ReplayedNight:
    """One plug-in: energy in kWh at the plug, both costs in the currency of the prices, whether the car was full."""

    plugged_in_at: datetime
    deadline_at: datetime
    energy_kwh: float
    cost: Decimal
    cost_charged_at_once: Decimal
    is_full: bool

    @property
    def saving(self) -> Decimal:
        """Negative where smart charging would have been dearer."""
        return self.cost_charged_at_once - self.cost


@dataclass(frozen=True, slots=True)
class Replay:
    """The nights in time order, how many lacked prices, and how many began before their prices were published."""

    nights: tuple[ReplayedNight, ...] = ()
    without_prices: int = 0
    unpublished: int = 0


def replay(
    driving: Driving, prices: Sequence[PriceInterval], days: Sequence[date], *, is_published_daily: bool = True
) -> Replay:
    """The plug-ins of these local days. `prices` are in time order and do not overlap.

    Prices of a market are published day by day, and a night whose prices were not all out at plug-in is not replayed:
    its plan would have been another one. Rates of one's own are known ahead. Raises ValueError for a car whose
    capacity is not known.
    """
    starts = [interval.start for interval in prices]
    ends = [interval.end for interval in prices]
    nights, without_prices, unpublished = [], 0, 0
    for day in days:
        plugged_in_at = local_instant(day, driving.habit.plugged_in_at, driving.timezone_name)
        deadline_at = driving.deadline.next_after(plugged_in_at, driving.timezone_name)
        known = prices[bisect_right(ends, plugged_in_at) : bisect_left(starts, deadline_at)]
        if not _covers(known, plugged_in_at, deadline_at):
            without_prices += 1
        elif is_published_daily and deadline_at > published_until(plugged_in_at):
            unpublished += 1
        else:
            nights.append(_night(driving, tuple(known), plugged_in_at, deadline_at))
    return Replay(tuple(nights), without_prices, unpublished)


def _covers(prices: Sequence[PriceInterval], start: datetime, end: datetime) -> bool:
    if not prices or prices[0].start > start or prices[-1].end < end:
        return False
    return all(before.end == after.start for before, after in pairwise(prices))


def _night(
    driving: Driving, prices: tuple[PriceInterval, ...], plugged_in_at: datetime, deadline_at: datetime
) -> ReplayedNight:
    car = replace(driving.car, soc_percent=driving.habit.soc_percent, is_plugged_in=True, observed_power_kw=None)
    policy = replace(driving.policy, is_enabled=True, deadline_at=deadline_at)
    need = need_of(car, policy)
    if need is None:
        raise ValueError("the capacity of the car is not known")
    facts = Facts(State.CONSIDERING, car, policy, 1, True, prices, thresholds=driving.thresholds)
    flows = list(_flows(car, _hours(facts, need, plugged_in_at), plugged_in_at, deadline_at))
    bill = bill_of(flows, plugged_in_at, prices)
    assert bill.whole.cost is not None, "all prices of the night are known"
    assert bill.cost_charged_at_once is not None, "charging at once ends no later"
    level = flows[-1].soc_to_percent if flows else driving.habit.soc_percent
    return ReplayedNight(
        plugged_in_at=plugged_in_at,
        deadline_at=deadline_at,
        energy_kwh=bill.whole.energy_kwh,
        cost=bill.whole.cost,
        cost_charged_at_once=bill.cost_charged_at_once,
        is_full=level is not None and level >= car.charge_limit_percent - FULL_WITHIN_PERCENT,
    )


def _hours(facts: Facts, need: Need, plugged_in_at: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """When the car may charge: in the windows of a plan that is worth it, else from plug-in to the deadline."""
    assert facts.policy.deadline_at is not None, "a night has a deadline"
    plan = make_plan(facts, need, plugged_in_at, is_charging=True)
    if plan is None or not is_worth_it(plan, facts, plugged_in_at):
        return ((plugged_in_at, facts.policy.deadline_at),)
    return tuple((window.start, window.end) for window in plan.windows)


def _flows(
    car: Car, hours: Sequence[tuple[datetime, datetime]], plugged_in_at: datetime, deadline_at: datetime
) -> Iterator[Flow]:
    """What flows in these hours, quarter by quarter, until the car is full or has to be ready."""
    assert car.soc_percent is not None, "the habit says it"
    assert car.battery_capacity_kwh is not None, "the need is known"
    capacity, limit, power_kw = car.battery_capacity_kwh, car.charge_limit_percent, expected_power_kw(car)
    taper = car.learned.taper if car.learned is not None else energy.ASSUMED_TAPER
    soc = car.soc_percent
    for start, end in hours:
        at, until = max(start, plugged_in_at), min(end, deadline_at)
        until = min(until, at + energy.charging_time(soc, limit, capacity, power_kw, taper=taper))
        while at < until:
            to = min(at + QUARTER, until)
            after = energy.soc_after(soc, to - at, capacity, power_kw, taper=taper)
            yield Flow(at, to, energy.energy_at_plug_kwh(soc, after, capacity), False, soc, after)
            at, soc = to, after
