"""The timeline: which step of a car is told, by whose hand, and with which times."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from charging.core.decision import Move
from charging.core.facts import RunningPlan, Window
from charging.core.states import EXECUTING, TRANSITIONS, WAITING, Event, State
from charging.models.activities import Actor
from charging.operations.activities import activity_of
from tests.operations.night import EVENING

S, E = State, Event
HOUR = timedelta(hours=1)


def make_plan(*hours: tuple[int, int], now: datetime = EVENING) -> RunningPlan:
    return RunningPlan(
        created_at=now,
        deadline_at=now + 12 * HOUR,
        windows=tuple(Window(now + a * HOUR, now + b * HOUR, 7.0, Decimal(1)) for a, b in hours),
        non_smart_cost=Decimal(2),
        smart_cost=Decimal(1),
        estimated_finish_at=now + 9 * HOUR,
        reserve=timedelta(minutes=10),
        reason="cheapest",
        location_id=1,
    )


TOLD = {
    "a plan that waits": (Move(E.PLAN_WAITS, S.CONSIDERING, S.STOPPING), "plan_made", Actor.READYBY),
    "a plan that charges": (Move(E.PLAN_CHARGES, S.CONSIDERING, S.STARTED), "plan_made", Actor.READYBY),
    "a plan that starts": (Move(E.PLAN_STARTS, S.CONSIDERING, S.STARTING), "plan_made", Actor.READYBY),
    "stopped": (Move(E.STOP_SEEN, S.STOPPING, S.STOPPED), "paused", Actor.READYBY),
    "stopped until prices are known": (
        Move(E.STOP_SEEN_START_UNKNOWN, S.STOPPING, S.AWAITING_PRICES),
        "paused",
        Actor.READYBY,
    ),
    "started": (Move(E.CHARGE_SEEN, S.STARTING, S.STARTED), "started", Actor.READYBY),
    "did not stop": (Move(E.SENDINGS_USED_UP, S.STOPPING, S.STOP_FAILED), "did_not_stop", Actor.UNKNOWN),
    "did not start": (Move(E.SENDINGS_USED_UP, S.STARTING, S.START_FAILED), "did_not_start", Actor.UNKNOWN),
    "stopped by somebody": (Move(E.CHARGE_LOST, S.STARTED, S.CHARGE_INTERRUPTED), "interrupted", Actor.ELSEWHERE),
    "started by somebody": (Move(E.FOREIGN_START, S.STOPPED, S.OVERRIDDEN), "taken_over", Actor.ELSEWHERE),
    "released in silence": (Move(E.SILENCE, S.STOPPED, S.STARTING), "released", Actor.READYBY),
    "the lease ran out": (Move(E.LEASE_LOST, S.STOPPED, S.STARTING), "lease_lost", Actor.READYBY),
    "full by plan": (Move(E.CAR_FULL, S.STARTED, S.FINISHED), "finished", Actor.READYBY),
    "full without plan": (Move(E.CAR_FULL, S.CONSIDERING, S.FULLY_CHARGED), "full", Actor.READYBY),
    "failed": (Move(E.DEADLINE_MISSED, S.START_FAILED, S.FAILED), "failed", Actor.UNKNOWN),
}


@pytest.mark.parametrize(("move", "code", "actor"), TOLD.values(), ids=TOLD)
def test_a_step_is_told_with_its_code_and_its_actor(move: Move, code: str, actor: Actor) -> None:
    entry = activity_of(move, make_plan((2, 4)), EVENING)

    assert entry is not None
    assert (entry["code"], entry["actor"]) == (code, actor)


UNTOLD = {
    "prices missing while waiting": Move(E.PRICES_MISSING, S.STOPPED, S.AWAITING_PRICES),
    "prices published while waiting": Move(E.PRICES_PUBLISHED, S.AWAITING_PRICES, S.STOPPED),
    "on the way to a stop": Move(E.STOP_DUE, S.STARTED, S.STOPPING),
    "on the way to a start": Move(E.START_DUE, S.STOPPED, S.STARTING),
    "turned off, which the driver's own line tells": Move(E.POLICY_OFF, S.CONSIDERING, S.DISABLED),
    "unplugged, which the reading's own line tells": Move(E.UNPLUGGED, S.STOPPED, S.UNPLUGGED),
    "charge now, which the driver's own line tells": Move(E.OVERRIDE, S.STOPPED, S.OVERRIDDEN),
}


@pytest.mark.parametrize("move", UNTOLD.values(), ids=UNTOLD)
def test_a_step_that_tells_nothing_new_leaves_no_line(move: Move) -> None:
    assert activity_of(move, make_plan((2, 4)), EVENING) is None


def test_every_end_of_a_command_or_a_plan_that_nobody_asked_for_is_told() -> None:
    surprising = {S.STOP_FAILED, S.START_FAILED, S.CHARGE_INTERRUPTED, S.FAILED} | WAITING
    moves = [Move(event, source, target) for (source, event), target in TRANSITIONS.items() if source != target]

    untold = [
        move
        for move in moves
        if move.to_state in surprising
        and move.from_state in EXECUTING - WAITING
        and activity_of(move, None, EVENING) is None
    ]

    assert untold == []


def test_a_line_names_the_next_start_and_the_deadline() -> None:
    entry = activity_of(Move(E.STOP_SEEN, S.STOPPING, S.STOPPED), make_plan((2, 4), (6, 7)), EVENING)

    assert entry is not None
    assert entry["params"] == {
        "deadline_at": (EVENING + 12 * HOUR).isoformat(),
        "start_at": (EVENING + 2 * HOUR).isoformat(),
    }


def test_a_line_within_the_last_window_names_its_end() -> None:
    entry = activity_of(Move(E.CHARGE_SEEN, S.STARTING, S.STARTED), make_plan((0, 4)), EVENING + HOUR)

    assert entry is not None
    assert entry["params"] == {
        "deadline_at": (EVENING + 12 * HOUR).isoformat(),
        "until": (EVENING + 4 * HOUR).isoformat(),
    }


def test_a_line_without_a_plan_names_no_times() -> None:
    entry = activity_of(Move(E.CAR_FULL, S.CONSIDERING, S.FULLY_CHARGED), None, EVENING)

    assert entry is not None
    assert entry["params"] == {}
