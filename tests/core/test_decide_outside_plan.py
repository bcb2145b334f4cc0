"""API_CONTRACT 8.2 and 8.5: what happens to a car that has no running plan."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, Facts
from charging.core.states import Event, State
from tests.core.make import (
    DEADLINE,
    HOUR,
    MINUTE,
    NOW,
    PLUGGED_IN_AT,
    make_car,
    make_facts,
    make_full_car,
    make_override,
    make_plan,
    make_policy,
    make_prices,
    make_unplugged_car,
)

S, E = State, Event
OFF = make_policy(is_enabled=False)
CHEAP_NOW = make_prices(((4, 0.10), (11, 0.40)))
CHEAP_NOW_AND_LATER = make_prices(((3, 0.05), (3, 0.90), (3, 0.10), (6, 0.50)))
INCAPABLE = make_car(is_capable=False)


def ended(state: State) -> Facts:
    plan = make_plan(ended_at=NOW - MINUTE, final_state=state)
    return make_facts(state, plan=plan)


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        pytest.param(
            make_facts(S.DISABLED, car=make_unplugged_car()), [(E.POLICY_ON, S.CONSIDERING)], id="policy switched on"
        ),
        pytest.param(
            make_facts(S.DISABLED, car=make_full_car()),
            [(E.POLICY_ON, S.CONSIDERING), (E.CAR_FULL, S.FULLY_CHARGED)],
            id="policy switched on, car full",
        ),
        pytest.param(
            make_facts(S.CONSIDERING, policy=OFF), [(E.POLICY_OFF, S.DISABLED)], id="switched off, considered"
        ),
        pytest.param(
            make_facts(S.FULLY_CHARGED, policy=OFF, car=make_full_car()),
            [(E.POLICY_OFF, S.DISABLED)],
            id="switched off, full",
        ),
        pytest.param(make_facts(S.UNKNOWN, policy=OFF), [(E.POLICY_OFF, S.DISABLED)], id="switched off, unknown"),
        pytest.param(
            make_facts(S.CONSIDERING, car=make_full_car()), [(E.CAR_FULL, S.FULLY_CHARGED)], id="reported as full"
        ),
        pytest.param(
            make_facts(S.CONSIDERING, car=make_car(is_charging=False, soc_percent=80.0)),
            [(E.CAR_FULL, S.FULLY_CHARGED)],
            id="level at the charge limit",
        ),
        pytest.param(
            make_facts(S.FULLY_CHARGED, car=make_car(soc_percent=78.0), prices=CHEAP_NOW),
            [(E.CHARGE_NEEDED, S.CONSIDERING)],
            id="level two percent below the limit again",
        ),
        pytest.param(
            make_facts(S.FULLY_CHARGED, car=make_full_car(), has_prices=False),
            [(E.CONTROL_LOST, S.UNKNOWN)],
            id="prices lost, full",
        ),
        pytest.param(
            make_facts(S.FULLY_CHARGED, car=make_unplugged_car(soc_percent=80.0)),
            [(E.UNPLUGGED, S.CONSIDERING)],
            id="full car unplugged",
        ),
        pytest.param(
            make_facts(S.CONSIDERING, car=INCAPABLE), [(E.CONTROL_LOST, S.UNKNOWN)], id="capability lost, considered"
        ),
        pytest.param(
            make_facts(S.FULLY_CHARGED, car=make_full_car(is_capable=False)),
            [(E.CONTROL_LOST, S.UNKNOWN)],
            id="capability lost, full",
        ),
        pytest.param(make_facts(S.CONSIDERING, has_prices=False), [(E.CONTROL_LOST, S.UNKNOWN)], id="prices lost"),
        pytest.param(
            make_facts(S.UNKNOWN, car=make_unplugged_car()), [(E.CONTROL_BACK, S.CONSIDERING)], id="both are back"
        ),
        pytest.param(make_facts(S.UNKNOWN, has_prices=False), [], id="still no prices"),
        pytest.param(
            make_facts(S.CONSIDERING),
            [(E.PLAN_WAITS, S.STOPPING)],
            id="plan made, cheap hours later: stopping",
        ),
        pytest.param(
            make_facts(S.CONSIDERING, car=make_car(is_charging=False)),
            [(E.PLAN_WAITS, S.STOPPING), (E.STOP_SEEN, S.STOPPED)],
            id="plan made, not charging yet: stop confirmed at once",
        ),
        pytest.param(
            make_facts(S.CONSIDERING, prices=CHEAP_NOW_AND_LATER),
            [(E.PLAN_CHARGES, S.STARTED)],
            id="plan made, first window now: started",
        ),
        pytest.param(
            make_facts(S.CONSIDERING, car=make_car(is_charging=False), prices=CHEAP_NOW_AND_LATER),
            [(E.PLAN_STARTS, S.STARTING)],
            id="plan made, first window now, not charging: starting",
        ),
        pytest.param(replace(ended(S.FINISHED), car=make_full_car()), [], id="finished and still full"),
        pytest.param(
            replace(ended(S.FINISHED), car=make_unplugged_car(soc_percent=80.0)),
            [(E.UNPLUGGED, S.CONSIDERING)],
            id="finished, then unplugged",
        ),
        pytest.param(
            replace(ended(S.FINISHED), car=make_car(soc_percent=70.0), prices=CHEAP_NOW),
            [(E.CHARGE_NEEDED, S.CONSIDERING)],
            id="finished, then charge needed again",
        ),
        pytest.param(replace(ended(S.UNPLUGGED), car=make_unplugged_car()), [], id="unplugged and still away"),
        pytest.param(
            replace(ended(S.UNPLUGGED), prices=CHEAP_NOW), [(E.PLUGGED_IN, S.CONSIDERING)], id="plugged in again"
        ),
        pytest.param(
            replace(ended(S.UNPLUGGED), car=make_full_car()),
            [(E.PLUGGED_IN, S.CONSIDERING), (E.CAR_FULL, S.FULLY_CHARGED)],
            id="plugged in again, full",
        ),
        pytest.param(ended(S.FAILED), [], id="failed, cable still in"),
        pytest.param(
            replace(ended(S.FAILED), car=make_unplugged_car()), [(E.UNPLUGGED, S.CONSIDERING)], id="failed, unplugged"
        ),
        pytest.param(
            replace(ended(S.FAILED), car=INCAPABLE), [(E.CONTROL_LOST, S.UNKNOWN)], id="failed, capability gone"
        ),
        pytest.param(replace(ended(S.ENDED_DISABLED), policy=OFF), [(E.SETTLED, S.DISABLED)], id="ended by disabling"),
        pytest.param(
            replace(ended(S.DEADLINE_CHANGED), car=make_unplugged_car()),
            [(E.SETTLED, S.CONSIDERING)],
            id="ended by a new deadline",
        ),
        pytest.param(
            ended(S.DEADLINE_CHANGED),
            [(E.SETTLED, S.CONSIDERING), (E.PLAN_WAITS, S.STOPPING)],
            id="ended by a new deadline, straight to a new plan",
        ),
    ],
)
def test_outside_a_plan_the_car_takes_these_steps(facts: Facts, steps: list[tuple[Event, State]]) -> None:
    decision = decide(facts, NOW)

    assert [(move.event, move.to_state) for move in decision.moves] == steps
    assert decision.state == (steps[-1][1] if steps else facts.state)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"override": make_override()}, "charge_now", id="charge now"),
        pytest.param({"is_single_user": False}, "another_account", id="enabled by another user"),
        pytest.param({"location_id": None, "has_locations": False}, "no_place", id="no place at all"),
        pytest.param({"car": make_unplugged_car()}, "not_plugged_in", id="not plugged in"),
        pytest.param({"location_id": None}, "not_at_a_place", id="plugged in elsewhere"),
        pytest.param({"car": make_car(soc_percent=None)}, "no_estimate", id="battery level unknown"),
        pytest.param({"car": make_car(battery_capacity_kwh=None)}, "no_estimate", id="capacity unknown"),
        pytest.param({"car": make_car(observed_at=NOW - 23 * MINUTE)}, "not_fresh", id="telemetry too old for a stop"),
        pytest.param(
            {"car": make_car(charging_observed_at=NOW - 23 * MINUTE, soc_observed_at=NOW - 23 * MINUTE)},
            "not_fresh",
            id="only a position is new enough for a stop",
        ),
        pytest.param({"is_breaker_closed": False}, "not_fresh", id="nobody to start it again"),
        pytest.param(
            {"car": make_car(plugged_in_at=NOW - HOUR, soc_observed_at=NOW - 83 * MINUTE)},
            "old_level",
            id="a level of before the car was driven",
        ),
        pytest.param({"policy": make_policy(minimum_percent=60.0)}, "below_minimum", id="below the minimum"),
        pytest.param(
            {
                "policy": make_policy(deadline_at=NOW + 14 * HOUR, previous_deadline_at=NOW - 10 * HOUR),
                "car": make_car(plugged_in_at=NOW - 11 * HOUR),
            },
            "old_session",
            id="charging since before the last deadline",
        ),
        pytest.param({"policy": make_policy(deadline_at=NOW + 3 * HOUR)}, "too_little_time", id="no time to spare"),
        pytest.param({"prices": CHEAP_NOW}, "nothing_to_save", id="cheapest now"),
        pytest.param({"prices": make_prices(((15, 0.2),))}, "nothing_to_save", id="always the same price"),
        pytest.param(
            {"car": make_car(observed_power_kw=None)}, "measuring_power", id="power of this plug-in not seen yet"
        ),
    ],
)
def test_a_car_without_a_plan_is_considered_and_the_rule_says_why(changes: dict[str, object], rule: str) -> None:
    decision = decide(make_facts(S.CONSIDERING, **changes), NOW)

    assert decision.state == S.CONSIDERING
    assert decision.plan is None
    assert decision.rule == rule
    assert decision.command is None or decision.command.kind == CommandKind.START


def test_without_a_place_it_is_considered_and_with_a_place_it_gets_a_plan() -> None:
    without = decide(make_facts(S.DISABLED, location_id=None, has_locations=False), NOW)
    with_place = decide(make_facts(without.state, location_id=1), NOW)

    assert without.state == S.CONSIDERING
    assert with_place.state == S.STOPPING
    assert with_place.plan is not None
    assert with_place.plan.location_id == 1


def test_the_new_plan_charges_in_the_cheap_hours_and_knows_its_costs() -> None:
    plan = decide(make_facts(), NOW).plan

    assert plan is not None
    assert plan.created_at == NOW
    assert plan.deadline_at == DEADLINE
    assert plan.windows[0].start >= NOW + 4 * HOUR
    assert plan.windows[-1].end <= NOW + 7 * HOUR
    assert plan.energy_kwh == pytest.approx(20.0)
    assert float(plan.non_smart_cost) == pytest.approx(8.0)
    assert plan.smart_cost is not None
    assert float(plan.smart_cost) == pytest.approx(2.0)


def test_a_plan_on_estimated_prices_has_no_cost_yet_and_waits_for_prices() -> None:
    prices = make_prices(known_until=NOW + 3 * HOUR)

    decision = decide(make_facts(car=make_car(is_charging=False), prices=prices), NOW)

    assert decision.state == S.AWAITING_PRICES
    assert decision.plan is not None
    assert decision.plan.smart_cost is None


def test_a_full_battery_that_settles_by_one_percent_is_still_full() -> None:
    facts = make_facts(S.FULLY_CHARGED, car=make_car(is_charging=False, soc_percent=79.0, is_fully_charged=False))

    assert decide(facts, NOW).moves == ()


def test_a_charge_begun_before_the_deadline_of_an_old_plan_is_left_alone() -> None:
    old = make_plan(created_at=NOW - 9 * HOUR, deadline_at=NOW - HOUR, ended_at=NOW - HOUR, final_state=S.FAILED)
    facts = make_facts(plan=old, car=make_car(plugged_in_at=NOW - 10 * HOUR))

    decision = decide(facts, NOW)

    assert decision.rule == "old_session"
    assert not decision.considerations.wont_stop_existing_charging_session


def test_a_plan_of_an_earlier_plug_in_does_not_make_the_session_old() -> None:
    old = make_plan(created_at=NOW - 9 * HOUR, deadline_at=NOW - HOUR, ended_at=NOW - 2 * HOUR, final_state=S.UNPLUGGED)

    assert decide(make_facts(plan=old), NOW).state == S.STOPPING


def test_a_held_car_counts_as_charging_when_its_deadline_changed() -> None:
    # The same need, with a start that costs more than the cheap hours save: only going on is free.
    facts = ended(S.DEADLINE_CHANGED)
    dear = replace(facts.thresholds, start_cost=Decimal(1_000))
    facts = replace(facts, car=make_car(is_charging=False), thresholds=dear)

    from_rest = decide(facts, NOW).plan
    held = decide(replace(facts, hold=decide(make_facts(), NOW).command.hold), NOW).plan  # type: ignore[union-attr]

    assert from_rest is not None
    assert from_rest.ended_at is None
    assert held is facts.plan


def test_a_deadline_that_has_passed_makes_no_plan() -> None:
    facts = make_facts(
        policy=make_policy(deadline_at=NOW - timedelta(minutes=1)), car=make_car(plugged_in_at=PLUGGED_IN_AT)
    )

    assert decide(facts, NOW).plan is None


def test_without_a_deadline_no_plan_is_made() -> None:
    decision = decide(make_facts(policy=make_policy(deadline_at=None)), NOW)

    assert decision.state == S.CONSIDERING
    assert decision.rule == "nothing_to_save"
