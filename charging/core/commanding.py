"""Which command follows from a state: charging is the default, a STOP needs a living reason (RELIABILITY 8.3)."""

from __future__ import annotations

from charging.core import planning
from charging.core.case import UNABLE, Case
from charging.core.decision import CommandIntent
from charging.core.facts import CommandKind, CommandPurpose, Hold, RunningPlan
from charging.core.states import HOLDING, TRYING_TO_START, WAITING, State

CHARGES_WITHOUT_PLAN = frozenset({State.CONSIDERING, State.UNKNOWN})


def command_for(state: State, case: Case, plan: RunningPlan | None) -> CommandIntent | None:
    """The command to give now, None where the car does what it should or an open command is on its way."""
    wanted = _wanted(state, case)
    if wanted is None or not case.is_plugged_in:
        return None
    kind, purpose = wanted
    command = case.facts.command
    if command is not None and command.is_open and command.kind == kind:
        return None
    if kind == CommandKind.STOP:
        return CommandIntent(kind, purpose, _hold(case, plan))
    return CommandIntent(kind, purpose)


def _wanted(state: State, case: Case) -> tuple[CommandKind, CommandPurpose] | None:
    if state == State.STOPPING:
        return CommandKind.STOP, CommandPurpose.COUNTER if _is_against_somebody(case) else CommandPurpose.PLAN
    # A charging car needs nothing, unless a STOP on its way has to be taken back.
    if case.is_charging and not case.is_stop_on_its_way:
        return None
    # What the driver asks for is tried whatever the car last said.
    if case.override_is_active and not _is_from_elsewhere(case):
        return CommandKind.START, CommandPurpose.OVERRIDE
    if case.facts.car.power_delivery in UNABLE:
        return None
    if state in TRYING_TO_START or state == State.STARTED:
        # From the first START given up on, a new one follows every few minutes (API_CONTRACT 6.3).
        return CommandKind.START, CommandPurpose.RETRY if case.was_in_vain(CommandKind.START) else CommandPurpose.PLAN
    if state in HOLDING or state == State.DEADLINE_CHANGED or case.is_full:
        return None
    if case.is_stop_on_its_way:
        return CommandKind.START, CommandPurpose.RELEASE
    if state == State.OVERRIDDEN:
        return None
    if case.facts.hold is not None:
        return CommandKind.START, CommandPurpose.RELEASE
    return _start_by_ourselves(state, case)


def _is_against_somebody(case: Case) -> bool:
    """Whether a STOP takes back a start by somebody else: asked for by the driver, or of the declared safety net."""
    before = case.facts.state
    is_by_ourselves = case.hold_expired or case.is_released
    return (
        not is_by_ourselves
        and case.is_charging
        and (before in WAITING or (before == State.OVERRIDDEN and case.facts.this_plug_in.was_taken_over))
    )


def _is_from_elsewhere(case: Case) -> bool:
    return case.facts.override is not None and case.facts.override.is_from_elsewhere


def _start_by_ourselves(state: State, case: Case) -> tuple[CommandKind, CommandPurpose] | None:
    """Without a plan there is no reason to wait: not that the power has to be seen, nor that prices are missing."""
    is_ours = case.is_at_place and case.facts.car.is_capable and case.facts.is_single_user
    if state not in CHARGES_WITHOUT_PLAN or not is_ours or case.need is None:
        return None
    if case.is_below_minimum:
        return CommandKind.START, CommandPurpose.PROTECT
    return CommandKind.START, CommandPurpose.PROBE


def _hold(case: Case, plan: RunningPlan | None) -> Hold:
    """The gateway starts the car by itself when its hour has come, or when nobody has renewed the lease."""
    assert plan is not None, "a car waits for its plan"
    assert case.latest_start is not None, "a car whose need is not known does not wait"
    start = planning.next_start(plan.windows, case.now)
    until = case.latest_start
    if start is not None and not start.is_estimate:
        until = min(until, start.start)
    return Hold(until=until, renew_by=min(case.now + case.facts.thresholds.lease, until))


def renewed_hold(state: State, case: Case, plan: RunningPlan | None) -> Hold | None:
    """The lease with new instants, when half of it has run or its end has moved; None where nothing needs telling."""
    hold = case.facts.hold
    if hold is None or state not in HOLDING or case.is_charging:
        return None
    wanted = _hold(case, plan)
    is_half_over = hold.renew_by - case.now <= case.facts.thresholds.lease / 2 and hold.renew_by < hold.until
    return wanted if is_half_over or wanted.until != hold.until else None
