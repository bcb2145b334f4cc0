"""When a car has to be looked at again, and when its plan stops and starts next."""

from __future__ import annotations

from datetime import datetime, timedelta

from charging.core.case import Case
from charging.core.facts import RunningPlan
from charging.core.states import EXECUTING, State

CONSIDERED_EVERY = timedelta(minutes=10)
IDLE_EVERY = timedelta(minutes=30)
SOON = timedelta(seconds=1)


def next_evaluation_at(state: State, case: Case, plan: RunningPlan | None) -> datetime:
    """The earliest instant after now at which time alone can change the decision; at most half an hour away."""
    if state in {State.ENDED_DISABLED, State.DEADLINE_CHANGED}:
        return case.now + SOON
    is_idle = state == State.DISABLED or not case.is_plugged_in
    instants = [case.now + (IDLE_EVERY if is_idle else CONSIDERED_EVERY)]
    if case.facts.override is not None and case.facts.override.until_at is not None:
        instants.append(case.facts.override.until_at)
    if plan is not None and state in EXECUTING:
        instants += _plan_instants(case, plan)
    return min(instant for instant in instants if instant > case.now)


def _plan_instants(case: Case, plan: RunningPlan) -> list[datetime]:
    instants = [plan.deadline_at, plan.deadline_at + timedelta(hours=1)]
    instants += [edge for window in plan.windows for edge in (window.start, window.end)]
    if case.latest_start is not None:
        instants.append(case.latest_start)
    if case.facts.hold is not None:
        instants.append(case.facts.hold.renew_by - case.facts.thresholds.lease / 2)
    return instants


def stop_and_start(plan: RunningPlan, state: State, now: datetime) -> tuple[datetime, datetime | None]:
    """The plan's next stop and next start as the API shows them; where none is left, the last one.

    The start is None only while prices are awaited.
    """
    ends = [window.end for window in plan.windows]
    starts = [window.start for window in plan.windows]
    stop = next((end for end in ends if end > now), ends[-1] if ends else plan.estimated_finish_at)
    start = next((begin for begin in starts if begin > now), starts[-1] if starts else plan.created_at)
    return stop, None if state == State.AWAITING_PRICES else start
