"""What a command on its way leaves open: a reading from before it proves nothing, and another takes its place."""

from dataclasses import replace

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandKind, CommandPurpose, CommandStatus, Facts
from charging.core.states import State
from tests.core.make import (
    HOUR,
    JUST_OVER_AND_LATER,
    MINUTE,
    NOW,
    NOW_ONLY,
    make_car,
    make_command,
    make_facts,
    make_hold,
    make_plan,
)

S = State
START, STOP = CommandKind.START, CommandKind.STOP
STILL = make_car(is_charging=False, observed_at=NOW - 2 * MINUTE)
CHARGING = make_car(observed_at=NOW - 2 * MINUTE)


def once_more(facts: Facts) -> Facts:
    """The facts with the first decision written down, at the same instant."""
    first = decide(facts, NOW)
    command = facts.command
    if first.command is not None:
        command = make_command(first.command.kind, CommandStatus.INTENDED, first.command.purpose, created_at=NOW)
        command = replace(command, attempts=0, last_sent_at=None)
    return replace(facts, state=first.state, plan=first.plan, command=command)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        pytest.param(
            make_facts(S.STARTED, car=STILL, plan=make_plan(JUST_OVER_AND_LATER), command=make_command(START)),
            S.STOPPING,
            id="stopping while a START is on its way",
        ),
        pytest.param(
            make_facts(S.STOPPING, car=CHARGING, plan=make_plan(NOW_ONLY), command=make_command(STOP)),
            S.STARTING,
            id="starting while a STOP is on its way",
        ),
    ],
)
def test_what_a_command_replaces_may_still_happen_so_that_an_older_reading_settles_nothing(
    facts: Facts, state: State
) -> None:
    assert decide(facts, NOW).state == state

    assert decide(once_more(facts), NOW).moves == ()


@pytest.mark.parametrize("status", [CommandStatus.INTENDED, CommandStatus.ACCEPTED], ids=["refused", "accepted"])
def test_a_reading_from_after_the_command_was_given_settles_it_whoever_did_it(status: CommandStatus) -> None:
    stop, start = make_command(STOP, status), make_command(START, status)
    stopped = make_facts(S.STOPPING, car=make_car(is_charging=False), command=stop)
    started = make_facts(S.STARTING, plan=make_plan(NOW_ONLY), command=start)

    assert decide(stopped, NOW).state == S.STOPPED
    assert decide(started, NOW).state == S.STARTED


def test_a_stop_brings_its_own_lease_so_that_none_is_renewed_beside_it() -> None:
    facts = make_facts(S.OVERRIDDEN, car=STILL, hold=make_hold(renew_by=NOW + MINUTE), command=make_command(START))

    decision = decide(facts, NOW)

    assert decision.command is not None
    assert decision.command.hold is not None
    assert decision.renew_hold is None


CHARGE_NOW_FAILED = make_command(START, CommandStatus.FAILED, CommandPurpose.OVERRIDE, created_at=NOW - 2 * HOUR)
PLAN = make_plan(NOW_ONLY, created_at=NOW - 4 * HOUR)


def test_a_start_for_charge_now_that_failed_is_no_failed_start_of_the_plan() -> None:
    facts = make_facts(S.STARTING, car=STILL, plan=PLAN, command=CHARGE_NOW_FAILED)

    decision = decide(facts, NOW)

    assert decision.state == S.STARTING
    assert decision.command is not None
    assert decision.command.purpose == CommandPurpose.PLAN


def test_a_start_of_the_plan_that_failed_shows_and_is_tried_again() -> None:
    failed = replace(CHARGE_NOW_FAILED, purpose=CommandPurpose.PLAN)

    decision = decide(make_facts(S.STARTING, car=STILL, plan=PLAN, command=failed), NOW)

    assert decision.state == S.START_FAILED
    assert decision.command is not None
    assert decision.command.purpose == CommandPurpose.RETRY
