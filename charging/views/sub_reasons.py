"""Which row of the wording a car is in: its state, and what makes this case of it different."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from charging.core.facts import FailureCondition
from charging.core.states import State
from charging.models import Policy
from charging.operations.facts import policy_at
from charging.views.lateness import turned_on_too_late
from charging.views.situation import Situation
from charging.views.wording import WORDING
from charging.views.words import Words

A_LITTLE = timedelta(minutes=5)


def words_for(situation: Situation) -> Words:
    """The row that says why the car does what it does."""
    return WORDING[situation.state, sub_reason(situation)]


def sub_reason(situation: Situation) -> str:
    """The sub-reason of the car's state; empty where the state says it all."""
    find = SUB_REASONS.get(situation.state)
    return find(situation) if find is not None else ""


def _why_disabled(situation: Situation) -> str:
    policy = situation.policy
    return "not_set_up" if policy is None or policy.deadline is None else _which_pause(policy)


def _which_pause(policy: Policy) -> str:
    if policy.is_paused_until_next_plug_in:
        return "paused_until_next_plug_in"
    return "paused_until" if policy.paused_until is not None else ""


def _why_no_plan(situation: Situation) -> str:
    reason = situation.vehicle.rule
    is_placed = situation.view is not None and situation.view.is_position_of_this_plug_in
    if reason == "not_at_a_place" and not is_placed:
        return "position_unknown"
    if reason == "too_little_time" and _outlived_its_deadline(situation):
        return "old_session"
    if reason == "too_little_time" and _is_late(situation):
        return "turned_on_late" if turned_on_too_late(situation) else "late"
    return reason if (State.CONSIDERING, reason) in WORDING else "making_plan"


def _outlived_its_deadline(situation: Situation) -> bool:
    """Whether the deadline that left too little time has passed since the car was judged last."""
    view = situation.view
    if view is None or view.plugged_in_at is None or not view.is_charging:
        return False
    policy = policy_at(policy=situation.policy, timezone_name=situation.timezone_name, after=situation.now)
    return policy.previous_deadline_at is not None and policy.previous_deadline_at >= view.plugged_in_at


def _is_late(situation: Situation) -> bool:
    if situation.ready_at is None or situation.deadline_at is None:
        return False
    return situation.ready_at > situation.deadline_at + A_LITTLE


def _why_unknown(situation: Situation) -> str:
    return "no_prices" if situation.vehicle.is_capable else "not_capable"


def _why_started(situation: Situation) -> str:
    return "late" if _is_late(situation) else ""


def _who_took_over(situation: Situation) -> str:
    return "from_elsewhere" if situation.override is not None and situation.override.is_from_elsewhere else ""


def _how_finished(situation: Situation) -> str:
    condition = situation.plan.failure_condition if situation.plan is not None else ""
    return "late" if condition == FailureCondition.FINISHED_LATE else ""


def _why_failed(situation: Situation) -> str:
    condition = situation.plan.failure_condition if situation.plan is not None else ""
    return condition if (State.FAILED, condition) in WORDING else ""


def _why_switched_off(situation: Situation) -> str:
    if situation.is_on:
        return "place_removed"
    return _which_pause(situation.policy) if situation.policy is not None else ""


SUB_REASONS: dict[State, Callable[[Situation], str]] = {
    State.DISABLED: _why_disabled,
    State.CONSIDERING: _why_no_plan,
    State.UNKNOWN: _why_unknown,
    State.STARTED: _why_started,
    State.OVERRIDDEN: _who_took_over,
    State.FINISHED: _how_finished,
    State.FAILED: _why_failed,
    State.ENDED_DISABLED: _why_switched_off,
}
