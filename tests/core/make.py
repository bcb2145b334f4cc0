"""Facts for tests of the rules. The default story: at NOW a car is plugged in at home and charges at 7.2 kW, needs
about 2 h 47 min until it is full, has to be ready ten hours later, and the cheap hours begin in four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from charging.core.facts import (
    Car,
    CommandFacts,
    CommandKind,
    CommandPurpose,
    CommandStatus,
    Facts,
    Hold,
    Override,
    PolicyFacts,
    PowerDelivery,
    PriceInterval,
    RunningPlan,
    Window,
)
from charging.core.learned import Learned
from charging.core.planning import prices_hash
from charging.core.states import EXECUTING, State

NOW = datetime(2026, 1, 10, 21, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=10)
PLUGGED_IN_AT = NOW - timedelta(minutes=20)
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

LATER = ((4.0, 6.8),)
"""Hours from NOW: one window, in the cheap hours."""
NOW_AND_LATER = ((-0.5, 1.0), (4.0, 5.8))
JUST_OVER_AND_LATER = ((-1.0, 0.0), (4.0, 6.8))
NOW_ONLY = ((-0.5, 2.8),)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def make_prices(
    spells: Sequence[tuple[float, float]] = ((6, 0.40), (3, 0.10), (6, 0.30)),
    *,
    start: datetime = NOW - 2 * HOUR,
    known_until: datetime | None = None,
) -> tuple[PriceInterval, ...]:
    """Quarters from `start` on: spells of (hours, price per kWh); what begins after `known_until` is an estimate."""
    prices = [price for length, price in spells for _ in range(round(length * 4))]
    starts = [start + index * QUARTER for index in range(len(prices))]
    return tuple(
        PriceInterval(at, at + QUARTER, price, is_estimate=known_until is not None and at >= known_until)
        for at, price in zip(starts, prices, strict=True)
    )


def make_car(*, is_charging: bool = True, **changes: Any) -> Car:
    delivery = PowerDelivery.CHARGING if is_charging else PowerDelivery.STOPPED
    car = Car(
        battery_capacity_kwh=60.0,
        max_power_kw=7.2,
        observed_at=NOW,
        soc_percent=50.0,
        charge_limit_percent=80.0,
        is_plugged_in=True,
        is_charging=is_charging,
        power_delivery=delivery,
        plugged_in_at=PLUGGED_IN_AT,
        observed_power_kw=7.2,
        charging_readings_in_a_row=1 if is_charging else 0,
    )
    return replace(car, **changes)


def make_unplugged_car(**changes: Any) -> Car:
    values = {"is_plugged_in": False, "power_delivery": PowerDelivery.UNPLUGGED, "plugged_in_at": None}
    return make_car(is_charging=False, **(values | {"observed_power_kw": None} | changes))


def make_full_car(**changes: Any) -> Car:
    return make_car(is_charging=False, soc_percent=80.0, is_fully_charged=True, **changes)


def make_learned(**changes: Any) -> Learned:
    """Ten plug-ins at home, each at the 7.2 kW of the default story."""
    return replace(Learned(power_kw=7.2, sessions=10), **changes)


def make_policy(**changes: Any) -> PolicyFacts:
    return replace(PolicyFacts(is_enabled=True, deadline_at=DEADLINE), **changes)


def make_windows(spells: Sequence[tuple[float, float]], *, is_estimate: bool = False) -> tuple[Window, ...]:
    """Windows from and to these hours from NOW."""
    return tuple(
        Window(NOW + hours(start), NOW + hours(end), 7.2 * (end - start), Decimal(1), is_estimate=is_estimate)
        for start, end in spells
    )


def make_plan(
    spells: Sequence[tuple[float, float]] = LATER,
    *,
    is_estimate: bool = False,
    prices: tuple[PriceInterval, ...] | None = None,
    **changes: Any,
) -> RunningPlan:
    """A plan made at plugging in, from `prices`."""
    windows = make_windows(spells, is_estimate=is_estimate)
    plan = RunningPlan(
        created_at=PLUGGED_IN_AT,
        deadline_at=DEADLINE,
        windows=windows,
        non_smart_cost=Decimal(8),
        smart_cost=Decimal(2),
        estimated_finish_at=windows[-1].end,
        reserve=timedelta(minutes=20),
        reason="cheapest",
        location_id=1,
    )
    plan = replace(plan, **changes)
    known = make_prices() if prices is None else prices
    return replace(plan, prices_hash=prices_hash(known, plan.created_at, plan.deadline_at))


def make_command(
    kind: CommandKind = CommandKind.START,
    status: CommandStatus = CommandStatus.ACCEPTED,
    purpose: CommandPurpose = CommandPurpose.PLAN,
    created_at: datetime = NOW - MINUTE,
) -> CommandFacts:
    return CommandFacts(kind, status, purpose, created_at, attempts=1, last_sent_at=created_at)


def make_hold(until: datetime = NOW + 4 * HOUR, renew_by: datetime = NOW + 25 * MINUTE) -> Hold:
    return Hold(until=until, renew_by=renew_by)


def make_override(created_at: datetime = NOW - MINUTE, **changes: Any) -> Override:
    return Override(created_at, **changes)


def make_facts(state: State = State.CONSIDERING, **changes: Any) -> Facts:
    """Facts with a plan in the states of a running plan; every field can be given by name."""
    prices = changes.pop("prices", make_prices())
    plan = changes.pop("plan", make_plan(prices=prices) if state in EXECUTING else None)
    facts = Facts(
        state=state,
        car=make_car(),
        policy=make_policy(),
        location_id=1,
        has_locations=True,
        prices=prices,
        plan=plan,
    )
    return replace(facts, **changes)
