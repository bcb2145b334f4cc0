"""Random cars with running plans in one price area, before and after its prices change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from charging.core import energy, planning
from charging.core.decide import decide
from charging.core.facts import Car, Facts, PlugInHistory, PolicyFacts, PowerDelivery, PriceInterval, RunningPlan
from charging.core.fleet_facts import fleet_windows, window_rows
from charging.core.need import expected_power_kw, need_of
from charging.core.periods import Period
from charging.core.planning_facts import PlanningFacts, planning_facts
from charging.core.renewal import current_window
from charging.core.states import State
from tests.core.make import HOUR, MINUTE, QUARTER, make_learned, make_override

NOW = datetime(2026, 3, 28, 12, 47, 21, 250_000, tzinfo=UTC)
"""A little after noon, when the prices of the next day are published."""
FIRST = datetime(2026, 3, 27, 0, 0, tzinfo=UTC)
QUARTERS = 4 * 72


@dataclass(frozen=True)
class RandomCar:
    """`facts` at NOW, written as its last evaluation left them, with the new prices; `kept` is what that one kept."""

    facts: Facts
    kept: PlanningFacts | None


def random_prices(draw: Random) -> tuple[tuple[PriceInterval, ...], tuple[PriceInterval, ...]]:
    """Quarters before and after a publication: estimates become known, or known ones are corrected, or both."""
    known_until = NOW + draw.choice([4, 11, 60]) * HOUR
    gap_at = draw.choice([None] * 5 + [draw.randrange(QUARTERS)])
    correction = draw.choice([0.0, 0.0, 0.002, 0.05, 0.3])
    old, new = [], []
    level = draw.uniform(0.02, 0.3)
    for number in range(QUARTERS):
        start = FIRST + number * QUARTER
        level += draw.choice([0, 0, draw.gauss(0, 0.02)])
        before = round(level, draw.choice([2, 5]))
        after = round(before + draw.gauss(0, correction), 5)
        is_estimate = start >= known_until
        after = after if is_estimate or start > NOW else before
        old.append(PriceInterval(start, start + QUARTER, Decimal(str(before)), is_estimate=is_estimate))
        if number != gap_at:
            new.append(PriceInterval(start, start + QUARTER, Decimal(str(after))))
    return tuple(old), tuple(new)


def random_car(draw: Random, old: tuple[PriceInterval, ...], new: tuple[PriceInterval, ...]) -> RandomCar | None:
    """A car whose plan was made some hours ago and carried out since, most of them calmly; None where none was made."""
    created_at = NOW - timedelta(seconds=draw.randrange(30 * 60, 10 * 3600), microseconds=draw.randrange(1_000_000))
    facts = _facts_at_plug_in(draw, old, created_at)
    need = need_of(facts.car, facts.policy)
    assert need is not None
    plan = planning.make_plan(facts, need, created_at, is_charging=draw.random() < 0.5)
    if plan is None or not plan.windows:
        return None
    running = planning.start_running(plan, facts, need, created_at)
    running = replace(running, stop_confirmed_at=created_at, start_confirmed_at=created_at)
    looked_at = NOW - timedelta(seconds=draw.randrange(0, 9 * 60))
    before = _disturbed(draw, replace(facts, plan=running, car=_car_at(draw, facts.car, running, looked_at)))
    before = replace(before, state=_state_of(before, running, looked_at))
    decision = decide(before, looked_at)
    kept = planning_facts(before, decision, looked_at)
    override = None if decision.ends_override else before.override
    return RandomCar(
        replace(before, state=decision.state, plan=_stored(decision.plan), override=override, prices=new), kept
    )


def _stored(plan: RunningPlan | None) -> RunningPlan | None:
    """The plan as it comes back from where it is stored, costs rounded."""
    return None if plan is None else replace(plan, windows=fleet_windows([window_rows(plan.windows)]).of_car(0))


def _facts_at_plug_in(draw: Random, prices: tuple[PriceInterval, ...], created_at: datetime) -> Facts:
    power_kw = draw.choice([2.3, 3.68, 7.4, 11.0, draw.uniform(2, 12)])
    car = Car(
        battery_capacity_kwh=draw.choice([28.0, 52.0, 77.0]),
        max_power_kw=11.0,
        observed_at=created_at,
        soc_percent=draw.choice([draw.uniform(5, 78), float(draw.randrange(5, 78))]),
        charge_limit_percent=draw.choice([80.0, 100.0]),
        is_plugged_in=True,
        is_charging=False,
        power_delivery=PowerDelivery.STOPPED,
        plugged_in_at=created_at - 5 * MINUTE,
        observed_power_kw=power_kw,
        learned=draw.choice([None, None, make_learned(power_kw=power_kw)]),
    )
    policy = PolicyFacts(
        is_enabled=True,
        deadline_at=(NOW + timedelta(minutes=draw.randrange(20, 34 * 60))).replace(second=0, microsecond=0),
        max_windows=draw.randint(1, 3),
        min_window=draw.choice([15, 30, 30, 30, 60]) * MINUTE,
    )
    history = PlugInHistory(starts=draw.choice([0, 0, 0, 1, 2, 3]))
    return Facts(State.CONSIDERING, car, policy, location_id=1, has_locations=True, prices=prices, this_plug_in=history)


def _car_at(draw: Random, car: Car, running: RunningPlan, now: datetime) -> Car:
    """The car after it has charged as planned until `now`, its battery read a little off now and then."""
    charged = sum((min(one.end, now) - one.start for one in running.windows if one.start < now), timedelta(0))
    assert car.soc_percent is not None
    assert car.battery_capacity_kwh is not None
    taper = car.learned.taper if car.learned is not None else energy.ASSUMED_TAPER
    soc = energy.soc_after(car.soc_percent, charged, car.battery_capacity_kwh, expected_power_kw(car), taper=taper)
    soc += draw.choice([0, 0, 0, 0, draw.gauss(0, 3)])
    is_charging = current_window(running.windows, now) is not None
    return replace(
        car,
        observed_at=now - timedelta(seconds=draw.randrange(0, 300)),
        soc_percent=min(max(soc, 0.0), 100.0),
        is_charging=is_charging if draw.random() < 0.97 else not is_charging,
        power_delivery=PowerDelivery.CHARGING if is_charging else PowerDelivery.STOPPED,
    )


def _disturbed(draw: Random, facts: Facts) -> Facts:
    """One car in seven has rules of its own, or has lost its place, its deadline or its minimum."""
    deadline_at = facts.policy.deadline_at
    assert deadline_at is not None
    return draw.choice(
        [facts] * 42
        + [
            replace(facts, override=make_override(NOW - 20 * MINUTE)),
            replace(facts, foreign_window=(Period(NOW + HOUR, deadline_at),) if deadline_at > NOW + HOUR else ()),
            replace(facts, policy=replace(facts.policy, minimum_percent=90.0)),
            replace(facts, policy=replace(facts.policy, deadline_at=deadline_at + HOUR)),
            replace(facts, location_id=None),
            replace(facts, is_protecting=True, policy=replace(facts.policy, minimum_percent=10.0)),
            replace(facts, thresholds=facts.thresholds),
        ]
    )


def _state_of(facts: Facts, running: RunningPlan, now: datetime) -> State:
    if facts.car.is_charging:
        return State.STARTED
    coming = planning.next_start(running.windows, now)
    return State.AWAITING_PRICES if coming is None or coming.is_estimate else State.STOPPED


def make_calm() -> PlanningFacts:
    """A car that waits for its night, an hour of 7.2 kW."""
    return PlanningFacts(
        created_at=NOW - HOUR,
        deadline_at=NOW + 10 * HOUR,
        observed_at=NOW,
        is_charging=False,
        energy_kwh=7.2,
        power_kw=7.2,
        duration=HOUR,
        reserve=10 * MINUTE,
        max_windows=3,
        min_window=30 * MINUTE,
        prices_hash="",
        windows=(),
    )
