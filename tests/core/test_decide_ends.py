"""API_CONTRACT 8.4: how a plan ends, and which end counts when several have come at once."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from charging.core.decide import decide
from charging.core.facts import Car, CommandKind, CommandPurpose, Facts, FailureCondition, PolicyFacts
from charging.core.states import EXECUTING, Event, State
from tests.core.make import (
    DEADLINE,
    HOUR,
    MINUTE,
    NOW,
    NOW_ONLY,
    make_car,
    make_facts,
    make_full_car,
    make_hold,
    make_plan,
    make_policy,
    make_unplugged_car,
)

S, E = State, Event
Brought = dict[str, dict[str, Any]]
EVERY_RUNNING_STATE = pytest.mark.parametrize("state", sorted(EXECUTING), ids=lambda state: state.name)
OFF = make_policy(is_enabled=False)
MOVED = make_policy(deadline_at=DEADLINE + HOUR)
UNPLUGGED, FULL, INCAPABLE = make_unplugged_car(), make_full_car(), make_car(is_capable=False)
STILL = make_car(is_charging=False)


def at_deadline(state: State, car: Car = STILL, **changes: object) -> Facts:
    """A plan whose deadline is NOW."""
    plan = make_plan(((-4.0, -1.0),), created_at=NOW - 9 * HOUR, deadline_at=NOW)
    return make_facts(state, **({"car": car, "plan": plan, "policy": make_policy(deadline_at=NOW)} | changes))


@EVERY_RUNNING_STATE
@pytest.mark.parametrize(
    ("changes", "event", "end"),
    [
        pytest.param({"car": FULL}, E.CAR_FULL, S.FINISHED, id="car full"),
        pytest.param({"car": UNPLUGGED}, E.UNPLUGGED, S.UNPLUGGED, id="cable pulled"),
        pytest.param({"policy": OFF}, E.POLICY_OFF, S.ENDED_DISABLED, id="policy off"),
        pytest.param({"location_id": None}, E.PLACE_REMOVED, S.ENDED_DISABLED, id="place removed"),
        pytest.param({"policy": MOVED}, E.DEADLINE_MOVED, S.DEADLINE_CHANGED, id="deadline moved"),
        pytest.param({"car": INCAPABLE}, E.CONTROL_LOST, S.FAILED, id="control lost"),
    ],
)
def test_whatever_the_plan_was_doing_it_ends(
    state: State, changes: dict[str, object], event: Event, end: State
) -> None:
    decision = decide(make_facts(state, **changes), NOW)

    assert [(move.event, move.to_state) for move in decision.moves] == [(event, end)]
    assert decision.plan is not None
    assert (decision.plan.ended_at, decision.plan.final_state) == (NOW, end)


@pytest.mark.parametrize(
    ("policy", "car", "end"),
    [
        pytest.param(
            replace(MOVED, is_enabled=False), replace(FULL, is_plugged_in=False), S.ENDED_DISABLED, id="disabled first"
        ),
        pytest.param(MOVED, replace(FULL, is_plugged_in=False), S.DEADLINE_CHANGED, id="then deadline changed"),
        pytest.param(make_policy(), replace(FULL, is_plugged_in=False), S.UNPLUGGED, id="then unplugged"),
        pytest.param(make_policy(), replace(FULL, is_capable=False), S.FINISHED, id="then finished"),
        pytest.param(make_policy(), INCAPABLE, S.FAILED, id="then failed"),
    ],
)
def test_of_several_ends_the_first_in_order_counts(policy: PolicyFacts, car: Car, end: State) -> None:
    assert decide(make_facts(S.STOPPED, policy=policy, car=car), NOW).state == end


ENDS: tuple[tuple[State, Brought], ...] = (
    (S.ENDED_DISABLED, {"policy": {"is_enabled": False}}),
    (S.DEADLINE_CHANGED, {"policy": {"deadline_at": DEADLINE + HOUR}}),
    (S.UNPLUGGED, {"car": {"is_plugged_in": False}}),
    (S.FINISHED, {"car": {"soc_percent": 80.0, "is_fully_charged": True}}),
    (S.FAILED, {"car": {"is_capable": False}}),
)
"""What brings each end about, in the order of API_CONTRACT 8.4."""


@EVERY_RUNNING_STATE
@pytest.mark.parametrize(("first", "second"), list(combinations(ENDS, 2)), ids=lambda end: end[0].name)
def test_of_any_two_ends_at_once_the_one_named_first_counts(
    state: State, first: tuple[State, Brought], second: tuple[State, Brought]
) -> None:
    car = replace(STILL, **(first[1].get("car", {}) | second[1].get("car", {})))
    policy = replace(make_policy(), **(first[1].get("policy", {}) | second[1].get("policy", {})))

    decision = decide(make_facts(state, car=car, policy=policy), NOW)

    assert decision.state == first[0]
    assert decision.plan is not None
    assert decision.plan.final_state == first[0]


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        pytest.param(at_deadline(S.STOP_FAILED), FailureCondition.STOP_FAILED, id="stop had failed"),
        pytest.param(at_deadline(S.STARTING), FailureCondition.START_FAILED, id="never started"),
        pytest.param(at_deadline(S.START_FAILED), FailureCondition.START_FAILED, id="start had failed"),
        pytest.param(at_deadline(S.STOPPED), FailureCondition.START_FAILED, id="held until the deadline"),
        pytest.param(
            at_deadline(S.CHARGE_INTERRUPTED), FailureCondition.CHARGE_INTERRUPTED, id="interrupted and not back"
        ),
        pytest.param(
            at_deadline(S.STARTED, STILL), FailureCondition.CHARGE_INTERRUPTED, id="interrupted at the deadline"
        ),
        pytest.param(make_facts(S.STARTED, car=INCAPABLE), FailureCondition.UNKNOWN, id="control lost"),
    ],
)
def test_a_failed_plan_says_what_failed(facts: Facts, condition: FailureCondition) -> None:
    decision = decide(facts, NOW)

    assert decision.state == S.FAILED
    assert decision.plan is not None
    assert decision.plan.failure_condition == condition


@pytest.mark.parametrize("state", [S.STOP_FAILED, S.STARTING, S.START_FAILED, S.CHARGE_INTERRUPTED, S.STARTED])
def test_a_car_that_charges_when_the_deadline_passes_goes_on(state: State) -> None:
    assert decide(at_deadline(state, make_car()), NOW).state == S.STARTED


@EVERY_RUNNING_STATE
@pytest.mark.parametrize("observed_at", [NOW - HOUR - MINUTE, None], ids=["before the deadline", "never"])
def test_no_telemetry_until_an_hour_after_the_deadline_ends_the_plan(state: State, observed_at: object) -> None:
    plan = make_plan(((-4.0, -1.0),), created_at=NOW - 9 * HOUR, deadline_at=NOW - HOUR)
    car = make_car(observed_at=observed_at)
    facts = make_facts(state, plan=plan, car=car, policy=make_policy(deadline_at=NOW - HOUR))

    decision = decide(facts, NOW)

    assert decision.state == S.FAILED
    assert decision.plan is not None
    assert decision.plan.failure_condition == FailureCondition.UNKNOWN


def test_a_reading_at_the_deadline_itself_is_one_after_the_plan() -> None:
    plan = make_plan(((-4.0, -1.0),), created_at=NOW - 9 * HOUR, deadline_at=NOW - HOUR)
    car = make_car(observed_at=NOW - HOUR)

    decision = decide(make_facts(S.STARTED, plan=plan, car=car, policy=make_policy(deadline_at=NOW - HOUR)), NOW)

    assert decision.state == S.STARTED


@pytest.mark.parametrize(
    ("late", "condition"),
    [
        pytest.param(timedelta(0), None, id="in time"),
        pytest.param(1.5 * HOUR, None, id="fifteen percent late"),
        pytest.param(1.5 * HOUR + MINUTE, FailureCondition.FINISHED_LATE, id="more than fifteen percent late"),
    ],
)
def test_a_finished_plan_is_late_from_more_than_15_percent_of_its_length(
    late: timedelta, condition: FailureCondition | None
) -> None:
    deadline = NOW - late
    plan = make_plan(((-4.0, -1.0),), created_at=deadline - 10 * HOUR, deadline_at=deadline)
    facts = make_facts(S.STARTED, car=make_full_car(), plan=plan, policy=make_policy(deadline_at=deadline))

    ended = decide(facts, NOW).plan

    assert ended is not None
    assert ended.final_state == S.FINISHED
    assert ended.failure_condition == condition


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"policy": OFF}, id="policy off"),
        pytest.param({"location_id": None}, id="place removed"),
        pytest.param({"car": make_car(is_charging=False, is_capable=False)}, id="control lost"),
    ],
)
def test_a_car_that_we_hold_is_released_when_its_plan_ends(changes: dict[str, object]) -> None:
    facts = make_facts(S.STOPPED, **({"car": STILL, "hold": make_hold()} | changes))

    command = decide(facts, NOW).command

    assert command is not None
    assert (command.kind, command.purpose) == (CommandKind.START, CommandPurpose.RELEASE)


def test_a_held_car_stays_still_for_the_minute_until_its_plan_for_a_new_deadline() -> None:
    decision = decide(make_facts(S.STOPPED, car=STILL, hold=make_hold(), policy=MOVED), NOW)

    assert decision.state == S.DEADLINE_CHANGED
    assert decision.command is None


def test_an_end_rests_until_the_next_evaluation_a_moment_later() -> None:
    decision = decide(make_facts(S.STARTED, plan=make_plan(NOW_ONLY), policy=OFF), NOW)

    assert decision.state == S.ENDED_DISABLED
    assert decision.next_evaluation_at == NOW + timedelta(seconds=1)
