"""A car that is known at this place: planned at once, and held no longer than a slow plug-in would allow."""

from dataclasses import replace
from typing import Any

import pytest

from charging.core.case import Case
from charging.core.decide import decide
from charging.core.facts import Car, CommandKind, Facts
from charging.core.learned import Learned
from charging.core.need import need_of
from charging.core.renewal import Change, remaining
from charging.core.states import HOLDING, State
from tests.core.make import (
    DEADLINE,
    LATER,
    MINUTE,
    NOW,
    hours,
    make_car,
    make_facts,
    make_learned,
    make_plan,
    make_prices,
)

CHEAP_SOON = make_prices(((6, 0.40), (3, 0.10), (6, 0.30)))
"""From four hours ahead on: a slow plug-in would be seen early enough."""
CHEAP_LATE = make_prices(((8.5, 0.40), (3, 0.10), (6, 0.30)))
"""From six and a half hours ahead on: too late for a car that turns out to draw half of it."""


def make_unseen_car(*, learned: Learned | None = None, **changes: Any) -> Car:
    """Just plugged in: this plug-in has told no power yet."""
    return make_car(observed_power_kw=None, learned=learned or make_learned(), **changes)


@pytest.mark.parametrize("is_charging", [True, False], ids=["charging", "idle"])
def test_a_known_car_is_planned_at_once_and_waits(is_charging: bool) -> None:
    decision = decide(make_facts(car=make_unseen_car(is_charging=is_charging), prices=CHEAP_SOON), NOW)

    assert decision.state in HOLDING
    assert decision.plan is not None
    assert (decision.command is not None and decision.command.kind == CommandKind.STOP) is is_charging


@pytest.mark.parametrize(
    ("car", "prices"),
    [
        pytest.param(make_unseen_car(learned=make_learned(sessions=2)), CHEAP_SOON, id="known too little"),
        pytest.param(make_unseen_car(learned=make_learned(shortfall=0.3)), CHEAP_SOON, id="unsteady"),
        pytest.param(make_unseen_car(), CHEAP_LATE, id="its plan would show the power too late"),
    ],
)
def test_else_its_power_is_measured_first(car: Car, prices: Any) -> None:
    decision = decide(make_facts(car=car, prices=prices), NOW)

    assert decision.rule == "measuring_power"
    assert decision.plan is None
    assert decision.command is None


def test_once_measured_it_waits_for_the_late_hours_too() -> None:
    assert decide(make_facts(car=make_car(learned=make_learned()), prices=CHEAP_LATE), NOW).state == State.STOPPING


def test_without_a_plan_to_be_had_there_is_nothing_to_trust() -> None:
    facts = make_facts(car=make_unseen_car(), prices=())

    assert Case(facts, NOW).has_to_measure


def test_a_held_car_that_has_shown_nothing_starts_while_a_slow_plug_in_could_still_be_made_up_for() -> None:
    car = make_unseen_car(is_charging=False)
    need = need_of(car, make_facts().policy)
    assert need is not None
    last = DEADLINE - need.start_reserve - need.duration
    facts = make_facts(State.STOPPED, car=car, plan=make_plan(((6.5, 9.3),), prices=CHEAP_LATE), prices=CHEAP_LATE)

    held = decide(replace(facts, car=replace(car, observed_at=last - MINUTE)), last - MINUTE)
    then = decide(replace(facts, car=replace(car, observed_at=last)), last)

    assert (held.state, held.next_evaluation_at) == (State.STOPPED, last)
    assert then.state == State.STARTING


@pytest.mark.parametrize(
    ("observed_kw", "state"), [(None, State.STARTED), (7.2, State.STOPPING)], ids=["not shown yet", "shown"]
)
def test_started_to_be_measured_it_charges_until_it_has_shown_its_power(
    observed_kw: float | None, state: State
) -> None:
    # A first reading has just made the need a little smaller, so that there is time to wait again.
    now = DEADLINE - hours(5.9)
    car = make_car(soc_percent=50.4, observed_power_kw=observed_kw, observed_at=now, learned=make_learned())
    facts = make_facts(State.STARTED, car=car, plan=make_plan(((6.5, 9.3),), prices=CHEAP_LATE), prices=CHEAP_LATE)

    decision = decide(facts, now)

    assert not Case(facts, now).wants_charge
    assert decision.state == state


def slower_facts(power_kw: float, **changes: Any) -> Facts:
    """The window of a known car has begun, and the second reading tells this power."""
    car = make_car(soc_percent=51.0, observed_power_kw=power_kw, charging_readings_in_a_row=2, learned=make_learned())
    car = replace(car, observed_at=NOW + hours(4.1), **changes)
    return make_facts(State.STARTED, car=car, plan=make_plan(LATER))


def test_a_plug_in_that_is_slower_than_those_before_changes_the_plan_at_once_and_says_why() -> None:
    now, facts = NOW + hours(4.1), slower_facts(5.0)
    need = need_of(facts.car, facts.policy)

    decision = decide(facts, now)

    assert decision.rule == "plan changed: slower_than_usual"
    assert need is not None
    assert decision.plan is not None
    assert decision.plan.reason == Change.SLOWER_THAN_USUAL
    assert remaining(decision.plan.windows, now) == need.duration
    assert (decision.state, decision.command) == (State.STARTED, None)
    assert decision.plan.windows[-1].end < DEADLINE


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(slower_facts(6.7, soc_percent=40.0), id="as usual, but more is needed"),
        pytest.param(slower_facts(5.0, soc_percent=30.0), id="slower, and much more is needed"),
        pytest.param(slower_facts(5.0, learned=None), id="nothing is known of other days"),
    ],
)
def test_a_plan_that_would_not_do_at_the_usual_power_either_needs_longer(facts: Facts) -> None:
    assert decide(facts, NOW + hours(4.1)).rule == "plan changed: needs_longer"


def test_a_plug_in_that_is_as_usual_changes_nothing() -> None:
    facts = slower_facts(7.1)

    assert decide(facts, NOW + hours(4.1)).rule == "as before"
