"""A bound that spares a plan, and never a plan that would have been carried out."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core import planning
from charging.core.case import Case
from charging.core.facts import Car, Facts, PriceInterval, Thresholds
from charging.core.need import need_of
from charging.core.saving_bound import could_save
from tests.core.make import DEADLINE, HOUR, MINUTE, NOW, QUARTER, make_car, make_facts, make_policy, make_prices

FLAT = make_prices(((20, 0.40),))
NEARLY_FLAT = make_prices(((6, 0.40), (3, 0.39), (6, 0.40)))


def could(facts: Facts) -> bool:
    need = need_of(facts.car, facts.policy)
    assert need is not None
    return could_save(facts, need, NOW)


@pytest.mark.parametrize(
    ("changes", "is_possible"),
    [
        pytest.param({}, True, id="cheap hours ahead"),
        pytest.param({"prices": FLAT}, False, id="flat"),
        pytest.param({"prices": NEARLY_FLAT}, True, id="2.5 percent"),
        pytest.param({"prices": NEARLY_FLAT, "thresholds": Thresholds(min_saving_percent=3.0)}, False, id="too little"),
        pytest.param({"prices": NEARLY_FLAT, "thresholds": Thresholds(min_saving=Decimal(1))}, False, id="few coins"),
        pytest.param({"prices": make_prices(((3, 0.40),))}, True, id="prices end before the deadline"),
        pytest.param({"prices": ()}, True, id="no prices"),
        pytest.param({"prices": FLAT, "policy": make_policy(deadline_at=None)}, True, id="no deadline"),
        pytest.param({"prices": FLAT, "policy": make_policy(deadline_at=NOW + HOUR)}, True, id="no time"),
        pytest.param({"prices": FLAT, "policy": make_policy(minimum_percent=60.0)}, True, id="part of it is forced"),
        pytest.param({"prices": FLAT, "car": make_car(soc_percent=80.0)}, True, id="nothing needed"),
    ],
)
def test_the_bound_says_no_only_where_there_is_nothing_to_be_had(changes: dict[str, Any], is_possible: bool) -> None:
    assert could(make_facts(**changes)) is is_possible


def make_random_facts(draw: random.Random) -> Facts:
    """Ten hours of prices from flat to wild, negative ones too, and a car that needs little or much of them."""
    swing = draw.choice([0.0, 0.01, 0.05, 0.3])
    base = draw.choice([-0.1, 0.02, 0.1, 0.5])
    prices = tuple(
        PriceInterval(NOW + n * QUARTER, NOW + (n + 1) * QUARTER, round(base + draw.uniform(-swing, swing), 6))
        for n in range(-4, 44)
    )
    car: Car = make_car(soc_percent=draw.uniform(20, 79), observed_power_kw=draw.choice([2.3, 7.2]))
    deadline = DEADLINE - draw.randint(0, 300) * MINUTE
    limits = replace(Thresholds(), min_saving=draw.choice([Decimal(0), Decimal("0.05")]))
    return make_facts(car=car, prices=prices, policy=make_policy(deadline_at=deadline), thresholds=limits)


@pytest.mark.parametrize("seed", range(8))
def test_where_the_bound_says_no_no_plan_is_worth_it(seed: int) -> None:
    draw, refused = random.Random(seed), 0
    for _ in range(60):
        facts = make_random_facts(draw)
        now = NOW + draw.randint(0, 3600) * timedelta(seconds=1)
        need = need_of(facts.car, facts.policy)
        assert need is not None
        plan = planning.make_plan(facts, need, now, is_charging=True)
        is_worth_it = plan is not None and planning.is_worth_it(plan, facts, now)

        is_possible = could_save(facts, need, now)

        assert is_possible or not is_worth_it
        refused += not is_possible
    assert refused > 5


def test_a_car_that_has_no_time_to_wait_gets_no_candidate() -> None:
    late = make_facts(policy=make_policy(deadline_at=NOW + 3 * HOUR))

    assert Case(late, NOW).candidate is None
    assert not Case(late, NOW).candidate_saves
