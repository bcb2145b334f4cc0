"""A car that was let charge without a decision (RELIABILITY 8.5): nobody else did that, and the plan goes on."""

from __future__ import annotations

import pytest

from charging.core.decide import decide
from charging.core.facts import CommandFacts, CommandKind, CommandPurpose, CommandStatus, Facts
from charging.core.states import Event, State
from tests.core.make import LATER, MINUTE, NOW, make_car, make_facts, make_hold, make_plan

CHARGING = make_car(charging_readings_in_a_row=2)
STATUSES = [CommandStatus.INTENDED, CommandStatus.ACCEPTED, CommandStatus.CONFIRMED]


def released(status: CommandStatus, **changes: object) -> Facts:
    """Held until much later, it charges; the last command was a release."""
    command = CommandFacts(
        kind=CommandKind.START,
        status=status,
        purpose=CommandPurpose.RELEASE,
        created_at=NOW - 3 * MINUTE,
        attempts=1,
        last_sent_at=NOW - 3 * MINUTE,
    )
    values: dict[str, object] = {"car": CHARGING, "plan": make_plan(LATER), "hold": make_hold(), "command": command}
    return make_facts(State.STOPPED, **values | changes)


@pytest.mark.parametrize("status", STATUSES)
def test_a_car_that_we_let_charge_was_started_by_nobody_else(status: CommandStatus) -> None:
    decision = decide(released(status), NOW)

    assert decision.moves[0].event == Event.LEASE_LOST
    assert Event.FOREIGN_START not in {move.event for move in decision.moves}


def test_the_stop_that_follows_is_against_nobody() -> None:
    decision = decide(released(CommandStatus.CONFIRMED), NOW)

    assert decision.state == State.STOPPING
    assert decision.command is not None
    assert (decision.command.kind, decision.command.purpose) == (CommandKind.STOP, CommandPurpose.PLAN)


def test_nor_is_the_one_after_a_lease_that_ran_out() -> None:
    over = released(CommandStatus.CONFIRMED, command=None, hold=make_hold(renew_by=NOW - MINUTE))

    decision = decide(over, NOW)

    assert decision.command is not None
    assert decision.command.purpose == CommandPurpose.PLAN


def test_a_release_that_the_car_has_not_followed_yet_moves_nothing() -> None:
    still = make_car(is_charging=False, charging_readings_in_a_row=0)

    assert decide(released(CommandStatus.ACCEPTED, car=still), NOW).state == State.STOPPED


def test_a_release_of_another_night_says_nothing_of_this_one() -> None:
    here = make_car(charging_readings_in_a_row=2, plugged_in_at=NOW - MINUTE)

    decision = decide(released(CommandStatus.CONFIRMED, car=here), NOW)

    assert Event.FOREIGN_START in {move.event for move in decision.moves}


def test_nor_does_one_from_before_the_plan() -> None:
    plan = make_plan(LATER, created_at=NOW - MINUTE)

    decision = decide(released(CommandStatus.CONFIRMED, plan=plan, hold=None), NOW)

    assert decision.state == State.OVERRIDDEN
    assert decision.command is None
