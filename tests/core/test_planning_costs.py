from datetime import datetime
from decimal import Decimal

import pytest

from charging.core import planning, renewal
from charging.core.decide import decide
from charging.core.facts import Facts, RunningPlan
from charging.core.need import Need, need_of
from charging.core.states import State
from tests.core.make import (
    DEADLINE,
    HOUR,
    LATER,
    NOW,
    make_car,
    make_facts,
    make_plan,
    make_prices,
)

S = State
STILL = make_car(is_charging=False)


def need_in(facts: Facts) -> Need:
    need = need_of(facts.car, facts.policy)
    assert need is not None
    return need


def refreshed(facts: Facts, *, is_forced_anew: bool = False) -> RunningPlan:
    assert facts.plan is not None
    return planning.refresh(facts.plan, facts, need_in(facts), NOW, is_forced_anew=is_forced_anew)


def test_hours_that_are_kept_cost_what_the_new_prices_say() -> None:
    running = make_plan(((-1.0, -0.5), (4.0, 6.8)))
    facts = make_facts(S.STOPPED, car=STILL, plan=running, prices=make_prices(((6, 0.60), (3, 0.20), (6, 0.50))))

    decision = decide(facts, NOW)

    assert decision.plan is not None
    assert renewal.spans(decision.plan.windows) == renewal.spans(running.windows)
    assert [window.cost for window in decision.plan.windows] == [Decimal(1), pytest.approx(Decimal("4.032"))]
    assert decision.plan.smart_cost == pytest.approx(Decimal("5.032"))
    assert decision.rule == "as before"


@pytest.mark.parametrize(
    ("known_until", "is_known"),
    [(NOW + 5 * HOUR, False), (DEADLINE - HOUR, False), (DEADLINE, True)],
    ids=["to the middle of the window", "past the window", "to the deadline"],
)
def test_the_cost_of_a_plan_is_known_when_all_prices_to_the_deadline_are(known_until: datetime, is_known: bool) -> None:
    plan = decide(make_facts(S.CONSIDERING, prices=make_prices(known_until=known_until)), NOW).plan

    assert plan is not None
    assert (plan.smart_cost is not None) is is_known


def test_the_cost_becomes_known_with_the_last_prices_though_the_hours_stay() -> None:
    early = make_prices(known_until=NOW + 5 * HOUR)
    running = make_plan(LATER, prices=early, smart_cost=None)

    plan = decide(make_facts(S.STOPPED, car=STILL, plan=running, prices=make_prices()), NOW).plan

    assert plan is not None
    assert renewal.spans(plan.windows) == renewal.spans(running.windows)
    assert plan.smart_cost == pytest.approx(Decimal("2.016"))
