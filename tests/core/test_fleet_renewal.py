"""New prices give every car of an area the plan that it would get alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from charging.core.decide import decide
from charging.core.facts import PriceInterval, RunningPlan, Thresholds, Window
from charging.core.fleet_facts import fleet_of, fleet_windows, steps_of, window_rows
from charging.core.fleet_renewal import NEVER, FleetRenewals, next_looks, renew_fleet
from charging.core.planning_facts import PlanningFacts, planning_facts
from charging.core.price_line import EPOCH
from charging.core.priced_time import MICROSECOND, PricedTime
from charging.core.renewal import Change, spans
from charging.core.states import State
from tests.core.make import make_facts
from tests.core.random_fleet import NOW, RandomCar, random_car, random_prices

CARS_AN_AREA = 50
UNIT, LOOKED_AT_EVERY = timedelta(minutes=5), timedelta(minutes=10)


Prices = tuple[PriceInterval, ...]


def random_areas(seed: int, cars: int) -> Iterator[tuple[Prices, Prices, list[RandomCar]]]:
    """Areas with their old and their new prices and their cars, as many as asked for in all."""
    draw = Random(seed)
    while cars > 0:
        old, new = random_prices(draw)
        made = [random_car(draw, old, new) for _ in range(min(cars, CARS_AN_AREA))]
        cars -= CARS_AN_AREA
        yield old, new, [car for car in made if car is not None]


def as_stored(plan: RunningPlan) -> tuple[Any, ...]:
    """Everything that new prices may change, as exact as it is stored."""
    windows = fleet_windows([window_rows(plan.windows)]).of_car(0)
    smart_cost = None if plan.smart_cost is None else steps_of(plan.smart_cost)
    return windows, smart_cost, plan.estimated_finish_at, plan.reserve, plan.reason, plan.prices_hash


def with_renewal(plan: RunningPlan, kept: PlanningFacts, renewals: FleetRenewals, place: int, new: PricedTime) -> Any:
    """The plan as an area writes it."""
    is_fresh = bool(renewals.is_fresh[place])
    finish_at = EPOCH + int(renewals.finish_us[place]) * MICROSECOND
    return (
        renewals.windows.of_car(place),
        int(renewals.smart_cost_steps[place]),
        finish_at if is_fresh else plan.estimated_finish_at,
        kept.reserve if is_fresh else plan.reserve,
        Change.PRICES_CHANGED.value if is_fresh else plan.reason,
        new.fingerprint(kept.created_at, kept.deadline_at),
    )


def compare(seed: int, cars: int) -> Counter[str]:
    """Plans areas of random cars together and each car alone; returns how many cars went which way."""
    ways: Counter[str] = Counter()
    for old, new, fleet in random_areas(seed, cars):
        prices = PricedTime(new)
        calm = [(car, car.kept) for car in fleet if car.kept is not None]
        ways["with rules of its own"] += len(fleet) - len(calm)
        changed: list[tuple[RandomCar, PlanningFacts]] = []
        for car, kept in calm:
            if prices.fingerprint(kept.created_at, kept.deadline_at) != kept.prices_hash:
                changed.append((car, kept))
                continue
            ways["unchanged"] += 1
            # Time may have changed its plan, but not the prices.
            assert decide(car.facts, NOW).plan == decide(replace(car.facts, prices=old), NOW).plan
        renewals = renew_fleet(fleet_of([kept for _, kept in changed]), prices, NOW, Thresholds())
        ways["left alone"] += len(changed) - len(renewals.rows)
        for place, row in enumerate(renewals.rows.tolist()):
            car, kept = changed[row]
            ways[check(car, kept, renewals, place, prices)] += 1
    return ways


def check(car: RandomCar, kept: PlanningFacts, renewals: FleetRenewals, place: int, prices: PricedTime) -> str:
    assert car.facts.plan is not None
    alone = decide(car.facts, NOW).plan
    assert alone is not None
    assert as_stored(alone) == with_renewal(car.facts.plan, kept, renewals, place, prices)
    assert renewals.has_moved[place] == (spans(alone.windows) != spans(kept.windows))
    if not renewals.is_fresh[place]:
        return "priced anew"
    moved = "charging moved" if kept.is_charging else "waiting moved"
    return moved if renewals.has_moved[place] else "planned anew, the same hours"


def assert_all_ways(ways: Counter[str], cars: int) -> None:
    """The comparison is worth something: most cars were planned together, and every way was gone."""
    assert ways["charging moved"] > cars / 100
    assert ways["waiting moved"] > cars / 10
    assert ways["priced anew"] > cars / 100
    assert ways["planned anew, the same hours"] > 0
    assert ways["unchanged"] > 0
    assert ways["with rules of its own"] > 0
    assert ways["left alone"] < cars / 3


@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_random_cars_get_the_same_plan_together_as_alone(seed: int) -> None:
    assert_all_ways(compare(seed, 300), 300)


@pytest.mark.slow
def test_ten_thousand_random_cars_get_the_same_plan_together_as_alone() -> None:
    assert_all_ways(compare(20260328, 10_000), 10_000)


def test_an_area_without_cars_is_done() -> None:
    assert renew_fleet(fleet_of([]), PricedTime(()), NOW, Thresholds()).rows.tolist() == []


def test_prices_that_no_table_can_hold_leave_every_car_alone() -> None:
    draw = Random(3)
    old, new = random_prices(draw)
    made = [random_car(draw, old, new) for _ in range(40)]
    cars = [car.kept for car in made if car is not None and car.kept is not None]
    huge = [replace(one, price_per_kwh=10.0**9 * (1 + (one.start - NOW) / timedelta(days=9))) for one in new]

    assert renew_fleet(fleet_of(cars), PricedTime(new), NOW, Thresholds()).rows.size > 0
    assert renew_fleet(fleet_of(cars), PricedTime(huge), NOW, Thresholds()).rows.size == 0


def next_look_alone(kept: PlanningFacts, after: tuple[Window, ...]) -> int:
    """When a car is to be looked at, told of one car: `kept` holds its plan before, `after` are its hours now."""
    soon = NOW + (UNIT if kept.is_charging else timedelta(0))
    is_to_charge = any(window.start <= soon and window.end > NOW for window in after)
    coming = [sorted(at for one in each for at in (one.start, one.end) if at > NOW) for each in (kept.windows, after)]
    until = NOW + LOOKED_AT_EVERY
    if is_to_charge != kept.is_charging or any(at <= until for at in coming[0]):
        return (NOW - EPOCH) // MICROSECOND
    return (coming[1][0] - EPOCH) // MICROSECOND if coming[1] and coming[1][0] <= until else NEVER


def test_a_renewed_car_is_looked_at_when_its_old_or_its_new_hours_ask_for_it() -> None:
    looks: Counter[str] = Counter()
    for _old, new, fleet in random_areas(5, 400):
        kept = [car.kept for car in fleet if car.kept is not None]
        facts, prices = fleet_of(kept), PricedTime(new)
        renewals = renew_fleet(facts, prices, NOW, Thresholds())

        told = next_looks(facts.take(renewals.rows), renewals, now=NOW, unit=UNIT, looked_at_every=LOOKED_AT_EVERY)

        alone = [
            next_look_alone(kept[row], renewals.windows.of_car(place))
            for place, row in enumerate(renewals.rows.tolist())
        ]
        assert told.tolist() == alone
        now_us = (NOW - EPOCH) // MICROSECOND
        looks.update("at once" if at == now_us else "never" if at == NEVER else "at its hour" for at in alone)
    assert min(looks["at once"], looks["never"]) > 3


def test_a_car_without_a_plan_keeps_no_row() -> None:
    facts = make_facts(State.STOPPED)
    decision = decide(facts, NOW)

    assert planning_facts(facts, replace(decision, plan=None), NOW) is None
