"""New prices for an area: the running plans of all its cars renewed from shared price tables.

Each car gets what it would get alone (planning.py), or is left to be looked at alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from charging.core.facts import Thresholds, Window
from charging.core.fleet_planner import REASONS, FleetPlans, Reason, plan_fleet
from charging.core.planner import plans_of
from charging.core.planning_facts import PlanningFacts
from charging.core.price_line import MILLISECOND, to_milliseconds
from charging.core.priced_time import PricedTime
from charging.core.renewal import Change, Renewal, current_window, misfit, renew

LEFT_ALONE = frozenset(
    REASONS.index(reason) for reason in (Reason.ALREADY_CHARGED, Reason.NO_TIME, Reason.NO_PRICES, Reason.UNPRICED)
)
"""Where there is nothing to plan, or prices beyond the deadline have a say."""

Rules = tuple[int, timedelta]


def renew_fleet(
    cars: Sequence[PlanningFacts], prices: PricedTime, now: datetime, thresholds: Thresholds
) -> list[Renewal | None]:
    """For each car with other prices than its plan was made from its renewed plan; None: it has to be looked at alone.

    A car whose prices are not all known from the creation of its plan to its deadline is left alone.
    """
    outcomes: list[Renewal | None] = [None] * len(cars)
    groups: dict[Rules, list[int]] = {}
    for number, car in enumerate(cars):
        if not has_to_be_alone(car, prices, now, thresholds):
            groups.setdefault((car.max_windows, car.min_window), []).append(number)
    for rules, numbers in groups.items():
        group = [cars[number] for number in numbers]
        for number, outcome in zip(numbers, _renew_group(group, rules, prices, now, thresholds), strict=True):
            outcomes[number] = outcome
    return outcomes


def has_to_be_alone(car: PlanningFacts, prices: PricedTime, now: datetime, thresholds: Thresholds) -> bool:
    """Whether more than new prices has to be judged: the car is not where its plan has it, or its need has changed."""
    is_off_plan = (current_window(car.windows, now) is not None) != car.is_charging
    if is_off_plan or car.deadline_at <= now or not prices.are_known(car.created_at, car.deadline_at):
        return True
    since = car.observed_at if car.is_charging else now
    unfit = misfit(
        car.windows,
        duration=car.duration,
        since=since,
        deadline_at=car.deadline_at,
        unit=thresholds.unit,
        now=now,
    )
    return unfit is not None or any(window.end > car.deadline_at for window in car.windows)


def _renew_group(
    cars: Sequence[PlanningFacts], rules: Rules, prices: PricedTime, now: datetime, thresholds: Thresholds
) -> list[Renewal | None]:
    """The cars that share the rules for windows; all are left alone where the prices are too large for one table."""
    try:
        fleet = plan_cars(cars, rules, prices, now, thresholds)
    except ValueError:
        return [None] * len(cars)
    plans = plans_of(fleet, [car.power_kw for car in cars], now)
    percent = thresholds.change_saving_percent
    return [
        None
        if reason in LEFT_ALONE
        else renew(car.standing, plan, prices, reason=Change.PRICES_CHANGED, change_saving_percent=percent, now=now)
        for car, plan, reason in zip(cars, plans, fleet.reason.tolist(), strict=True)
    ]


def plan_cars(
    cars: Sequence[PlanningFacts], rules: Rules, prices: PricedTime, now: datetime, thresholds: Thresholds
) -> FleetPlans:
    """The cheapest plan of each car from `now` on. Raises ValueError for prices that no table can hold."""
    max_windows, min_window = rules
    return plan_fleet(
        intervals=prices.prices,
        energy_kwh=np.array([car.energy_kwh for car in cars]),
        power_kw=np.array([car.power_kw for car in cars]),
        now=now,
        deadline_ms=np.array([to_milliseconds(car.deadline_at, "deadline") for car in cars]),
        reserve_ms=np.array([-(-car.reserve // MILLISECOND) for car in cars]),
        is_charging=np.array([car.is_charging for car in cars]),
        max_windows=max_windows,
        min_window=min_window,
        start_cost=thresholds.start_cost,
        unit=thresholds.unit,
    )


def next_look(
    car: PlanningFacts, renewal: Renewal, *, now: datetime, unit: timedelta, looked_at_every: timedelta
) -> datetime | None:
    """When the car has to be looked at because of its renewed plan; None where its next look is soon enough.

    At once where it is to charge and does not, or the other way round, and where the gateway might start it at the hour
    that its plan had before.
    """
    soon = now + (unit if car.is_charging else timedelta(0))
    is_to_charge = any(window.start <= soon and now < window.end for window in renewal.windows)
    until = now + looked_at_every
    before, after = _edge(car.windows, now), _edge(renewal.windows, now)
    if is_to_charge != car.is_charging or (before is not None and before <= until):
        return now
    return after if after is not None and after <= until else None


def _edge(windows: Sequence[Window], now: datetime) -> datetime | None:
    return min((edge for one in windows for edge in (one.start, one.end) if edge > now), default=None)
