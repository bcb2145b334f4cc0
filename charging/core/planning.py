"""From facts to a plan: the forced part first, then the cheapest hours; kept as long as it still holds."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from charging.core.facts import Facts, Plan, PriceInterval, RunningPlan, Thresholds, Window
from charging.core.foreign_window import plan_within
from charging.core.need import Need
from charging.core.planner import plan as plan_cheapest
from charging.core.reserve import USUAL_SHARE, share_of_usual


class Change(StrEnum):
    """Every reason for which a running plan gets new windows; without one of these it stays as it is."""

    OVERRIDE_OVER = "override_over"
    BELOW_MINIMUM = "below_minimum"
    NEEDS_LONGER = "needs_longer"
    SLOWER_THAN_USUAL = "slower_than_usual"
    NEEDS_LESS = "needs_less"
    PRICES_CHANGED = "prices_changed"


_PRICE = struct.Struct("<dd?")
"""A price as it enters the fingerprint: every evaluation takes one, so it must cost little."""


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
    priced, cost = timedelta(0), Decimal(0)
    for interval in prices:
        overlap = min(end, interval.end) - max(start, interval.start)
        if overlap > timedelta(0):
            priced += overlap
            cost += Decimal(str(interval.price_per_kwh)) * _hours(overlap)
    return cost / _hours(priced) * Decimal(str(energy_kwh)) if priced else Decimal(0)


def _hours(duration: timedelta) -> Decimal:
    return Decimal(duration // timedelta(microseconds=1)) / Decimal(3_600_000_000)


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
    return RunningPlan(
        created_at=now,
        deadline_at=deadline,
        windows=plan.windows,
        non_smart_cost=plan.cost_charged_at_once,
        smart_cost=_cost_if_known(plan.windows, facts.prices, deadline),
        estimated_finish_at=plan.finish_at,
        reserve=need.reserve,
        reason=plan.reason,
        location_id=facts.location_id,
        prices_hash=prices_hash(facts.prices, now, deadline),
        energy_kwh=need.energy_kwh,
    )


def _cost_if_known(
    windows: tuple[Window, ...], prices: tuple[PriceInterval, ...], deadline: datetime
) -> Decimal | None:
    """The cost of the windows; None while prices to the deadline are not all known (API_CONTRACT 7.5)."""
    if any(interval.is_estimate and interval.start < deadline for interval in prices):
        return None
    return sum((window.cost for window in windows), Decimal(0))


def prices_hash(prices: tuple[PriceInterval, ...], start: datetime, end: datetime) -> str:
    """A fingerprint of the prices from `start` to `end`, estimates told apart."""
    inside = [
        _PRICE.pack(interval.start.timestamp(), interval.price_per_kwh, interval.is_estimate)
        for interval in prices
        if interval.end > start and interval.start < end
    ]
    return hashlib.sha256(b"".join(inside)).hexdigest()


def refresh(running: RunningPlan, facts: Facts, need: Need, now: datetime, *, is_forced_anew: bool) -> RunningPlan:
    """The running plan, unchanged while it holds; else with new windows after `now` and the reason for them.

    A plan changes when what is left of it no longer gives the need in time, when the charge has fallen below the
    minimum, when an override is over, or when prices changed and the new plan is cheaper by the threshold.
    """
    reason = _reason_to_change(running, facts, need, now, is_forced_anew)
    if reason is None:
        return running
    fresh = make_plan(facts, need, now, is_charging=facts.car.is_charging is True)
    if fresh is None:
        return running
    if reason == Change.PRICES_CHANGED and not _is_cheaper(running, fresh, facts, now):
        return _priced_anew(running, facts.prices, now)
    windows = (*_past(running.windows, now), *fresh.windows)
    changed = replace(
        running,
        windows=windows,
        smart_cost=_cost_if_known(windows, facts.prices, running.deadline_at),
        estimated_finish_at=fresh.finish_at,
        reserve=need.reserve,
        prices_hash=prices_hash(facts.prices, running.created_at, running.deadline_at),
    )
    # A reason that changes nothing, as where there is too little time whatever is planned, is none.
    return running if changed == running else replace(changed, reason=reason.value)


def _priced_anew(running: RunningPlan, prices: tuple[PriceInterval, ...], now: datetime) -> RunningPlan:
    """The same windows at the prices of today; what is over keeps its cost."""
    windows = tuple(
        window
        if window.end <= now
        else replace(window, cost=cost_between(prices, window.start, window.end, window.energy_kwh))
        for window in running.windows
    )
    return replace(
        running,
        windows=windows,
        smart_cost=_cost_if_known(windows, prices, running.deadline_at),
        prices_hash=prices_hash(prices, running.created_at, running.deadline_at),
    )


def spans(windows: tuple[Window, ...]) -> list[tuple[datetime, datetime]]:
    """When the windows begin and end."""
    return [(window.start, window.end) for window in windows]


def _reason_to_change(
    running: RunningPlan, facts: Facts, need: Need, now: datetime, is_forced_anew: bool
) -> Change | None:
    # The need is as old as the reading, so the time left is counted from there while the car charges; that it needs
    # less is believed only of what lies ahead.
    since = facts.car.observed_at if facts.car.is_charging and facts.car.observed_at is not None else now
    left = remaining(running.windows, min(since, now))
    slack = max(facts.thresholds.unit, need.duration * 0.03)
    in_window = current_window(running.windows, now) is not None
    if is_forced_anew:
        return Change.OVERRIDE_OVER
    if need.forced_energy_kwh > 0 and not in_window:
        return Change.BELOW_MINIMUM
    if need.duration > left + slack and now < running.deadline_at:
        share = share_of_usual(facts.car)
        is_slower = share < USUAL_SHARE and need.duration * share <= left + slack
        return Change.SLOWER_THAN_USUAL if is_slower else Change.NEEDS_LONGER
    if remaining(running.windows, now) - need.duration > max(timedelta(minutes=30), need.duration * 0.25):
        return Change.NEEDS_LESS
    if prices_hash(facts.prices, running.created_at, running.deadline_at) != running.prices_hash:
        return Change.PRICES_CHANGED
    return None


def _is_cheaper(running: RunningPlan, fresh: Plan, facts: Facts, now: datetime) -> bool:
    """Whether the fresh plan saves the threshold against what is left of the running one at today's prices."""
    if any(window.is_estimate and window.end > now for window in running.windows):
        return True
    left = sum(
        (
            cost_between(facts.prices, max(window.start, now), window.end, _energy_after(window, now))
            for window in running.windows
            if window.end > now
        ),
        Decimal(0),
    )
    return left - fresh.cost > abs(left) * Decimal(str(facts.thresholds.change_saving_percent)) / 100


def _energy_after(window: Window, now: datetime) -> float:
    return window.energy_kwh * ((window.end - max(window.start, now)) / (window.end - window.start))


def _past(windows: tuple[Window, ...], now: datetime) -> tuple[Window, ...]:
    """The windows before `now`, the present one cut off there."""
    return tuple(window if window.end <= now else _cut(window, now) for window in windows if window.start < now)


def _cut(window: Window, end: datetime) -> Window:
    share = (end - window.start) / (window.end - window.start)
    return replace(window, end=end, energy_kwh=window.energy_kwh * share, cost=window.cost * Decimal(str(share)))


def remaining(windows: tuple[Window, ...], now: datetime) -> timedelta:
    """How much charging time of the plan lies after `now`."""
    return sum((window.end - max(window.start, now) for window in windows if window.end > now), timedelta(0))


def current_window(windows: tuple[Window, ...], now: datetime) -> Window | None:
    """The window that `now` lies in."""
    return next((window for window in windows if window.start <= now < window.end), None)


def next_start(windows: tuple[Window, ...], now: datetime) -> Window | None:
    """The next window that begins after `now`."""
    return next((window for window in windows if window.start > now), None)
