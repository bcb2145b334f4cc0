"""The heart: what follows from the facts of one car at one instant.

`decide` walks the table of transitions. Each rule says in which states which event has happened; the first that applies
moves the car, and the walk goes on until nothing more has happened. Ends come first, in the order of API_CONTRACT 8.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from charging.core import planning, renewal
from charging.core.case import Case
from charging.core.commanding import command_for, renewed_hold
from charging.core.considerations import allows_plan, consider, reason_without_plan
from charging.core.decision import Decision, Move
from charging.core.facts import Facts, FailureCondition, RunningPlan
from charging.core.states import ENDED, WAITING, WITHOUT_PLAN, Event, State, moved_by, next_state
from charging.core.timing import next_evaluation_at

S, E = State, Event

AS_BEFORE = "as before"
"""The rule of a decision that changes nothing and gives no reason of its own."""

LATE_SHARE = 0.15
"""Later than this share of (deadline - creation) is late (API_CONTRACT 7.5)."""


def _has_no_prices(case: Case) -> bool:
    return case.is_at_place and not case.facts.has_prices


def _may_wait(case: Case) -> bool:
    """A STOP needs fresh telemetry, a closed breaker, a level of this plug-in, a power that was seen, and nobody to
    whom we have yielded.

    What past plug-ins taught lets a new plan hold the car; once the plan has started it, it charges until it has shown
    its power.
    """
    if case.wants_charge or case.has_yielded:
        return False
    return case.is_heard and case.is_level_of_this_plug_in and case.is_power_seen


def _first_window_is_now(case: Case) -> bool:
    plan = case.candidate
    return plan is not None and any(window.start <= case.now + case.facts.thresholds.unit for window in plan.windows)


def _can_plan(case: Case) -> bool:
    """A plan holds the car, so it needs what a STOP needs: its power known, and time to spare (`candidate`)."""
    return allows_plan(case) and case.candidate_saves and not case.has_to_measure and not case.has_yielded


def _missed_deadline(case: Case) -> bool:
    plan = case.facts.plan
    return plan is not None and plan.deadline_at <= case.now and not case.is_charging


def _lost_telemetry(case: Case) -> bool:
    plan, observed_at = case.facts.plan, case.facts.car.observed_at
    if plan is None or case.now < plan.deadline_at + timedelta(hours=1):
        return False
    return observed_at is None or observed_at < plan.deadline_at


def _deadline_moved(case: Case) -> bool:
    plan = case.facts.plan
    return plan is not None and case.facts.policy.deadline_at != plan.deadline_at


def _was_started_elsewhere(case: Case) -> bool:
    """Charging for two readings. A window, a lease that ran out and a release of ours come before it in the table."""
    return case.is_charging and case.facts.car.charging_readings_in_a_row >= 2


def _was_started_by_the_net(case: Case) -> bool:
    """The declared safety net is expected, so it is answered by one STOP; what starts the car after that is not."""
    return _was_started_elsewhere(case) and case.is_net_time and case.facts.this_plug_in.counter_commands == 0


def _lost_its_lease(case: Case) -> bool:
    """A lease that ran out without renewal, so that the gateway has started the car, seen or not; or a release."""
    return case.is_released or (case.hold_expired and (case.is_charging or not case.is_fresh))


@dataclass(frozen=True, slots=True)
class Rule:
    """In one of `states`, `event` has happened when `applies`."""

    event: Event
    applies: Callable[[Case], bool]
    states: frozenset[State]


def _rule(event: Event, applies: Callable[[Case], bool], among: frozenset[State] = frozenset(State)) -> Rule:
    return Rule(event, applies, moved_by(event) & among)


RULES = (
    _rule(E.SETTLED, lambda case: True),
    _rule(E.POLICY_OFF, lambda case: not case.facts.policy.is_enabled),
    _rule(E.POLICY_ON, lambda case: case.facts.policy.is_enabled),
    _rule(E.PLACE_REMOVED, lambda case: case.is_plugged_in and case.facts.location_id is None),
    _rule(E.DEADLINE_MOVED, _deadline_moved),
    _rule(E.UNPLUGGED, lambda case: case.facts.car.is_plugged_in is False),
    _rule(E.CAR_FULL, lambda case: case.is_plugged_in and case.is_full),
    _rule(E.CONTROL_LOST, lambda case: not case.facts.car.is_capable),
    _rule(E.CONTROL_LOST, _has_no_prices, among=WITHOUT_PLAN),
    _rule(E.CONTROL_BACK, lambda case: case.facts.car.is_capable and not _has_no_prices(case)),
    _rule(E.CHARGE_NEEDED, lambda case: case.needs_charge_again),
    _rule(E.PLUGGED_IN, lambda case: case.is_plugged_in),
    _rule(E.TELEMETRY_GONE, _lost_telemetry),
    _rule(E.DEADLINE_MISSED, _missed_deadline),
    _rule(E.OVERRIDE, lambda case: case.override_is_active),
    _rule(E.OVERRIDE_OVER_CHARGE, lambda case: case.override_is_over and not _may_wait(case)),
    _rule(E.OVERRIDE_OVER, lambda case: case.override_is_over),
    _rule(E.START_DUE, lambda case: case.wants_charge),
    _rule(E.SILENCE, lambda case: case.is_silent),
    _rule(E.LEASE_LOST, _lost_its_lease),
    _rule(E.NET_START, _was_started_by_the_net),
    _rule(E.FOREIGN_START, _was_started_elsewhere),
    _rule(E.STOP_SEEN, lambda case: case.is_seen_stopped and case.next_start_is_known),
    _rule(E.STOP_SEEN_START_UNKNOWN, lambda case: case.is_seen_stopped),
    _rule(E.PRICES_PUBLISHED, lambda case: case.next_start_is_known),
    _rule(E.PRICES_MISSING, lambda case: not case.next_start_is_known),
    _rule(E.CHARGE_SEEN, lambda case: case.is_seen_charging),
    _rule(E.STOP_DUE, lambda case: _may_wait(case) and case.has_starts_left),
    _rule(E.CHARGE_LOST, lambda case: not case.is_charging),
    _rule(E.SENDINGS_USED_UP, lambda case: case.command_failed),
    _rule(E.PLAN_CHARGES, lambda case: _can_plan(case) and _first_window_is_now(case) and case.is_charging),
    _rule(E.PLAN_STARTS, lambda case: _can_plan(case) and _first_window_is_now(case)),
    _rule(E.PLAN_WAITS, _can_plan),
)

MAKES_PLAN = frozenset({E.PLAN_CHARGES, E.PLAN_STARTS, E.PLAN_WAITS})


def decide(facts: Facts, now: datetime) -> Decision:
    """What has to be written and done, and when to look again. The same facts and instant give the same decision."""
    case = Case(facts, now)
    considerations = consider(case)
    state, plan = facts.state, case.running
    moves: list[Move] = []
    while (event := _next_event(state, case, moves)) is not None:
        target = next_state(state, event)
        moves.append(Move(event, state, target))
        if event in MAKES_PLAN:
            plan = _new_plan(case)
            case = Case(replace(facts, plan=plan, state=target, override=None), now)
        plan = _stamped(plan, moves[-1], case)
        state = target
    command = command_for(state, case, plan)
    return Decision(
        state=state,
        moves=tuple(moves),
        plan=plan,
        command=command,
        # A STOP brings its own lease.
        renew_hold=renewed_hold(state, case, plan) if command is None else None,
        ends_override=facts.override is not None and case.override_is_over,
        next_evaluation_at=next_evaluation_at(state, case, plan),
        rule=_rule_code(state, moves, case),
        considerations=considerations,
        is_protecting=case.is_plugged_in and case.is_below_minimum,
    )


def _next_event(state: State, case: Case, moves: list[Move]) -> Event | None:
    """The first rule that applies; an end, or a start by somebody else, rests until the next evaluation."""
    if moves and (state in ENDED or moves[-1].event == E.FOREIGN_START):
        return None
    done = {move.event for move in moves}
    return next(
        (rule.event for rule in RULES if state in rule.states and rule.event not in done and rule.applies(case)), None
    )


def _new_plan(case: Case) -> RunningPlan:
    assert case.candidate is not None, "a plan was found"
    assert case.need is not None, "a plan answers a need"
    return planning.start_running(case.candidate, case.facts, case.need, case.now)


def _stamped(plan: RunningPlan | None, move: Move, case: Case) -> RunningPlan | None:
    """The plan with the instants that a move sets: the end, and the first stop and start, whoever did it."""
    state = move.to_state
    if plan is None or plan.ended_at is not None:
        return plan
    if state in WAITING | {S.CHARGE_INTERRUPTED} and plan.stop_confirmed_at is None:
        return replace(plan, stop_confirmed_at=case.now)
    if (state == S.STARTED or move.event == E.FOREIGN_START) and plan.start_confirmed_at is None:
        return replace(plan, start_confirmed_at=case.now)
    if state in ENDED:
        return replace(plan, ended_at=case.now, final_state=state, failure_condition=_failure(plan, move, case))
    return plan


def _failure(plan: RunningPlan, move: Move, case: Case) -> FailureCondition | None:
    if move.to_state == S.FINISHED:
        late = case.now - plan.deadline_at
        is_late = late > LATE_SHARE * (plan.deadline_at - plan.created_at)
        return FailureCondition.FINISHED_LATE if is_late else None
    if move.to_state != S.FAILED:
        return None
    if not case.facts.car.is_capable or _lost_telemetry(case):
        return FailureCondition.UNKNOWN
    return _FAILURE_OF.get(move.from_state, FailureCondition.UNKNOWN)


_FAILURE_OF = {
    S.STOP_FAILED: FailureCondition.STOP_FAILED,
    S.STARTING: FailureCondition.START_FAILED,
    S.START_FAILED: FailureCondition.START_FAILED,
    S.CHARGE_INTERRUPTED: FailureCondition.CHARGE_INTERRUPTED,
}


def _rule_code(state: State, moves: list[Move], case: Case) -> str:
    """Why: the last event, the reason for changed windows, or the reason why there is no plan."""
    if state == S.CONSIDERING:
        return reason_without_plan(case)
    if moves:
        return moves[-1].event
    before, after = case.facts.plan, case.running
    if before is not None and after is not None and renewal.spans(before.windows) != renewal.spans(after.windows):
        return f"plan changed: {after.reason}"
    return AS_BEFORE
