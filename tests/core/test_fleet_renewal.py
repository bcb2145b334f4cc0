"""New prices give every car of an area the plan that it would get alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from charging.core import planning
from charging.core.decide import decide
from charging.core.facts import PriceInterval, RunningPlan, Thresholds
from charging.core.fleet_renewal import renew_fleet
from charging.core.planning_facts import PlanningFacts
from charging.core.priced_time import PricedTime
from charging.core.renewal import Change, Renewal
from tests.core.random_fleet import NOW, RandomCar, random_car, random_prices

CARS_AN_AREA = 50


Prices = tuple[PriceInterval, ...]


def random_areas(seed: int, cars: int) -> Iterator[tuple[Prices, Prices, list[RandomCar]]]:
    """Areas with their old and their new prices and their cars, as many as asked for in all."""
    draw = Random(seed)
    while cars > 0:
        old, new = random_prices(draw)
        made = [random_car(draw, old, new) for _ in range(min(cars, CARS_AN_AREA))]
        cars -= CARS_AN_AREA
        yield old, new, [car for car in made if car is not None]


def with_renewal(plan: RunningPlan, kept: PlanningFacts, renewal: Renewal) -> RunningPlan:
    """The plan as an area writes it."""
    changed = replace(plan, windows=renewal.windows, smart_cost=renewal.smart_cost, prices_hash=renewal.prices_hash)
    if renewal.fresh is None:
        return changed
    return replace(
        changed,
        estimated_finish_at=renewal.fresh.finish_at,
        reserve=kept.reserve,
        reason=Change.PRICES_CHANGED.value,
    )


def compare(seed: int, cars: int) -> Counter[str]:
    """Plans areas of random cars together and each car alone; returns how many cars went which way."""
    ways: Counter[str] = Counter()
    for old, new, fleet in random_areas(seed, cars):
        prices = PricedTime(new)
        calm = [(car, car.kept) for car in fleet if car.kept is not None]
        changed = [
            (car, kept)
            for car, kept in calm
            if prices.fingerprint(kept.created_at, kept.deadline_at) != kept.prices_hash
        ]
        for car, _ in [pair for pair in calm if pair not in changed]:
            # Time may have changed its plan, but not the prices.
            assert decide(car.facts, NOW).plan == decide(replace(car.facts, prices=old), NOW).plan
        ways.update({"with rules of its own": len(fleet) - len(calm), "unchanged": len(calm) - len(changed)})
        renewals = renew_fleet([kept for _, kept in changed], prices, NOW, Thresholds())
        for (car, kept), renewal in zip(changed, renewals, strict=True):
            ways[check(car, kept, renewal)] += 1
    return ways


def check(car: RandomCar, kept: PlanningFacts, renewal: Renewal | None) -> str:
    if renewal is None:
        return "left alone"
    assert car.facts.plan is not None
    assert decide(car.facts, NOW).plan == with_renewal(car.facts.plan, kept, renewal)
    if renewal.fresh is None:
        return "priced anew"
    is_same = planning.spans(renewal.windows) == planning.spans(kept.windows)
    return "planned anew, the same hours" if is_same else "charging moved" if kept.is_charging else "waiting moved"


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
    assert renew_fleet([], PricedTime(()), NOW, Thresholds()) == []


def test_prices_that_no_table_can_hold_leave_every_car_alone() -> None:
    draw = Random(3)
    old, new = random_prices(draw)
    cars = [car.kept for car in (random_car(draw, old, new) for _ in range(40)) if car is not None and car.kept]
    huge = PricedTime(
        [replace(one, price_per_kwh=10.0**9 * (1 + (one.start - NOW) / timedelta(days=9))) for one in new]
    )

    assert set(renew_fleet(cars, huge, NOW, Thresholds())) == {None}
