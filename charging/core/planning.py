"""From facts to a plan: the forced part first, then the cheapest hours; kept as long as it still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from charging.core.facts import Facts, Plan, PriceInterval, RunningPlan, Thresholds, Window
from charging.core.foreign_window import plan_within
from charging.core.need import Need
from charging.core.planner import plan as plan_cheapest
from charging.core.priced_time import PricedTime
from charging.core.renewal import (
    Change,
    Standing,
    cost_if_known,
    current_window,
    misfit,
    remaining,
    renew,
    slack,
)
from charging.core.reserve import USUAL_SHARE, share_of_usual


def make_plan(facts: Facts, need: Need, now: datetime, *, is_charging: bool) -> Plan | None:
    """The cheapest plan from `now` to the deadline, or None where there is no deadline ahead or nothing is priced.

    Charging up to the minimum comes first and without a break; the rest is planned from its end on. Where that takes
    to the deadline or beyond, nothing is left to choose: everything is charged at once, in one window.
    """
    deadline = facts.policy.deadline_at
    if deadline is None or deadline <= now or not any(interval.end > now for interval in facts.prices):
        return None
    has_choice = now + need.forced_duration < deadline
    forced_kwh = need.forced_energy_kwh if has_choice else 0.0
    forced_end = now + need.forced_duration if has_choice else now

    def cheapest(prices: Sequence[PriceInterval], until: datetime) -> Plan:
        return plan_cheapest(
            intervals=prices,
            energy_kwh=max(need.energy_kwh - forced_kwh, 0.0),
            power_kw=need.power_kw,
            now=forced_end,
            deadline=until,
            max_windows=min(facts.policy.max_windows, max(1, facts.thresholds.max_starts - facts.this_plug_in.starts)),
            min_window=facts.policy.min_window,
            reserve=need.reserve,
            is_charging=is_charging or need.forced_energy_kwh > 0,
            start_cost=facts.thresholds.start_cost,
            unit=facts.thresholds.unit,
        )

    rest, hours = cheapest(facts.prices, deadline), facts.foreign_window
    if hours and rest.windows and has_choice:
        rest = plan_within(hours, rest, cheapest, prices=facts.prices, now=forced_end, deadline=deadline)
    if forced_kwh <= 0:
        return rest
    return _with_forced_part(rest, _forced_window(facts.prices, need, now, forced_end))


def _forced_window(prices: tuple[PriceInterval, ...], need: Need, start: datetime, end: datetime) -> Window:
    cost = cost_between(prices, start, end, need.forced_energy_kwh)
    return Window(start, end, need.forced_energy_kwh, cost, is_forced=True)


def _with_forced_part(rest: Plan, forced: Window) -> Plan:
    return replace(
        rest,
        windows=(forced, *rest.windows),
        cost=rest.cost + forced.cost,
        cost_charged_at_once=rest.cost_charged_at_once + forced.cost,
        finish_at=max(rest.finish_at, forced.end),
    )


def cost_between(prices: tuple[PriceInterval, ...], start: datetime, end: datetime, energy_kwh: float) -> Decimal:
    """What `energy_kwh`, drawn evenly in `[start, end)`, costs; time without a price costs the mean of the rest."""
    return PricedTime(prices).cost_between(start, end, energy_kwh)


def is_worth_it(plan: Plan, facts: Facts, now: datetime) -> bool:
    """Whether moving the charge saves enough, with a pause that is long enough (DESIGN 8, thresholds)."""
    saving = plan.cost_charged_at_once - plan.cost
    is_enough = saving >= least_saving(plan.cost_charged_at_once, facts.thresholds)
    return is_enough and longest_pause(plan.windows, now) >= facts.thresholds.min_pause


def least_saving(cost_charged_at_once: Decimal, limits: Thresholds) -> Decimal:
    """What a first plan must save at least, in currency."""
    return max(limits.min_saving, abs(cost_charged_at_once) * Decimal(str(limits.min_saving_percent)) / 100)


def longest_pause(windows: tuple[Window, ...], now: datetime) -> timedelta:
    """The longest time between now and the first window, or between two windows."""
    ends = (now, *(window.end for window in windows))
    return max((window.start - end for window, end in zip(windows, ends, strict=False)), default=timedelta(0))


def start_running(plan: Plan, facts: Facts, need: Need, now: datetime) -> RunningPlan:
    """The plan as it will be carried out."""
    deadline = facts.policy.deadline_at
    assert deadline is not None, "a plan has a deadline"
    prices = PricedTime(facts.prices)
    return RunningPlan(
        created_at=now,
        deadline_at=deadline,
        windows=plan.windows,
        non_smart_cost=plan.cost_charged_at_once,
        smart_cost=cost_if_known(plan.windows, prices, deadline),
        estimated_finish_at=plan.finish_at,
        reserve=need.reserve,
        reason=plan.reason,
        location_id=facts.location_id,
        prices_hash=prices.fingerprint(now, deadline),
        energy_kwh=need.energy_kwh,
    )


def prices_hash(prices: tuple[PriceInterval, ...], start: datetime, end: datetime) -> str:
    """A fingerprint of the prices from `start` to `end`, estimates told apart."""
    return PricedTime(prices).fingerprint(start, end)


def refresh(running: RunningPlan, facts: Facts, need: Need, now: datetime, *, is_forced_anew: bool) -> RunningPlan:
    """The running plan, unchanged while it holds; else with new windows after `now` and the reason for them.

    A plan changes when what is left of it no longer gives the need in time, when the charge has fallen below the
    minimum, when an override is over, or when prices changed and the new plan is cheaper by the threshold.
    """
    prices = PricedTime(facts.prices)
    reason = _reason_to_change(running, facts, need, prices, now, is_forced_anew)
    if reason is None:
        return running
    fresh = make_plan(facts, need, now, is_charging=facts.car.is_charging is True)
    if fresh is None:
        return running
    percent = facts.thresholds.change_saving_percent
    standing = Standing(running.windows, running.created_at, running.deadline_at)
    renewal = renew(standing, fresh, prices, reason=reason, change_saving_percent=percent, now=now)
    changed = replace(running, windows=renewal.windows, smart_cost=renewal.smart_cost, prices_hash=renewal.prices_hash)
    if renewal.fresh is None:
        return changed
    changed = replace(changed, estimated_finish_at=renewal.fresh.finish_at, reserve=need.reserve)
    # A reason that changes nothing, as where there is too little time whatever is planned, is none.
    return running if changed == running else replace(changed, reason=reason.value)


def in_other_money(running: RunningPlan, prices: tuple[PriceInterval, ...]) -> RunningPlan:
    """The running plan at these prices, which are in another currency than its own: also what is over, and charging at
    once. Amounts in two currencies would be added up otherwise.
    """
    priced = PricedTime(prices)
    windows = tuple(
        replace(one, cost=priced.cost_between(one.start, one.end, one.energy_kwh)) for one in running.windows
    )
    planned_kwh = sum(one.energy_kwh for one in windows)
    lasting = sum((one.end - one.start for one in windows), timedelta(0))
    at_once_until = running.created_at + (lasting * (running.energy_kwh / planned_kwh) if planned_kwh else lasting)
    return replace(
        running,
        windows=windows,
        non_smart_cost=priced.cost_between(running.created_at, at_once_until, running.energy_kwh),
        smart_cost=cost_if_known(windows, priced, running.deadline_at),
    )


def _reason_to_change(
    running: RunningPlan, facts: Facts, need: Need, prices: PricedTime, now: datetime, is_forced_anew: bool
) -> Change | None:
    since = facts.car.observed_at if facts.car.is_charging and facts.car.observed_at is not None else now
    unit = facts.thresholds.unit
    if is_forced_anew:
        return Change.OVERRIDE_OVER
    if need.forced_energy_kwh > 0 and current_window(running.windows, now) is None:
        return Change.BELOW_MINIMUM
    unfit = misfit(
        running.windows, duration=need.duration, since=since, deadline_at=running.deadline_at, unit=unit, now=now
    )
    if unfit == Change.NEEDS_LONGER:
        share, left = share_of_usual(facts.car), remaining(running.windows, min(since, now))
        is_slower = share < USUAL_SHARE and need.duration * share <= left + slack(need.duration, unit)
        return Change.SLOWER_THAN_USUAL if is_slower else Change.NEEDS_LONGER
    if unfit is not None:
        return unfit
    if prices.fingerprint(running.created_at, running.deadline_at) != running.prices_hash:
        return Change.PRICES_CHANGED
    return None


def next_start(windows: tuple[Window, ...], now: datetime) -> Window | None:
    """The next window that begins after `now`."""
    return next((window for window in windows if window.start > now), None)
