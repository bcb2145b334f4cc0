"""New prices for an area: the running plans of all its cars renewed from shared price tables.

Each car gets what it would get alone (planning.py, renewal.py), or is left to be looked at alone. Where arithmetic in
floating point could come to another answer than the exact one, the exact one is worked out for that car.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import numpy as np

from charging.core.facts import Thresholds
from charging.core.fleet_costs import cost_steps, costs_of, is_doubtful
from charging.core.fleet_facts import FleetFacts, FleetWindows, fleet_windows, steps_of, window_rows
from charging.core.fleet_needs import Float64
from charging.core.fleet_planner import PRICE_MS_PER_COST, REASONS, FleetPlans, Reason, plan_fleet
from charging.core.planner import plans_of
from charging.core.price_line import EPOCH, Bool, Int64
from charging.core.priced_time import MICROSECOND, PricedTime
from charging.core.renewal import Change, renew, spans

LEFT_ALONE = [
    REASONS.index(reason) for reason in (Reason.ALREADY_CHARGED, Reason.NO_TIME, Reason.NO_PRICES, Reason.UNPRICED)
]
"""Where there is nothing to plan, or prices beyond the deadline have a say."""

DOUBT = 1e-9
"""Of a cost in currency; the sums here are far more exact."""
DOUBT_US = 2

NEVER = 2**62
NONE = np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class FleetRenewals:
    """What becomes of the plans of the cars in `rows`; all arrays are as long as it, or (rows, windows).

    `is_fresh`: the windows to come are new, and end at `finish_us`; the others keep them at other costs.
    """

    rows: Int64
    windows: FleetWindows
    smart_cost_steps: Int64
    finish_us: Int64
    is_fresh: Bool
    has_moved: Bool

    def take(self, places: Int64) -> FleetRenewals:
        """Those at some places of `rows`."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "windows"}
        return FleetRenewals(
            windows=self.windows.take(places), **{name: array[places] for name, array in arrays.items()}
        )


def renew_fleet(facts: FleetFacts, prices: PricedTime, now: datetime, thresholds: Thresholds) -> FleetRenewals:
    """The renewed plans of cars with other prices than their plans were made from; who is not in `rows` is left alone.

    A car whose prices are not all known from the creation of its plan to its deadline is left alone.
    """
    is_together = ~has_to_be_alone(facts, prices, now, thresholds)
    rules = np.stack((facts.max_windows, facts.min_window_us), axis=1)
    parts = []
    for rule in np.unique(rules[is_together], axis=0):
        rows = np.flatnonzero(is_together & (rules == rule).all(axis=1))
        parts.append(_renew_group(facts.take(rows), rows, prices, now, thresholds))
    renewals = joined([part for part in parts if part is not None])
    return renewals.take(np.argsort(renewals.rows))


def has_to_be_alone(facts: FleetFacts, prices: PricedTime, now: datetime, thresholds: Thresholds) -> Bool:
    """Whether more than new prices has to be judged: the car is not where its plan has it, or its need has changed."""
    now_us, unit_us = _us(now), thresholds.unit // MICROSECOND
    windows = facts.windows
    is_in_window = ((windows.start_us <= now_us) & (now_us < windows.end_us)).any(axis=1)
    is_known = np.zeros(len(facts.created_us), dtype=np.bool_)
    for start, end in prices.known_runs:
        is_known |= (facts.created_us >= _us(start)) & (facts.deadline_us <= _us(end))
    # The rules of `misfit`; what is too near to tell is left alone.
    since_us = np.where(facts.is_charging, np.minimum(facts.observed_us, now_us), now_us)
    slack_us = np.maximum(unit_us, np.rint(facts.duration_us * 0.03))
    is_longer = facts.duration_us > _remaining(windows, since_us) + slack_us - DOUBT_US
    most_us = np.maximum(timedelta(minutes=30) // MICROSECOND, facts.duration_us * 0.25)
    is_less = _remaining(windows, np.full_like(since_us, now_us)) - facts.duration_us > most_us - DOUBT_US
    is_late = (facts.deadline_us <= now_us) | (windows.end_us > facts.deadline_us[:, None]).any(axis=1)
    result: Bool = (is_in_window != facts.is_charging) | ~is_known | is_longer | is_less | is_late
    return result


def _remaining(windows: FleetWindows, since_us: Int64) -> Int64:
    lasting = windows.end_us - np.maximum(windows.start_us, since_us[:, None])
    result: Int64 = np.where(windows.end_us > since_us[:, None], lasting, 0).sum(axis=1)
    return result


def _renew_group(
    facts: FleetFacts, rows: Int64, prices: PricedTime, now: datetime, thresholds: Thresholds
) -> FleetRenewals | None:
    """The cars that share the rules for windows; None where the prices are too large for one table."""
    try:
        plans = plan_facts(facts, prices, now, thresholds)
    except ValueError:
        return None
    found = np.flatnonzero(~np.isin(plans.reason, LEFT_ALONE))
    facts, plans, rows = facts.take(found), plans.take(found), rows[found]
    now_us = _us(now)
    kept_costs = costs_of(facts.windows, prices, now_us)
    fresh_costs = plans.price_ms * (facts.power_kw / PRICE_MS_PER_COST)[:, None]
    is_fresh, is_open = _is_cheaper(facts, kept_costs, fresh_costs, now_us, thresholds)
    windows, costs = _chosen(facts.windows, plans, facts.power_kw, kept_costs, fresh_costs, is_fresh, now_us)
    sums = costs.sum(axis=1)
    doubtful = is_open | (is_fresh & facts.is_charging) | is_doubtful(costs).any(axis=1) | is_doubtful(sums)
    sure = FleetRenewals(
        rows=rows,
        windows=windows,
        smart_cost_steps=cost_steps(sums),
        finish_us=plans.finish_ms * 1000,
        is_fresh=is_fresh,
        has_moved=_differ(windows, facts.windows),
    ).take(np.flatnonzero(~doubtful))
    return joined([sure, _exactly(np.flatnonzero(doubtful), rows, facts, plans, prices, now, thresholds)])


def plan_facts(facts: FleetFacts, prices: PricedTime, now: datetime, thresholds: Thresholds) -> FleetPlans:
    """The cheapest plan of each car from `now` on; all share the rules of the first. Raises ValueError as a table does.

    Deadlines and reserves are rounded up to milliseconds, as for a car alone.
    """
    return plan_fleet(
        intervals=prices.prices,
        energy_kwh=facts.energy_kwh,
        power_kw=facts.power_kw,
        now=now,
        deadline_ms=-(-facts.deadline_us // 1000),
        reserve_ms=-(-facts.reserve_us // 1000),
        is_charging=facts.is_charging,
        max_windows=int(facts.max_windows[0]),
        min_window=timedelta(microseconds=int(facts.min_window_us[0])),
        start_cost=thresholds.start_cost,
        unit=thresholds.unit,
    )


def _is_cheaper(
    facts: FleetFacts, kept_costs: Float64, fresh_costs: Float64, now_us: int, thresholds: Thresholds
) -> tuple[Bool, Bool]:
    """Whether the fresh plan takes the place of the running one, and whether that is too near to tell."""
    windows = facts.windows
    ahead = windows.end_us > now_us
    lasting = np.maximum(windows.end_us - windows.start_us, 1)
    # The mean price of the window that has begun changes with what is left of it: those cars are worked out exactly.
    has_begun = (ahead & (windows.start_us < now_us) & (lasting > 1)).any(axis=1)
    left = np.where(ahead, kept_costs, 0).sum(axis=1)
    margin = left - fresh_costs.sum(axis=1) - np.abs(left) * thresholds.change_saving_percent / 100
    was_estimate = (ahead & windows.is_estimate).any(axis=1)
    return was_estimate | (margin > 0), ~was_estimate & ((np.abs(margin) < DOUBT) | has_begun)


def _chosen(
    before: FleetWindows,
    plans: FleetPlans,
    power_kw: Float64,
    kept_costs: Float64,
    fresh_costs: Float64,
    is_fresh: Bool,
    now_us: int,
) -> tuple[FleetWindows, Float64]:
    """The windows of the renewed plans, and their costs in currency; a window that goes on is not cut here."""
    is_over = (before.end_us <= now_us) & (before.end_us > before.start_us)
    fresh_ms = plans.end_ms - plans.start_ms
    fresh = (
        plans.start_ms * 1000,
        plans.end_ms * 1000,
        power_kw[:, None] * fresh_ms / 3_600_000,
        fresh_costs,
        plans.is_estimate,
        np.zeros_like(plans.is_estimate),
    )
    kept = (before.start_us, before.end_us, before.energy_kwh, kept_costs, before.is_estimate, before.is_forced)
    is_taken = np.concatenate(
        (np.where(is_fresh[:, None], is_over, before.end_us > before.start_us), is_fresh[:, None] & (fresh_ms > 0)),
        axis=1,
    )
    # What is taken moves to the front, in its order.
    order = np.argsort(~is_taken, axis=1, kind="stable")[:, : int(is_taken.sum(axis=1).max(initial=0))]
    columns = [
        np.take_along_axis(np.where(is_taken, np.concatenate(pair, axis=1), 0), order, axis=1)
        for pair in zip(kept, fresh, strict=True)
    ]
    start, end, energy, costs, is_estimate, is_forced = columns
    steps = cost_steps(costs)
    return FleetWindows(start, end, energy, steps, is_estimate != 0, is_forced != 0), costs


def _differ(after: FleetWindows, before: FleetWindows) -> Bool:
    """Whether the windows begin or end at other times."""
    width = max(after.start_us.shape[1], before.start_us.shape[1])
    after, before = after.widened(width), before.widened(width)
    differs = (after.start_us != before.start_us) | (after.end_us != before.end_us)
    result: Bool = differs.any(axis=1)
    return result


def _exactly(
    doubtful: Int64,
    rows: Int64,
    facts: FleetFacts,
    plans: FleetPlans,
    prices: PricedTime,
    now: datetime,
    thresholds: Thresholds,
) -> FleetRenewals:
    """The renewals of the cars in doubt, each as for a car alone."""
    before = [facts.of_car(row).windows for row in doubtful.tolist()]
    standing = [facts.of_car(row).standing for row in doubtful.tolist()]
    renewals = [
        renew(
            car,
            plan,
            prices,
            reason=Change.PRICES_CHANGED,
            change_saving_percent=thresholds.change_saving_percent,
            now=now,
        )
        for car, plan in zip(
            standing, plans_of(plans.take(doubtful), facts.power_kw[doubtful].tolist(), now), strict=True
        )
    ]
    moved = [spans(one.windows) != spans(old) for one, old in zip(renewals, before, strict=True)]
    smart_costs = [one.smart_cost for one in renewals if one.smart_cost is not None]
    return FleetRenewals(
        rows=rows[doubtful],
        windows=fleet_windows([window_rows(one.windows) for one in renewals]),
        smart_cost_steps=np.array([steps_of(cost) for cost in smart_costs], dtype=np.int64),
        finish_us=plans.finish_ms[doubtful] * 1000,
        is_fresh=np.array([one.fresh is not None for one in renewals], dtype=np.bool_),
        has_moved=np.array(moved, dtype=np.bool_),
    )


def joined(parts: Sequence[FleetRenewals]) -> FleetRenewals:
    """All parts as one."""
    none = FleetRenewals(*(np.zeros(0, np.int64),), fleet_windows([]), *(np.zeros(0, np.int64),) * 2, *(NONE, NONE))
    parts = [none, *parts]
    width = max(part.windows.start_us.shape[1] for part in parts)
    windows = [part.windows.widened(width) for part in parts]
    return FleetRenewals(
        rows=np.concatenate([part.rows for part in parts]),
        windows=FleetWindows(
            *(np.concatenate([getattr(one, field.name) for one in windows]) for field in fields(FleetWindows))
        ),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("smart_cost_steps", "finish_us", "is_fresh", "has_moved")
        },
    )


def next_looks(
    facts: FleetFacts, renewals: FleetRenewals, *, now: datetime, unit: timedelta, looked_at_every: timedelta
) -> Int64:
    """When each renewed car has to be looked at because of its plan, in microseconds; NEVER where its own look will do.

    At once where it is to charge and does not, or the other way round, and where the gateway might start it at the hour
    that its plan had before. `facts` are those of the renewed cars.
    """
    now_us, windows = _us(now), renewals.windows
    soon_us = now_us + np.where(facts.is_charging, unit // MICROSECOND, 0)[:, None]
    is_to_charge = ((windows.start_us <= soon_us) & (now_us < windows.end_us)).any(axis=1)
    until_us = now_us + looked_at_every // MICROSECOND
    before, after = _next_edge(facts.windows, now_us), _next_edge(windows, now_us)
    is_at_once = (is_to_charge != facts.is_charging) | (before <= until_us)
    result: Int64 = np.where(is_at_once, now_us, np.where(after <= until_us, after, NEVER))
    return result


def _next_edge(windows: FleetWindows, now_us: int) -> Int64:
    edges = np.concatenate((windows.start_us, windows.end_us), axis=1)
    result: Int64 = np.where(edges > now_us, edges, NEVER).min(axis=1, initial=NEVER)
    return result


def _us(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND
