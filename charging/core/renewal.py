"""What becomes of a running plan when it is planned again: other windows, or the same ones at the prices of today.

One car alone (planning.py) and all cars of a price area (fleet_renewal.py) are renewed here, so the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from charging.core.facts import Plan, Window
from charging.core.priced_time import PricedTime


class Change(StrEnum):
    """Every reason for which a running plan gets new windows; without one of these it stays as it is."""

    OVERRIDE_OVER = "override_over"
    BELOW_MINIMUM = "below_minimum"
    NEEDS_LONGER = "needs_longer"
    SLOWER_THAN_USUAL = "slower_than_usual"
    NEEDS_LESS = "needs_less"
    PRICES_CHANGED = "prices_changed"


Windows = tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a plan becomes. `fresh` is the plan whose windows replace those to come; None where they are kept."""

    windows: Windows
    smart_cost: Decimal | None
    prices_hash: str
    fresh: Plan | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a running plan that prices can change."""

    windows: Windows
    created_at: datetime
    deadline_at: datetime


def renew(
    running: Standing, fresh: Plan, prices: PricedTime, *, reason: Change, change_saving_percent: float, now: datetime
) -> Renewal:
    """The running plan with the windows of the fresh one after `now`.

    Where only prices changed and the fresh plan is not cheaper by the threshold, it keeps its windows at the prices of
    today; what is over keeps its cost.
    """
    is_kept = reason == Change.PRICES_CHANGED and not _is_cheaper(running, fresh, prices, change_saving_percent, now)
    windows = _priced_anew(running.windows, prices, now) if is_kept else (*_past(running.windows, now), *fresh.windows)
    return Renewal(
        windows=windows,
        smart_cost=cost_if_known(windows, prices, running.deadline_at),
        prices_hash=prices.fingerprint(running.created_at, running.deadline_at),
        fresh=None if is_kept else fresh,
    )


def misfit(
    windows: Windows, *, duration: timedelta, since: datetime, deadline_at: datetime, unit: timedelta, now: datetime
) -> Change | None:
    """Whether the windows no longer suit a need of this duration.

    The need is as old as the reading, so the time left is counted from `since` while the car charges; that it needs
    less is believed only of what lies ahead.
    """
    left = remaining(windows, min(since, now))
    if duration > left + slack(duration, unit) and now < deadline_at:
        return Change.NEEDS_LONGER
    if remaining(windows, now) - duration > max(timedelta(minutes=30), duration * 0.25):
        return Change.NEEDS_LESS
    return None


def slack(duration: timedelta, unit: timedelta) -> timedelta:
    """By how much a plan may be too short before it is changed: what a reading cannot tell."""
    return max(unit, duration * 0.03)


def cost_if_known(windows: Windows, prices: PricedTime, deadline: datetime) -> Decimal | None:
    """The cost of the windows; None while prices to the deadline are not all known (API_CONTRACT 7.5)."""
    if prices.has_estimate_before(deadline):
        return None
    return sum((window.cost for window in windows), Decimal(0))


def spans(windows: Windows) -> list[tuple[datetime, datetime]]:
    """When the windows begin and end."""
    return [(window.start, window.end) for window in windows]


def remaining(windows: Windows, now: datetime) -> timedelta:
    """How much charging time of the plan lies after `now`."""
    return sum((window.end - max(window.start, now) for window in windows if window.end > now), timedelta(0))


def current_window(windows: Windows, now: datetime) -> Window | None:
    """The window that `now` lies in."""
    return next((window for window in windows if window.start <= now < window.end), None)


def _priced_anew(windows: Windows, prices: PricedTime, now: datetime) -> Windows:
    return tuple(
        window
        if window.end <= now
        else replace(window, cost=prices.cost_between(window.start, window.end, window.energy_kwh))
        for window in windows
    )


def _is_cheaper(
    running: Standing, fresh: Plan, prices: PricedTime, change_saving_percent: float, now: datetime
) -> bool:
    """Whether the fresh plan saves the threshold against what is left of the running one at today's prices."""
    ahead = [window for window in running.windows if window.end > now]
    if any(window.is_estimate for window in ahead):
        return True
    left = sum(
        (prices.cost_between(max(window.start, now), window.end, _energy_after(window, now)) for window in ahead),
        Decimal(0),
    )
    return left - fresh.cost > abs(left) * Decimal(str(change_saving_percent)) / 100


def _energy_after(window: Window, now: datetime) -> float:
    return window.energy_kwh * ((window.end - max(window.start, now)) / (window.end - window.start))


def _past(windows: Windows, now: datetime) -> Windows:
    """The windows before `now`, the present one cut off there."""
    return tuple(window if window.end <= now else _cut(window, now) for window in windows if window.start < now)


def _cut(window: Window, end: datetime) -> Window:
    share = (end - window.start) / (window.end - window.start)
    return replace(window, end=end, energy_kwh=window.energy_kwh * share, cost=window.cost * Decimal(str(share)))
